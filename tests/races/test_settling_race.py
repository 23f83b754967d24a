"""Paying, crediting and reversing what belongs together: one waits for the other, none begins anew.

A deadlock is found by the database and tried again, so nobody would notice one here but for a
deed that may be tried only once. The negative controls take the same locks in another order.
"""

from importlib import import_module
from threading import Thread, current_thread, main_thread
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection

from core import actions, clock, in_hand
from core.locks import lock
from invoicing.models import Invoice
from ledger.models import OpenItem
from payments import reversal, settlement
from payments.actions import Choice, apply_receipts, record_receipts, reverse_receipts
from payments.actions import receipts as recording
from payments.models import BankTransaction, Receipt
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

    def outcome(self, deed):
        """What went wrong on either side, while `deed` and the other were done at once."""
        try:
            deed()
        except OperationalError as problem:
            self.problems.append(problem)
        self.thread.join()
        return [type(problem.__cause__ or problem).__name__ for problem in self.problems]


def wait_until_somebody_waits():
    end = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            sleep(0.01)
    raise AssertionError("Nobody waited, so nothing was proved.")


@pytest.fixture
def pay_while_it_is_credited(once, monkeypatch):
    """Pays an invoice; before its open amount moves, somebody credits it. What went wrong?"""
    company = make_company()
    customer = make_customer(company)
    invoice = make_invoice(company, customer)
    (receipt,) = make_receipts(company, [Paid("19.00")])
    (item,) = OpenItem.objects.filter(source_kind="invoice", source_id=invoice.pk)
    choice = Choice(receipt.pk, [(item.pk, receipt.amount)])
    meanwhile = Meanwhile(monkeypatch, settlement.invoices, "apply", lambda: credit(invoice))
    return lambda: meanwhile.outcome(lambda: apply_receipts([choice], by=system()))


def test_an_invoice_is_credited_while_it_is_paid(pay_while_it_is_credited, proved):
    assert pay_while_it_is_credited() == []
    assert OpenItem.objects.get(source_kind="invoice", side="debit").open_amount == 0


def test_with_the_invoice_before_its_items_they_wait_for_each_other(
    pay_while_it_is_credited, monkeypatch
):
    """The negative control: this race is real, and the order of the locks is what wins it."""

    def invoice_first(company, ids):
        lock(Invoice.objects.filter(pk__in=ids))
        return lock_open_items(company, ids)

    crediting = import_module("invoicing.actions.credit_invoices")
    lock_open_items = crediting._lock_open_items
    monkeypatch.setattr(crediting, "_lock_open_items", invoice_first)
    assert pay_while_it_is_credited() == ["DeadlockDetected"]


@pytest.fixture
def reverse_while_it_is_handed_over(once, monkeypatch):
    """Reverses a receipt whose statement is handed over again meanwhile. What went wrong?

    The chunk holds the entry, which it leaves as it is, and waits for numbers.
    """
    company = make_company()
    today = clock.today(company)  # so that both sides number their entries in one year
    statement = make_statement(company, [Paid("19.00"), Paid("20.00")], on=today)
    first, second = statement.transactions.order_by("position").values_list("pk", flat=True)
    (receipt,) = record_receipts([first], by=system())

    def again():
        with in_hand.holding({}):
            record_receipts([first, second], by=system())

    meanwhile = Meanwhile(monkeypatch, reversal.items, "open_items", again)
    return lambda: meanwhile.outcome(
        lambda: reverse_receipts([receipt.pk], by=system(), reason="Mistake")
    )


def test_a_receipt_is_reversed_while_its_statement_is_handed_over_again(
    reverse_while_it_is_handed_over, proved
):
    assert reverse_while_it_is_handed_over() == []
    transaction = BankTransaction.objects.get(position=2)
    assert Receipt.objects.filter(transaction=transaction, state="recorded").count() == 1


def test_with_the_transactions_last_they_wait_for_each_other(
    reverse_while_it_is_handed_over, monkeypatch
):
    """The negative control, as above."""

    def unlocked(ids, by):
        if current_thread() is main_thread():
            return list(BankTransaction.objects.filter(pk__in=ids).order_by("pk"))
        return lock_transactions(ids, by)

    lock_transactions = recording.lock_transactions
    monkeypatch.setattr(recording, "lock_transactions", unlocked)
    assert reverse_while_it_is_handed_over() == ["DeadlockDetected"]
