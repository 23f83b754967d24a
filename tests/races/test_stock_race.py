"""64 buyers want one piece each of ten: ten get one, whatever the order."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from core import bulk
from inventory import stock
from inventory.models import Reservation, Stock
from orders.actions import Parcel, confirm_orders, enter_orders, ship_orders, submit_orders
from orders.models import Shipment
from tests.cast import make_company, system
from tests.factories.catalog import make_product
from tests.factories.inventory import receive
from tests.factories.orders import make_confirmed_order, order_draft
from tests.factories.partners import make_customers
from tests.races import meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, PIECES = 64, 10


@pytest.fixture
def orders():
    """Submitted orders of different customers for one piece of the same product each."""
    company = make_company()
    product = make_product(company, 1)
    receive(company, (product, PIECES))
    drafts = [order_draft(c, (product, 1)) for c in make_customers(company, BUYERS)]
    entered = enter_orders(company, drafts, by=system())
    return submit_orders([order.pk for order in entered], by=system())


def confirm_at_once(orders):
    by = system()

    def deed(number):
        confirm_orders([orders[number].pk], by=by)
        return "confirmed"

    return race(BUYERS, deed)


def promised():
    return Reservation.objects.aggregate(total=Sum("quantity"))["total"]


def test_stock_is_never_promised_twice(orders, proved):
    assert confirm_at_once(orders) == {"confirmed": BUYERS}
    assert (Reservation.objects.count(), promised()) == (PIECES, PIECES)
    assert Stock.objects.get().reserved == PIECES


def test_without_the_lock_the_constraint_still_holds(orders, monkeypatch, proved):
    all_look_unlocked(monkeypatch)
    answers = confirm_at_once(orders)
    assert answers["IntegrityError"] > 0
    assert promised() == Stock.objects.get().reserved <= PIECES


def test_without_both_more_is_promised_than_there_is(orders, monkeypatch):
    """The negative control: this race is real, and these two guards are what wins it."""
    all_look_unlocked(monkeypatch)
    monkeypatch.setattr(stock, "write_levels", stored_as_computed)
    confirm_at_once(orders)
    assert promised() > PIECES


def all_look_unlocked(monkeypatch):
    monkeypatch.setattr(stock, "LOCK", stock.LOCK.replace("FOR NO KEY UPDATE", ""))
    monkeypatch.setattr(stock, "lock_levels", meeting(BUYERS, stock.lock_levels))


def stored_as_computed(levels):
    bulk.update(Stock, ("id", "reserved"), [(level.id, level.reserved) for level in levels])


def test_shipped_at_once_an_order_leaves_once(proved):
    order = make_confirmed_order(make_company())
    by = system()

    def deed(_number):
        ship_orders(order.company, [Parcel(order.pk)], by=by)
        return "shipped"

    assert race(8, deed) == {"shipped": 1, "shipment.nothing_ready": 7}
    assert Shipment.objects.count() == 1
    assert order.lines.get().shipped == Decimal(10)
