"""Random histories of invoices, receipts, credits, write-offs and refunds in foreign currency.

A model of thirty lines predicts every balance to the cent; the real steps must agree after each
deed. The nightly run takes more and longer histories: O2C_EXAMPLES=2000 O2C_STEPS=60.
"""

import os
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger.models import AccountRole as R
from tests.cast import make_company
from tests.factories.ledger import owe, pay, pay_back, settle, unsettle
from tests.factories.partners import make_customer

EXAMPLES, STEPS = (int(os.environ.get(f"O2C_{n}", d)) for n, d in (("EXAMPLES", 30), ("STEPS", 30)))
ZERO = Decimal(0)
BALANCES = """
SELECT a.role, sum(l.base_amount) FROM ledger_entryline l
  JOIN ledger_account a ON a.id = l.account_id
 WHERE a.company_id = %s GROUP BY 1 HAVING sum(l.base_amount) <> 0
"""
OPEN = "SELECT id, open_amount, open_base_amount FROM ledger_openitem WHERE company_id = %s"

amounts = st.decimals("0.01", "99999.99", places=2)
rates = st.decimals("0.2", "200", places=4)
taxes = st.sampled_from([ZERO, Decimal("5.5"), *map(Decimal, (7, 19, 20, 25))])


def rounded(value):
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def relieved(part, item):
    if part == item["open"]:
        return item["base"]
    return rounded(item["base"] * part / item["open"])


def some_of(data, most):
    return data.draw(st.one_of(st.just(most), st.decimals("0.01", most, places=2)))


class Books(RuleBasedStateMachine):
    """Each rule calls the application; the model says what must come of it."""

    company = customer = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.booked = defaultdict(lambda: ZERO)
        self.invoices, self.credits, self.applied = [], [], []

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def book(self, **lines):
        assert sum(lines.values()) == 0
        for role, base in lines.items():
            self.booked[role] += base

    def open(self, rows, data):
        return data.draw(st.sampled_from([row for row in rows if row["open"]]))

    @rule(net=amounts, tax=taxes, rate=rates)
    def issue(self, net, tax, rate):
        vat = rounded(net * tax / 100)
        gross, base, base_vat = net + vat, rounded((net + vat) / rate), rounded(vat / rate)
        item = owe(self.company, self.customer, net, tax=vat, currency="USD", rate=rate)
        self.book(AR_CONTROL=base, VAT_OUTPUT=-base_vat, REVENUE=base_vat - base)
        self.invoices.append(
            {"item": item, "open": gross, "base": base, "net": net, "rate": rate, "tax": tax}
            | {"left": (net, vat, base, base_vat), "credited": (ZERO, ZERO)}
        )

    @rule(amount=amounts, rate=rates)
    def receive(self, amount, rate):
        item = pay(self.company, self.customer, amount, currency="USD", rate=rate)
        base = rounded(amount / rate)
        self.book(BANK=base, UNAPPLIED_RECEIPTS=-base)
        self.credits.append({"item": item, "open": amount, "base": base})

    @precondition(lambda self: any(i["open"] for i in self.invoices))
    @precondition(lambda self: any(c["open"] for c in self.credits))
    @rule(data=st.data())
    def apply(self, data):
        invoice, credit = self.open(self.invoices, data), self.open(self.credits, data)
        self.allocate(invoice, credit, some_of(data, min(invoice["open"], credit["open"])))

    def allocate(self, invoice, credit, amount):
        base, worth = relieved(amount, invoice), relieved(amount, credit)
        settled = settle(self.company, (invoice["item"], credit["item"], amount))
        self.book(UNAPPLIED_RECEIPTS=worth, AR_CONTROL=-base, FX_REALISED=base - worth)
        self.take(invoice, amount, base)
        self.take(credit, amount, worth)
        self.applied.append((settled.allocation_ids[0], invoice, credit, amount, base, worth))

    def take(self, item, amount, base):
        item["open"] -= amount
        item["base"] -= base

    @precondition(lambda self: self.applied)
    @rule(data=st.data())
    def take_back(self, data):
        row = data.draw(st.sampled_from(self.applied))
        self.applied.remove(row)
        pk, invoice, credit, amount, base, worth = row
        unsettle(self.company, pk)
        self.book(UNAPPLIED_RECEIPTS=-worth, AR_CONTROL=base, FX_REALISED=worth - base)
        self.take(invoice, -amount, -base)
        self.take(credit, -amount, -worth)

    @precondition(lambda self: any(i["left"][0] for i in self.invoices))
    @rule(data=st.data())
    def credit(self, data):
        """A credit note at the invoice's rate, its tax cumulative, applied to it first."""
        invoice = data.draw(st.sampled_from([i for i in self.invoices if i["left"][0]]))
        net_left, _vat, base_left, base_vat_left = invoice["left"]
        done_net, done_vat = invoice["credited"]
        net = some_of(data, net_left)
        vat = rounded((done_net + net) * invoice["tax"] / 100) - done_vat
        base, base_vat = base_left, base_vat_left
        if net != net_left:
            base = min(rounded((net + vat) / invoice["rate"]), base_left)
            base_vat = min(rounded(vat / invoice["rate"]), base_vat_left)
        against = [(R.REVENUE, base - base_vat, net), (R.VAT_OUTPUT, base_vat, vat)]
        credit = self.give(net + vat, base, against)
        invoice["credited"] = (done_net + net, done_vat + vat)
        parts = zip(invoice["left"], (net, vat, base, base_vat), strict=True)
        invoice["left"] = tuple(left - part for left, part in parts)
        if amount := min(net + vat, invoice["open"]):
            self.allocate(invoice, credit, amount)

    def give(self, amount, base, against):
        item = pay(self.company, self.customer, amount, currency="USD", base=base, against=against)
        self.book(UNAPPLIED_RECEIPTS=-base, **{role.value: part for role, part, _fc in against})
        self.credits.append({"item": item, "open": amount, "base": base})
        return self.credits[-1]

    @precondition(lambda self: any(i["open"] for i in self.invoices))
    @rule(data=st.data())
    def write_off(self, data):
        """A write-off is a credit of exactly what is open, in both currencies."""
        invoice = self.open(self.invoices, data)
        tax, amount, base = invoice["tax"], invoice["open"], invoice["base"]
        vat, base_vat = (rounded(part * tax / (100 + tax)) for part in (amount, base))
        against = [(R.BAD_DEBT, base - base_vat, amount - vat), (R.VAT_OUTPUT, base_vat, vat)]
        self.allocate(invoice, self.give(amount, base, against), amount)

    @precondition(lambda self: any(c["open"] for c in self.credits))
    @rule(data=st.data(), rate=rates)
    def refund(self, data, rate):
        credit = self.open(self.credits, data)
        amount = some_of(data, credit["open"])
        worth, base = relieved(amount, credit), rounded(amount / rate)
        item = pay_back(self.company, self.customer, amount, currency="USD", rate=rate)
        settle(self.company, (item, credit["item"], amount))
        self.book(UNAPPLIED_RECEIPTS=worth, BANK=-base, FX_REALISED=base - worth)
        self.take(credit, amount, worth)

    @invariant()
    def agrees(self):
        with connection.cursor() as cursor:
            cursor.execute(BALANCES, [self.company.pk])
            assert dict(cursor.fetchall()) == {r: b for r, b in self.booked.items() if b}
            cursor.execute(OPEN, [self.company.pk])
            found = {pk: (amount, base) for pk, amount, base in cursor.fetchall()}
        for item in (*self.invoices, *self.credits):
            assert found[item["item"].pk] == (item["open"], item["base"])
        assert self.booked["AR_CONTROL"] == sum((i["base"] for i in self.invoices), ZERO)
        assert -self.booked["UNAPPLIED_RECEIPTS"] == sum((c["base"] for c in self.credits), ZERO)


@pytest.mark.django_db
def test_the_books_agree_with_the_model(proved):
    Books.company = make_company()
    Books.customer = make_customer(Books.company)
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=not os.environ.get("O2C_EXAMPLES"),
            suppress_health_check=list(HealthCheck),
        ),
    )
