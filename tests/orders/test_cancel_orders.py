"""Cancelling, and closing short."""

from decimal import Decimal

import pytest

from core.refusals import Refused
from inventory.models import Reservation
from orders.actions import cancel_orders, close_short_orders
from orders.models import Hold, Order
from partners.models import Exposure
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive, stock_of
from tests.factories.orders import make_confirmed_order, make_order, make_submitted_order, ship
from tests.factories.partners import make_customer

D = Decimal


@pytest.mark.parametrize("make", [make_order, make_submitted_order, make_confirmed_order])
def test_what_has_not_left_is_cancelled_and_gives_everything_back(company, rep, make):
    order = make(company)
    cancel_orders([order.pk], "Bought elsewhere", by=rep)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.cancelled_at is not None) == ("cancelled", True)
    assert not Reservation.objects.exists()
    assert sum(e.open_orders for e in Exposure.objects.all()) == 0


def test_a_held_order_gives_back_no_credit_it_never_had(company, rep):
    order = make_submitted_order(company, make_customer(company, limit=50))
    cancel_orders([order.pk], by=rep)
    assert Hold.objects.get().state == "superseded"
    assert not Exposure.objects.exclude(open_orders=0).exists()


def test_goods_that_a_cancelled_order_held_go_to_who_waits(company, rep, work_off):
    product = make_product(company, 10)
    receive(company, (product, 10))
    first = make_confirmed_order(company, goods=[(product, 10)], in_stock=False)
    second = make_confirmed_order(company, goods=[(product, 4)], in_stock=False)
    cancel_orders([first.pk], "Bought elsewhere", by=rep)
    work_off()
    assert Reservation.objects.get().source_id == second.lines.get().pk
    assert stock_of(product, company).reserved == 4


def test_a_rep_cancels_submitted_but_not_confirmed_orders(company, nothing_changes):
    ravi = cast.sales_rep(company)
    customer = make_customer(company, sales_rep=ravi)
    confirmed = make_confirmed_order(company, customer)
    cancel_orders([make_submitted_order(company, customer).pk], by=ravi)
    with nothing_changes(), pytest.raises(Refused) as refused:
        cancel_orders([confirmed.pk], "No", by=ravi)
    assert refused.value.code == "not_allowed"


def test_a_confirmed_order_is_cancelled_with_a_reason(company, rep, nothing_changes):
    order = make_confirmed_order(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        cancel_orders([order.pk], by=rep)
    assert refused.value.code == "order.reason_missing"


def test_nothing_is_cancelled_once_goods_have_left(company, rep, nothing_changes):
    order = make_confirmed_order(company)
    ship(order, {order.lines.get().pk: D(1)})
    with nothing_changes(), pytest.raises(Refused) as refused:
        cancel_orders([order.pk], "Too late", by=rep)
    assert refused.value.code == "order.shipped"


def test_twice_is_once(company, rep, nothing_changes):
    order = make_submitted_order(company)
    cancel_orders([order.pk], by=rep)
    with nothing_changes(), pytest.raises(Refused) as refused:
        cancel_orders([order.pk], by=rep)
    assert refused.value.code == "state.not_allowed"


def test_others_do_not_cancel(company, hand, nothing_changes):
    order = make_submitted_order(company)
    with nothing_changes(), pytest.raises(Refused):
        cancel_orders([order.pk], "Go", by=hand)


def test_the_rest_of_an_order_is_closed_short_once_the_shipped_part_is_billed(company, rep):
    order = make_confirmed_order(company)
    ship(order, {order.lines.get().pk: D(4)})
    with pytest.raises(Refused) as refused:
        close_short_orders([order.pk], "Discontinued", by=rep)
    assert refused.value.code == "order.unbilled"


def test_closing_short_wants_a_manager_a_reason_and_a_shipment(company, rep, nothing_changes):
    order = make_confirmed_order(company)
    ravi = cast.sales_rep(company)
    for by, reason, code in (
        (ravi, "Go", "not_allowed"),
        (rep, " ", "order.reason_missing"),
        (rep, "Go", "order.nothing_shipped"),
    ):
        order.customer.sales_rep = ravi
        order.customer.save()
        with nothing_changes(), pytest.raises(Refused) as refused:
            close_short_orders([order.pk], reason, by=by)
        assert refused.value.code == code
