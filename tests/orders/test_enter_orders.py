"""Entering drafts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.models import Event
from core.refusals import Refused
from orders.actions import enter_orders, submit_orders
from orders.drafts import DraftLine, reference_key
from orders.models import Order
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.inventory import default_warehouse, make_warehouse
from tests.factories.orders import make_order, order_draft
from tests.factories.partners import make_customer

D = Decimal


@pytest.fixture
def customer(company):
    default_warehouse(company)
    return make_customer(company)


def test_a_draft_takes_terms_currency_and_list_prices(company, rep, customer):
    product, soon = make_product(company, "12.50"), clock.today(company) + timedelta(days=9)
    draft = order_draft(customer, (product, 4), customer_reference="PO 4711", requested_on=soon)
    (order,) = enter_orders(company, [draft], by=rep)
    order = Order.objects.get(pk=order.pk)
    line = order.lines.get()
    assert (order.state, order.number, order.name) == ("draft", None, f"draft-{order.pk}")
    assert (order.currency, order.payment_terms) == ("EUR", customer.payment_terms)
    assert order.warehouse == default_warehouse(company)
    assert (order.ordered_on, order.requested_on) == (clock.today(company), soon)
    assert (order.customer_reference, order.reference_key) == ("PO 4711", "PO4711")
    assert (line.position, line.description) == (1, product.name)
    assert (line.unit_price, line.list_price, line.own_price) == (D("12.5"), D("12.5"), False)
    assert (line.net, order.net, order.gross) == (50, 50, 0)
    event = Event.objects.get(verb="order.entered")
    assert (event.by, event.facts) == (rep, {"lines": 1})


def test_an_agreed_price_and_a_discount_are_kept(company, rep, customer):
    product = make_product(company, "12.50")
    line = DraftLine(product.pk, D(10), D("11.00"), D(5))
    (order,) = enter_orders(company, [replace(order_draft(customer), lines=[line])], by=rep)
    kept = order.lines.get()
    assert (kept.unit_price, kept.own_price, kept.discount_percent) == (D(11), True, D(5))
    assert (kept.net, order.net) == (D("104.5"), D("104.5"))


def test_a_line_without_a_list_price_waits_for_one(company, rep, customer):
    order = make_order(company, customer, [(make_product(company), 1)])
    assert (order.lines.get().unit_price, order.lines.get().list_price) == (0, None)


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        (("0", None, "0"), "above zero"),
        (("-3", None, "0"), "above zero"),
        (("9" * 30, None, "0"), "believable"),
        (("1.5", None, "0"), "whole pieces only"),
        (("1", "-0.01", "0"), "must not be negative"),
        (("1", "9" * 13, "0"), "believable"),
        (("99999999", "999999999", "0"), "must stay below 1,000,000,000,000,000"),
        (("1", "1", "100.01"), "between 0 and 100"),
        (("1", "1", "-1"), "between 0 and 100"),
    ],
)
def test_impossible_figures_are_refused(company, customer, nothing_changes, figures, problem):
    product, by = make_product(company, 1), cast.sales_manager(company)
    quantity, price, discount = figures
    line = DraftLine(product.pk, D(quantity), price and D(price), D(discount))
    good = order_draft(customer, (product, 1))
    with nothing_changes(), pytest.raises(Refused, match=problem) as refused:
        enter_orders(company, [good, replace(good, lines=[line])], by=by)
    assert refused.value.code == "order.bad_line"


@pytest.mark.parametrize("price", [None, D(10) ** 9])
def test_an_order_too_large_to_be_believed_is_refused(company, customer, nothing_changes, price):
    product, by = make_product(company, 10**9), cast.sales_manager(company)
    lines = [DraftLine(product.pk, D(600_000), price)] * 2
    with nothing_changes(), pytest.raises(Refused) as refused:
        enter_orders(company, [replace(order_draft(customer, (product, 1)), lines=lines)], by=by)
    assert refused.value.code == "order.too_large"


def test_an_order_that_grew_too_large_with_its_prices_is_not_submitted(company, rep, customer):
    product = make_product(company, 1)
    order = make_order(company, customer, [(product, 600_000)])
    make_price(default_list(company), product, D(10) ** 10)
    with pytest.raises(Refused) as refused:
        submit_orders([order.pk], by=rep)
    assert refused.value.code == "order.too_large"


def test_an_order_needs_lines_and_a_sane_number_of_them(company, rep, customer, nothing_changes):
    product = make_product(company, 1)
    for lines, code in (([], "order.no_lines"), ([(product, 1)] * 1001, "order.too_many_lines")):
        with nothing_changes(), pytest.raises(Refused) as refused:
            enter_orders(company, [order_draft(customer, *lines)], by=rep)
        assert refused.value.code == code


def test_what_belongs_to_others_is_not_known_here(company, rep, customer, nothing_changes):
    product = make_product(company, 1)
    other = cast.make_company()
    stranger = make_customer(other)
    elsewhere = make_warehouse(other)
    address = stranger.partner.addresses.first()
    good = order_draft(customer, (product, 1))
    for bad, code in (
        (replace(good, customer_id=stranger.pk), "order.unknown_customer"),
        (replace(good, warehouse_id=elsewhere.pk), "order.unknown_warehouse"),
        (replace(good, ship_to_id=address.pk), "order.unknown_address"),
        (replace(good, lines=[DraftLine(10**9, D(1))]), "order.unknown_product"),
    ):
        with nothing_changes(), pytest.raises(Refused) as refused:
            enter_orders(company, [bad], by=rep)
        assert refused.value.code == code


def test_a_company_without_a_warehouse_cannot_promise_goods(company, rep):
    draft = order_draft(make_customer(company), (make_product(company, 1), 1))
    with pytest.raises(Refused) as refused:
        enter_orders(company, [draft], by=rep)
    assert refused.value.code == "order.no_warehouse"


def test_a_sales_rep_enters_orders_of_own_customers_only(company, customer, nothing_changes):
    ravi, rival = cast.sales_rep(company), cast.sales_rep(company)
    own = make_customer(company, sales_rep=ravi)
    product = make_product(company, 1)
    assert enter_orders(company, [order_draft(own, (product, 1))], by=ravi)
    with nothing_changes(), pytest.raises(Refused):
        enter_orders(company, [order_draft(own, (product, 1))], by=rival)


@pytest.mark.parametrize("who", [cast.warehouse_hand, cast.accountant, cast.auditor])
def test_others_do_not_enter_orders(company, customer, nothing_changes, who):
    draft = order_draft(customer, (make_product(company, 1), 1))
    by = who(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        enter_orders(company, [draft], by=by)
    assert refused.value.code == "not_allowed"


def test_a_set_is_entered_in_order(company, rep, customer):
    product = make_product(company, 1)
    drafts = [order_draft(customer, (product, n)) for n in (3, 1, 2)]
    orders = enter_orders(company, drafts, by=rep)
    assert [order.lines.get().quantity for order in orders] == [3, 1, 2]
    assert enter_orders(company, [], by=rep) == []


def test_references_are_compared_without_case_and_punctuation():
    assert reference_key(" po-47/11 ") == reference_key("PO4711") == "PO4711"
    assert reference_key("Ä 1") == "Ä1"


@pytest.mark.parametrize(
    ("wanted_on", "words"),
    [
        (date(2025, 2, 28), "before the order's day, 1 Mar 2025"),
        (date(1999, 1, 1), "before the order's day"),
        (date(2027, 3, 3), "later than 2 Mar 2027"),
        (date.max, "later than"),
    ],
)
def test_the_day_the_goods_are_wanted_is_believable(
    company, customer, nothing_changes, wanted_on, words
):
    product = make_product(company, 10)
    days = {"ordered_on": date(2025, 3, 1), "requested_on": wanted_on}
    draft = order_draft(customer, (product, 1), **days)
    with nothing_changes(), pytest.raises(Refused, match=words) as refused:
        enter_orders(company, [draft], by=cast.system())
    assert refused.value.numbers["field"] == "requested_on"
