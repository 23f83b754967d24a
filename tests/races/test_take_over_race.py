"""The books before are taken over by several people at once: each balance and item stands once."""

from datetime import date
from decimal import Decimal

import pytest

from ledger import take_over
from ledger.actions import take_over as deeds
from ledger.actions import take_over_balances, take_over_open_items
from ledger.drafts import BalanceDraft, ItemDraft
from tests.cast import make_company, system
from tests.factories.ledger import booked
from tests.factories.partners import make_customer
from tests.races import meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
START, PEOPLE = date(2026, 1, 1), 8


@pytest.fixture
def company():
    return make_company()


def take_at_once(company):
    balances = [BalanceDraft("1800", "EUR", Decimal(1000))]
    items = [ItemDraft("R-1", START, "EUR", Decimal(80), make_customer(company).number)]
    by = system()

    def deed(number):
        if number % 2:
            take_over_balances(company, balances, on=START, by=by)
        else:
            take_over_open_items(company, items, on=START, by=by)
        return "taken over"

    return race(PEOPLE, deed)


def test_what_many_take_over_stands_once_and_the_others_are_told(company, proved):
    assert take_at_once(company) == {"taken over": 2, "take_over.twice": PEOPLE - 2}
    assert booked(company) == {"BANK": 1000, "AR_CONTROL": 80, "OPENING_BALANCE": -1080}


def test_without_the_lock_the_database_still_refuses(company, monkeypatch, proved):
    """The negative control: all see nothing there, and then the unique indexes say no."""
    monkeypatch.setattr(deeds, "lock", lambda _rows: [])
    for look in ("examine_balances", "examine_items"):
        monkeypatch.setattr(take_over, look, meeting(PEOPLE // 2, getattr(take_over, look)))
    monkeypatch.setattr("core.actions.TRIES", 1)  # a second try would be told by the check
    assert take_at_once(company) == {"taken over": 2, "IntegrityError": PEOPLE - 2}
    assert booked(company) == {"BANK": 1000, "AR_CONTROL": 80, "OPENING_BALANCE": -1080}
