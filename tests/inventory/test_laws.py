"""What the database itself keeps of stock."""

import pytest
from django.db import Error, IntegrityError, transaction

from inventory.models import Move, Reservation, Stock
from tests.factories.orders import make_confirmed_order, ship


def test_movements_are_never_changed(company):
    ship(make_confirmed_order(company))
    for forbidden in (
        lambda: Move.objects.update(quantity=1),
        lambda: Move.objects.all().delete(),
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            forbidden()


@pytest.mark.parametrize(
    "changes", [{"on_hand": 9}, {"reserved": 11}, {"reserved": -1}, {"value": -1}, {"on_hand": -1}]
)
def test_stock_below_what_is_promised_is_refused(company, changes):
    make_confirmed_order(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(**changes)


def test_value_without_goods_is_refused(company):
    make_confirmed_order(company)
    Reservation.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(on_hand=0, reserved=0)
    Stock.objects.update(reserved=0)


def test_a_reservation_of_no_stock_is_refused(company):
    with pytest.raises(Error, match="not there"), transaction.atomic():
        Reservation.objects.create(stock_id=10**9, source_kind="x", source_id=1, quantity=1)
