"""Shipping: goods leave at average cost, credit moves from ordered to unbilled."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core import clock
from core.links import related
from core.models import Event, FollowUp
from core.refusals import Refused
from inventory.models import Move, Reservation
from ledger.models import EntryLine, Period
from orders.actions import Parcel, ship_orders
from orders.models import Order, Shipment, ShipmentLine
from partners.models import CreditAccount, Exposure
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive, stock_of
from tests.factories.orders import make_confirmed_order, make_submitted_order, ship
from tests.factories.partners import make_customer

D = Decimal


def posted(entry):
    lines = EntryLine.objects.filter(entry=entry)
    return dict(lines.values_list("account__role", "base_amount"))


def exposure(order):
    row = Exposure.objects.get(credit_account=order.customer.credit_account)
    return row.open_orders, row.unbilled


def test_goods_leave_at_their_cost(company, hand):
    """ACCOUNTING J01: 60 pieces at 10.00."""
    product = make_product(company, 20)
    receive(company, (product, 100), cost="10.00")
    order = make_confirmed_order(company, goods=[(product, 60)], in_stock=False)
    (shipment,) = ship_orders(company, [Parcel(order.pk)], by=hand)
    shipment = Shipment.objects.get(pk=shipment.pk)
    year = clock.today(company).year
    assert (shipment.state, shipment.number) == ("shipped", f"SH-{year}-00001")
    assert shipment.shipped_on == clock.today(company)
    assert posted(shipment.entry) == {"COGS": D("600.00"), "INVENTORY": D("-600.00")}
    assert (shipment.entry.source_kind, shipment.entry.source_id) == ("shipment", shipment.pk)
    stock = stock_of(product, company)
    assert (stock.on_hand, stock.reserved, stock.value) == (40, 0, D("400.00"))
    assert not Reservation.objects.exists()
    move = Move.objects.get(source_kind="shipment")
    assert (move.quantity, move.value, move.source_name) == (-60, D("-600.00"), shipment.number)
    assert exposure(order) == (0, D("1428.00"))
    assert order.lines.get().shipped == 60


def test_the_last_piece_takes_what_is_left_of_the_value(company):
    product = make_product(company, 10)
    receive(company, (product, 3), cost="3.3333")
    assert stock_of(product, company).value == D("10.00")
    order = make_confirmed_order(company, goods=[(product, 3)], in_stock=False)
    line = order.lines.get()
    costs = [ship(order, {line.pk: D(1)}).lines.get().cost for _ in range(3)]
    assert costs == [D("3.33"), D("3.34"), D("3.33")]
    stock = stock_of(product, company)
    assert (stock.on_hand, stock.value) == (0, 0)


def test_costs_are_an_average_over_receipts(company):
    product = make_product(company, 10)
    receive(company, (product, 10), cost="1.00")
    receive(company, (product, 30), cost="2.00")
    order = make_confirmed_order(company, goods=[(product, 4)], in_stock=False)
    assert ship(order).lines.get().cost == D("7.00")


def test_a_part_leaves_and_the_gross_follows_it(company):
    goods = [(make_product(company, "33.33"), 3), (make_product(company, "0.05"), 1)]
    order = make_confirmed_order(company, goods=goods)
    assert order.gross == D("119.05")
    first, second = order.lines.all()
    ship(order, {first.pk: D(1)})
    assert exposure(order) == (D("79.39"), D("39.66"))
    ship(order, {first.pk: D(1), second.pk: D(1)})
    assert exposure(order) == (D("39.66"), D("79.39"))
    ship(order)
    assert exposure(order) == (0, D("119.05"))
    assert Shipment.objects.count() == 3


def test_services_leave_with_the_goods_and_cost_nothing(company):
    goods = [(make_product(company, 10), 2), (make_product(company, 50, is_stocked=False), 1)]
    receive(company, goods[0])
    order = make_confirmed_order(company, goods=goods, in_stock=False)
    shipment = ship(order)
    assert [line.cost for line in shipment.lines.order_by("pk")] == [D("8.00"), 0]


def test_a_service_alone_posts_nothing(company):
    goods = [(make_product(company, 50, is_stocked=False), 1)]
    shipment = ship(make_confirmed_order(company, goods=goods, in_stock=False))
    assert shipment.entry_id is None
    assert exposure(shipment.order) == (0, D("59.50"))


@pytest.mark.parametrize("quantity", ["6.000001", "11", "-1"])
def test_not_more_leaves_than_is_reserved(company, hand, nothing_changes, quantity):
    product = make_product(company, 10)
    receive(company, (product, 6))
    order = make_confirmed_order(company, goods=[(product, 10)], in_stock=False)
    parcel = Parcel(order.pk, {order.lines.get().pk: D(quantity)})
    with nothing_changes(), pytest.raises(Refused) as refused:
        ship_orders(company, [parcel], by=hand)
    assert (refused.value.code, refused.value.numbers["ready"]) == ("shipment.not_ready", 6)


def test_what_cannot_leave_is_refused(company, hand, nothing_changes):
    waiting = make_confirmed_order(company, in_stock=False)
    submitted = make_submitted_order(company)
    good = make_confirmed_order(company)
    foreign = make_confirmed_order(company)
    for parcels, code in (
        ([Parcel(waiting.pk)], "shipment.nothing_ready"),
        ([Parcel(good.pk, {})], "shipment.nothing_ready"),
        ([Parcel(good.pk), Parcel(submitted.pk)], "state.not_allowed"),
        ([Parcel(good.pk, {foreign.lines.get().pk: D(1)})], "shipment.unknown_line"),
        ([Parcel(good.pk), Parcel(good.pk)], "shipment.order_twice"),
        ([Parcel(10**9)], "order.not_found"),
    ):
        with nothing_changes(), pytest.raises(Refused) as refused:
            ship_orders(company, parcels, by=hand)
        assert refused.value.code == code


def test_half_a_piece_does_not_leave(company, hand, nothing_changes):
    order = make_confirmed_order(company)
    parcel = Parcel(order.pk, {order.lines.get().pk: D("2.5")})
    with nothing_changes(), pytest.raises(Refused) as refused:
        ship_orders(company, [parcel], by=hand)
    assert refused.value.code == "shipment.digits"


def test_twice_is_once(company, hand, nothing_changes):
    order = make_confirmed_order(company)
    ship_orders(company, [Parcel(order.pk)], by=hand)
    with nothing_changes(), pytest.raises(Refused) as refused:
        ship_orders(company, [Parcel(order.pk)], by=hand)
    assert refused.value.code == "shipment.nothing_ready"


@pytest.mark.parametrize("who", [cast.sales_rep, cast.sales_manager, cast.accountant])
def test_others_do_not_ship(company, nothing_changes, who):
    order, by = make_confirmed_order(company), who(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        ship_orders(company, [Parcel(order.pk)], by=by)
    assert refused.value.code == "not_allowed"


def test_a_closed_period_takes_no_shipment(company, hand, nothing_changes):
    order = make_confirmed_order(company)
    Period.objects.filter(company=company, module="INV").update(state="closed")
    with nothing_changes(), pytest.raises(Refused) as refused:
        ship_orders(company, [Parcel(order.pk)], by=hand)
    assert refused.value.code == "period.closed"


def test_the_day_may_be_an_earlier_one(company, hand):
    yesterday = clock.today(company) - timedelta(days=1)
    order = make_confirmed_order(company)
    (shipment,) = ship_orders(company, [Parcel(order.pk)], by=hand, on=yesterday)
    shipment = Shipment.objects.get(pk=shipment.pk)
    assert (shipment.shipped_on, shipment.entry.posting_date) == (yesterday, yesterday)


def test_the_page_of_the_order_knows_its_shipment(company):
    shipment = ship(make_confirmed_order(company))
    (link,) = related("order", shipment.order_id)
    assert (link.kind, link.name, link.role) == ("shipment", shipment.number, "shipped")
    assert Event.objects.filter(verb="shipment.shipped").count() == 1
    follow_up = FollowUp.objects.get(handler="invoicing.tasks.invoice_shipments")
    assert follow_up.subject_id == shipment.pk


def test_many_orders_leave_as_a_set(company, hand):
    product = make_product(company, 10)
    receive(company, (product, 30))
    customers = [make_customer(company) for _ in range(3)]
    orders = [
        make_confirmed_order(company, customer, [(product, 10)], in_stock=False)
        for customer in customers
    ]
    shipments = ship_orders(company, [Parcel(order.pk) for order in orders], by=hand)
    assert [s.order_id for s in shipments] == [o.pk for o in orders]
    numbers = [s.number for s in shipments]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 3
    assert ShipmentLine.objects.count() == 3
    assert Order.objects.filter(state="confirmed").count() == 3
    assert CreditAccount.objects.filter(exposures__unbilled=D("119")).count() == 3
