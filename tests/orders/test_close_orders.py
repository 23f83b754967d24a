"""Closing what is done, closing short, and reopening with every check run again."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core import clock
from core.refusals import Refused
from inventory.models import Reservation
from invoicing.actions import bill_shipments
from ledger.models import Period
from orders.actions import (
    Parcel,
    close_orders,
    close_short_orders,
    release_holds,
    reopen_orders,
    ship_orders,
)
from orders.models import Order
from partners.models import CreditAccount, Exposure
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive, stock_of
from tests.factories.orders import make_confirmed_order, make_submitted_order, ship
from tests.factories.partners import make_customer
from tests.refusals import code_of

D = Decimal


def bill(shipment):
    bill_shipments(shipment.company, [shipment.pk], by=cast.system())


@pytest.fixture
def state_after(work_off):
    """The state of an order once what follows is worked off."""

    def state(order):
        work_off()
        return Order.objects.get(pk=order.pk).state

    return state


def exposure(order):
    row = Exposure.objects.get(credit_account=order.customer.credit_account)
    return row.open_orders, row.unbilled


@pytest.fixture
def short(company, rep):
    """Ordered 10, shipped and billed 4, the rest given up."""
    order = make_confirmed_order(company, make_customer(company, limit=200), by=rep)
    bill(ship(order, {order.lines.get().pk: D(4)}))
    close_short_orders([order.pk], "Discontinued", by=rep)
    return order


def test_an_order_closes_once_everything_is_shipped_and_billed(company, state_after):
    order = make_confirmed_order(company)
    line = order.lines.get()
    bill(ship(order, {line.pk: D(4)}))
    assert state_after(order) == "confirmed"
    bill(ship(order))
    assert exposure(order) == (0, 0)
    assert state_after(order) == "closed"
    assert Order.objects.get(pk=order.pk).closed_at


def test_a_person_is_told_what_is_missing(company, rep, nothing_changes):
    order = make_confirmed_order(company)
    ship(order)
    with nothing_changes(), pytest.raises(Refused) as refused:
        close_orders([order.pk], by=rep)
    assert refused.value.code == "order.not_done"


def test_the_rest_of_a_short_order_is_cancelled_and_freed(company, short):
    order = Order.objects.get(pk=short.pk)
    line = order.lines.get()
    assert (order.state, line.shipped, line.cancelled) == ("closed", 4, 6)
    assert exposure(order) == (0, 0)
    assert not Reservation.objects.exists()
    assert stock_of(line.product, company).on_hand == 6


def test_reopening_brings_the_rest_back(company, rep, short, state_after):
    reopen_orders([short.pk], "Customer insists", by=rep)
    order = Order.objects.get(pk=short.pk)
    line = order.lines.get()
    assert (order.state, order.closed_at, order.version) == ("confirmed", None, 2)
    assert (line.cancelled, Reservation.objects.get().quantity) == (0, 6)
    assert exposure(order) == (D("71.40"), 0)
    bill(ship(order))
    assert state_after(order) == "closed"


def test_reopening_checks_credit_again_and_holds_what_is_too_much(
    company, rep, hand, short, state_after
):
    """ERPNext's hole: close an order, enter another, reopen the first."""
    make_submitted_order(company, short.customer)
    assert exposure(short)[0] == D("119.00")
    reopen_orders([short.pk], "Customer insists", by=rep)
    hold = short.holds.get(state="open")
    assert (hold.code, D(hold.numbers["over"])) == ("credit.over_limit", D("38.00"))
    assert exposure(short)[0] == D("119.00")
    assert not Reservation.objects.exists()
    with pytest.raises(Refused) as refused:
        ship_orders(company, [Parcel(short.pk)], by=hand)
    assert refused.value.code == "order.held"
    release_holds([hold.pk], "Insured", by=cast.credit_controller(company))
    assert exposure(short)[0] == D("190.40")
    assert Reservation.objects.get().quantity == 6
    bill(ship_orders(company, [Parcel(short.pk)], by=hand)[0])
    assert state_after(short) == "closed"


def test_who_reopens_an_order_does_not_lift_what_holds_it(company, rep, nothing_changes):
    """Closed under an order number that was used again since."""
    customer = make_customer(company)
    order = make_confirmed_order(company, customer, customer_reference="1")
    bill(ship(order, {order.lines.get().pk: D(4)}))
    close_short_orders([order.pk], "Discontinued", by=rep)
    make_submitted_order(company, customer, customer_reference="1")
    reopen_orders([order.pk], "Customer insists", by=rep)
    hold = order.holds.get(state="open")
    with nothing_changes():
        assert code_of(release_holds, [hold.pk], "Both are meant", by=rep) == "hold.own_order"
    release_holds([hold.pk], "Both are meant", by=cast.sales_manager(company))


def test_a_held_reopened_order_may_be_closed_short_again(company, rep, short):
    CreditAccount.objects.update(limit=0)
    reopen_orders([short.pk], "Customer insists", by=rep)
    close_short_orders([short.pk], "After all not", by=rep)
    assert short.holds.get().state == "superseded"
    assert exposure(short) == (0, 0)


def test_what_was_delivered_in_full_is_not_reopened(company, rep, nothing_changes, state_after):
    order = make_confirmed_order(company)
    bill(ship(order))
    state_after(order)
    with nothing_changes(), pytest.raises(Refused) as refused:
        reopen_orders([order.pk], "More", by=rep)
    assert refused.value.code == "order.nothing_to_reopen"


def test_reopening_wants_a_reason_a_manager_and_an_unlocked_period(
    company, rep, short, nothing_changes
):
    ravi = cast.sales_rep(company)
    short.customer.sales_rep = ravi
    short.customer.save()
    for by, reason, code in ((ravi, "Go", "not_allowed"), (rep, "", "order.reason_missing")):
        with nothing_changes(), pytest.raises(Refused) as refused:
            reopen_orders([short.pk], reason, by=by)
        assert refused.value.code == code
    Period.objects.filter(company=company, module="AR").update(state="locked")
    with nothing_changes(), pytest.raises(Refused) as refused:
        reopen_orders([short.pk], "Go", by=rep)
    assert refused.value.code == "period.locked"


@pytest.mark.parametrize("locked_month", ["2026-11-01", "2026-12-01"])
def test_the_day_of_closing_is_that_of_the_company(locked_month):
    """1 December, eight in the morning in Auckland, is still November in Greenwich."""
    company = cast.make_company(time_zone="Pacific/Auckland")
    rep = cast.sales_manager(company)
    with clock.travel(datetime(2026, 11, 30, 19, tzinfo=UTC)):
        order = make_confirmed_order(company, by=rep)
        bill(ship(order, {order.lines.get().pk: D(4)}))
        close_short_orders([order.pk], "Discontinued", by=rep)
        rows = Period.objects.filter(company=company, module="AR", starts_on=locked_month)
        rows.update(state="locked")
        if locked_month == "2026-12-01":
            assert code_of(reopen_orders, [order.pk], "More", by=rep) == "period.locked"
        else:
            reopen_orders([order.pk], "More", by=rep)


def test_backordered_goods_do_not_keep_a_short_order_open(company, rep, work_off, state_after):
    product = make_product(company, 10)
    receive(company, (product, 4))
    order = make_confirmed_order(company, None, [(product, 10)], in_stock=False)
    bill(ship(order))
    close_short_orders([order.pk], "Discontinued", by=rep)
    assert state_after(order) == "closed"
    receive(company, (product, 10))
    work_off()
    assert stock_of(product, company).reserved == 0
