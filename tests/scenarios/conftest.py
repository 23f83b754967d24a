"""A company in March 2026, whose worker works off each day, and the proof at the end."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from core import clock, follow_ups
from tests import cast
from tests.factories.payments import make_bank_account


@pytest.fixture(autouse=True)
def _ends_in_the_proof(proved):
    """Each story ends with `check_books`."""


@pytest.fixture
def on():
    """`with on(5):` is the fifth of March 2026, or of the month given; then the worker's turn."""

    @contextmanager
    def travel(day, month=3):
        with clock.travel(datetime(2026, month, day, 9, tzinfo=UTC)):
            yield date(2026, month, day)
            follow_ups.work_off()

    return travel


@pytest.fixture
def company(db):
    company = cast.make_company()
    make_bank_account(company)
    return company


@pytest.fixture
def rep(company):
    return cast.sales_manager(company)


@pytest.fixture
def hand(company):
    return cast.warehouse_hand(company)


@pytest.fixture
def clerk(company):
    return cast.accountant(company)


@pytest.fixture
def controller(company):
    return cast.controller(company)
