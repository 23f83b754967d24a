"""64 threads take 100.00 each from one receipt of 1,000.00: ten get it, whatever the order."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from core import bulk
from ledger import settlement
from ledger.models import Allocation, OpenItem
from tests.cast import make_company
from tests.factories.ledger import owe, pay, settle
from tests.factories.partners import make_customer
from tests.races import meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, PART = 64, Decimal(100)


@pytest.fixture
def receipt():
    company = make_company()
    return pay(company, make_customer(company), 1000)


@pytest.fixture
def invoices(receipt):
    return [owe(receipt.company, receipt.customer, PART) for _ in range(THREADS)]


def allocated():
    return Allocation.objects.aggregate(total=Sum("amount"))["total"]


def take_part(invoices, receipt):
    def deed(number):
        settle(receipt.company, (invoices[number], receipt, PART))
        return "taken"

    return race(THREADS, deed)


def test_a_receipt_is_never_used_for_more_than_it_is_worth(receipt, invoices, proved):
    answers = take_part(invoices, receipt)
    assert answers == {"taken": 10, "settlement.too_much": 54}
    assert allocated() == 1000
    receipt.refresh_from_db()
    assert (receipt.open_amount, receipt.open_base_amount) == (0, 0)


def test_without_the_lock_the_conditional_update_still_holds(
    receipt, invoices, monkeypatch, proved
):
    monkeypatch.setattr(settlement, "lock_items", meeting(THREADS, unlocked))
    answers = take_part(invoices, receipt)
    assert answers["taken"] == 10
    assert allocated() == 1000


def test_without_both_more_is_used_than_there_is(receipt, invoices, monkeypatch):
    """The negative control: this race is real, and these two guards are what wins it."""
    monkeypatch.setattr(settlement, "lock_items", meeting(THREADS, unlocked))
    monkeypatch.setattr(settlement, "_store", stored_as_computed)
    answers = take_part(invoices, receipt)
    assert answers == {"taken": THREADS}
    assert allocated() == THREADS * PART


def unlocked(ids):
    return OpenItem.objects.in_bulk(set(ids))


def stored_as_computed(items, before):
    rows = [(item.pk, item.open_amount, item.open_base_amount) for item in items]
    bulk.update(OpenItem, ("id", "open_amount", "open_base_amount"), rows)
