"""Submitting: what freezes, what is checked, what is held."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core import clock
from core.models import Event, FollowUp
from core.refusals import Refused
from inventory.actions import archive_warehouses
from orders.actions import change_orders, edit_order, enter_orders, submit_orders
from orders.drafts import DraftLine
from orders.models import Hold, Order
from partners.models import Exposure
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.inventory import default_warehouse, make_warehouse
from tests.factories.orders import make_order, make_submitted_order, order_draft
from tests.factories.partners import make_customer

D = Decimal


def test_prices_tax_and_totals_are_frozen(company, rep):
    product = make_product(company, "33.33")
    order = make_order(company, goods=[(product, 1), (product, 1), (product, 1)], by=rep)
    make_price(default_list(company), product, "44.00", valid_from=date(2021, 1, 1))
    (order,) = submit_orders([order.pk], by=rep)
    order = Order.objects.get(pk=order.pk)
    year = clock.today(company).year
    assert (order.state, order.number) == ("submitted", f"SO-{year}-00001")
    assert (order.net, order.tax, order.gross) == (D("132.00"), D("25.08"), D("157.08"))
    line = order.lines.first()
    assert (line.unit_price, line.net, line.tax_code.rate) == (D("44.00"), D("44.00"), D(19))
    assert (order.submitted_by, order.submitted_at is not None) == (rep, True)
    exposure = Exposure.objects.get(credit_account=order.customer.credit_account)
    assert (exposure.open_orders, exposure.unbilled) == (D("157.08"), 0)
    follow_up = FollowUp.objects.get(handler="orders.tasks.confirm_what_nothing_holds")
    assert (follow_up.kind, follow_up.subject_id) == ("order", order.pk)


def test_tax_is_rounded_once_per_rate_not_per_line(company, rep):
    """ACCOUNTING T2: 3 × 33.33 at 19 % is 19.00 of tax."""
    product = make_product(company, "33.33")
    order = make_submitted_order(company, None, [(product, 1)] * 3)
    assert (order.net, order.tax, order.gross) == (D("99.99"), D("19.00"), D("118.99"))


def test_a_business_abroad_with_a_vat_number_pays_no_tax_here(company, rep):
    customer = make_customer(company, country="AT", vat_id="ATU13585627")
    order = make_submitted_order(company, customer)
    assert (order.tax, order.gross) == (0, D(100))
    assert order.lines.get().tax_code.category == "K"


def test_a_line_without_a_price_refuses_the_order(company, rep, nothing_changes):
    order = make_order(company, goods=[(make_product(company), 1)])
    good = make_order(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        submit_orders([good.pk, order.pk], by=rep)
    assert refused.value.code == "order.no_price"
    assert refused.value.numbers["line"] == 1


def test_what_is_further_below_the_list_than_a_rep_may_grant_is_held(company):
    ravi = cast.sales_rep(company)
    customer = make_customer(company, sales_rep=ravi)
    product = make_product(company, 100)
    default_warehouse(company)

    def submitted(price, discount, by):
        line = DraftLine(product.pk, D(1), price and D(price), D(discount))
        draft = replace(order_draft(customer), lines=[line])
        (order,) = enter_orders(company, [draft], by=by)
        submit_orders([order.pk], by=by)
        return list(Hold.objects.filter(order=order).values_list("rule", "numbers__percent"))

    assert submitted(None, "10", ravi) == []
    assert submitted("90", "0", ravi) == []
    assert submitted("90", "0.01", ravi) == [("price", "10.0090")]
    assert submitted("50", "0", cast.sales_manager(company)) == []


def test_the_same_order_number_of_a_customer_is_held_as_a_duplicate(company, rep):
    customer = make_customer(company)
    first = make_submitted_order(company, customer, customer_reference="PO-1")
    again = make_submitted_order(company, customer, customer_reference=" po 1")
    other = make_submitted_order(company, make_customer(company), customer_reference="PO-1")
    assert not first.holds.exists()
    assert not other.holds.exists()
    hold = again.holds.get()
    assert (hold.rule, hold.permission) == ("duplicate", "orders.release_entry")
    assert hold.numbers == {"reference": "po 1", "other": first.number}


def test_a_duplicate_within_the_set_is_found_too(company, rep):
    customer = make_customer(company)
    orders = [make_order(company, customer, customer_reference="PO-9") for _ in range(2)]
    submit_orders([orders[1].pk, orders[0].pk], by=rep)
    assert not orders[1].holds.exists()
    assert orders[0].holds.get().rule == "duplicate"


def test_a_missing_order_number_is_held_where_the_customer_wants_one(company, rep):
    customer = make_customer(company)
    customer.po_number_required = True
    customer.save()
    assert make_submitted_order(company, customer).holds.get().rule == "data"
    assert not make_submitted_order(company, customer, customer_reference="7").holds.exists()


def test_an_archived_warehouse_ships_nothing(company, rep, nothing_changes):
    default_warehouse(company)
    berlin = make_warehouse(company, "BER", "Berlin")
    order = make_order(company, warehouse_id=berlin.pk)
    archive_warehouses(company, [berlin.pk], by=cast.system())
    with nothing_changes(), pytest.raises(Refused) as refused:
        submit_orders([order.pk], by=rep)
    assert refused.value.code == "order.warehouse_archived"


def test_an_archived_customer_buys_nothing(company, rep, nothing_changes):
    order = make_order(company)
    customer = order.customer
    customer.archived_at = clock.now()
    customer.save()
    with nothing_changes(), pytest.raises(Refused) as refused:
        submit_orders([order.pk], by=rep)
    assert refused.value.code == "order.customer_archived"


def test_twice_is_once(company, rep, nothing_changes):
    order = make_submitted_order(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        submit_orders([order.pk], by=rep)
    assert refused.value.code == "state.not_allowed"


def test_a_number_is_kept_when_the_order_is_submitted_again(company, rep):
    order = make_submitted_order(company)
    change_orders([order.pk], by=rep)
    (again,) = submit_orders([order.pk], by=rep)
    assert again.number == order.number
    assert make_submitted_order(company).number != order.number


def test_an_agreed_price_outlives_an_edit(company, rep):
    order = make_order(company)
    line = replace(DraftLine(order.lines.get().product_id, D(10)), unit_price=D("9.50"))
    edit_order(order.pk, replace(order_draft(order.customer), lines=[line]), version=1, by=rep)
    (order,) = submit_orders([order.pk], by=rep)
    assert order.net == D("95.00")


@pytest.mark.parametrize("who", [cast.warehouse_hand, cast.accountant, cast.auditor])
def test_others_do_not_submit(company, nothing_changes, who):
    order, by = make_order(company), who(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        submit_orders([order.pk], by=by)
    assert refused.value.code == "not_allowed"


def test_a_rep_does_not_see_the_orders_of_another(company, nothing_changes):
    order = make_order(company, make_customer(company, sales_rep=cast.sales_rep(company)))
    rival, eve = cast.sales_rep(company), cast.stranger()
    for by in (rival, eve):
        with nothing_changes(), pytest.raises(Refused) as refused:
            submit_orders([order.pk], by=by)
        assert refused.value.code == "order.not_found"


def test_the_event_tells_what_was_found(company, rep):
    order = make_submitted_order(company, make_customer(company, limit=50))
    event = Event.objects.get(verb="order.submitted")
    assert event.facts["holds"] == ["credit.over_limit"]
    assert event.facts["gross"] == str(order.gross)
