"""What the tests of stock share: a company with its people and warehouse, and proofs."""

from contextlib import contextmanager

import pytest

from core.models import Event, NumberSeries
from inventory.invariants import INVARIANTS
from inventory.models import Move, Reservation, Stock, StockDocument, Warehouse
from ledger.models import Entry, EntryLine
from tests import cast
from tests.factories.inventory import default_warehouse
from tests.proofs import broken_promises

WATCHED = (
    Warehouse,
    Stock,
    Move,
    Reservation,
    StockDocument,
    Entry,
    EntryLine,
    Event,
    NumberSeries,
)


@pytest.fixture
def company(db):
    return cast.make_company()


@pytest.fixture
def place(company):
    return default_warehouse(company)


@pytest.fixture
def hand(company):
    return cast.warehouse_hand(company)


@pytest.fixture
def nothing_changes():
    """Fails when what is done inside leaves a trace in any table of stock."""

    def rows():
        return [list(model.objects.order_by("pk").values_list()) for model in WATCHED]

    @contextmanager
    def watch():
        before = rows()
        yield
        for model, was, now in zip(WATCHED, before, rows(), strict=True):
            assert was == now, model

    return watch


@pytest.fixture(autouse=True)
def books(db):
    """Every test of stock ends with its invariants proved."""
    yield
    assert broken_promises(INVARIANTS) == []
