"""Backorders are served by urgency, never by whoever clicks first."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refused
from inventory.models import Reservation
from orders.actions import serve_backorders
from orders.models import Hold
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive, stock_of
from tests.factories.orders import make_confirmed_order, make_submitted_order

D = Decimal


def waiting(company, product, quantity, **dates):
    return make_confirmed_order(company, goods=[(product, quantity)], in_stock=False, **dates)


def promised(order):
    row = Reservation.objects.filter(source_id=order.lines.get().pk).first()
    return row.quantity if row else 0


def test_stock_that_comes_in_goes_to_the_most_urgent_first(company, work_off):
    product = make_product(company, 10)
    late = waiting(company, product, 5, ordered_on=date(2025, 5, 1), requested_on=date(2025, 9, 1))
    soon = waiting(company, product, 5, ordered_on=date(2025, 5, 3), requested_on=date(2025, 6, 1))
    older = waiting(company, product, 5, ordered_on=date(2025, 5, 2), requested_on=date(2025, 6, 1))
    asap = waiting(company, product, 5, ordered_on=date(2025, 5, 4))
    receive(company, (product, 13))
    work_off()
    assert [promised(o) for o in (asap, older, soon, late)] == [5, 5, 3, 0]
    receive(company, (product, 4))
    work_off()
    assert [promised(o) for o in (asap, older, soon, late)] == [5, 5, 5, 2]
    assert stock_of(product, company).reserved == 17


def test_held_and_unconfirmed_orders_get_nothing(company):
    product = make_product(company, 10)
    held = waiting(company, product, 5)
    who = dict.fromkeys(("entered_by", "edited_by", "caused_by"), cast.system())
    Hold.objects.create(
        order=held, rule="data", code="x", message="x", permission="orders.release_entry",
        order_version=1, opened_at=held.created_at, **who,
    )  # fmt: skip
    submitted = make_submitted_order(company, None, [(product, 5)])
    receive(company, (product, 10))
    assert serve_backorders([held.pk, submitted.pk], by=cast.system()) == []
    assert stock_of(product, company).reserved == 0
    Hold.objects.all().delete()


def test_serving_again_serves_nothing_more(company, hand):
    product = make_product(company, 10)
    order = waiting(company, product, 5)
    receive(company, (product, 10))
    assert serve_backorders([order.pk], by=hand) == [order]
    assert serve_backorders([order.pk], by=hand) == []
    assert promised(order) == 5


def test_others_do_not_serve(company, rep, nothing_changes):
    order = waiting(company, make_product(company, 10), 5)
    with nothing_changes(), pytest.raises(Refused):
        serve_backorders([order.pk], by=rep)
