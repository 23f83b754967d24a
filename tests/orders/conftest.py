"""What the tests of orders share: a company with its people, and proof that nothing changed."""

from contextlib import contextmanager

import pytest

from core import follow_ups
from core.models import Event, FollowUp, NumberSeries
from inventory.invariants import INVARIANTS as OF_STOCK
from inventory.models import Move, Reservation, Stock
from ledger.models import Entry
from orders.invariants import INVARIANTS as OF_ORDERS
from orders.models import Hold, Order, OrderLine, Shipment, ShipmentLine
from partners.models import Exposure
from tests import cast
from tests.proofs import broken_promises

WATCHED = (
    Order, OrderLine, Hold, Shipment, ShipmentLine, Stock, Reservation, Move, Exposure, Entry,
    Event, FollowUp, NumberSeries,
)  # fmt: skip


@pytest.fixture
def company(db):
    return cast.make_company()


@pytest.fixture
def rep(company):
    return cast.sales_manager(company)


@pytest.fixture
def hand(company):
    return cast.warehouse_hand(company)


def _all_rows():
    return [list(model.objects.order_by("pk").values_list()) for model in WATCHED]


@pytest.fixture
def nothing_changes():
    """Fails when what is done inside leaves a trace in any table of orders and stock."""

    @contextmanager
    def watch():
        before = _all_rows()
        yield
        for model, was, now in zip(WATCHED, before, _all_rows(), strict=True):
            assert was == now, model

    return watch


@pytest.fixture
def work_off():
    """Works off what orders do next, and nothing of the apps above."""

    def work():
        FollowUp.objects.exclude(handler__startswith="orders.").delete()
        return follow_ups.work_off()

    return work


@pytest.fixture(autouse=True)
def books(db):
    """Every test of orders ends with its invariants proved."""
    yield
    assert broken_promises((*OF_STOCK, *OF_ORDERS)) == []
