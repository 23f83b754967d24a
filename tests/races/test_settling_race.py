"""Paying, crediting and reversing what belongs together: one waits for the other, none begins anew.

A deadlock is found by the database and tried again, so nobody would notice one here but for a
deed that may be tried only once.
"""

from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import connection

from core import actions, in_hand
from ledger.models import OpenItem
from payments import reversal, settlement
from payments.actions import Choice, apply_receipts, record_receipts, reverse_receipts
from payments.models import Receipt
from tests.cast import make_company, system
from tests.factories.invoicing import credit, make_invoice
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, make_receipts, make_statement

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def once(monkeypatch):
    monkeypatch.setattr(actions, "TRIES", 1)


class Meanwhile:
    """Runs `other` in a thread as soon as `step` of a module is reached, until it waits."""

    def __init__(self, monkeypatch, module, step, other):
        self.problems, self.other, self.thread = [], other, None
        self.step = getattr(module, step)
        monkeypatch.setattr(module, step, self)

    def __call__(self, *args, **kwargs):
        if self.thread is None:
            self.thread = Thread(target=self.run)
            self.thread.start()
            wait_until_somebody_waits()
        return self.step(*args, **kwargs)

    def run(self):
        try:
            self.other()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test must see it
            self.problems.append(problem)
        finally:
            connection.close()

    def outcome(self):
        self.thread.join()
        return self.problems


def wait_until_somebody_waits():
    end = monotonic() + 2
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            sleep(0.01)


def test_an_invoice_is_credited_while_it_is_paid(once, monkeypatch, proved):
    company = make_company()
    customer = make_customer(company)
    invoice = make_invoice(company, customer)
    (receipt,) = make_receipts(company, [Paid("19.00")])
    (item,) = OpenItem.objects.filter(source_kind="invoice", source_id=invoice.pk)
    meanwhile = Meanwhile(monkeypatch, settlement.invoices, "apply", lambda: credit(invoice))
    apply_receipts([Choice(receipt.pk, [(item.pk, receipt.amount)])], by=system())
    assert meanwhile.outcome() == []
    assert OpenItem.objects.get(pk=item.pk).open_amount == 0


def test_a_receipt_is_reversed_while_its_statement_is_handed_over_again(once, monkeypatch, proved):
    """The chunk holds the entry, which it leaves as it is, and waits for numbers."""
    company = make_company()
    statement = make_statement(company, [Paid("19.00"), Paid("20.00")])
    first, second = statement.transactions.order_by("position").values_list("pk", flat=True)
    (receipt,) = record_receipts([first], by=system())

    def again():
        with in_hand.holding({}):
            record_receipts([first, second], by=system())

    meanwhile = Meanwhile(monkeypatch, reversal.items, "open_items", again)
    reverse_receipts([receipt.pk], by=system(), reason="Mistake")
    assert meanwhile.outcome() == []
    assert Receipt.objects.filter(transaction=second, state="recorded").count() == 1
