"""A customer who owes: open items on chosen days, opened and settled by the ledger's own steps."""

from datetime import date
from decimal import Decimal
from itertools import count

from core.actions import action
from ledger.items import NewItem, open_items
from ledger.models import AccountRole, Allocation, Journal, OpenItem, Side
from ledger.posting import Draft, Line, post
from ledger.settlement import Pair, allocate, reverse_allocations
from tests.cast import system
from tests.factories.ledger import follow, move_exposure

_sources = count(900_001)


@action
def owe(customer, name, on, due, amount, *, kind="invoice"):
    """An invoice of this amount: Dr receivables, Cr revenue."""
    return _open(
        customer, (kind, name), AccountRole.AR_CONTROL, Side.DEBIT, on=on, due=due, amount=amount
    )


@action
def pay(customer, name, on, amount, *, kind="receipt"):
    """Money or a credit not applied yet."""
    role = AccountRole.UNAPPLIED_RECEIPTS
    return _open(customer, (kind, name), role, Side.CREDIT, on=on, due=on, amount=amount)


@action
def apply(debit, credit, amount, on):
    pair = Pair(debit.pk, credit.pk, Decimal(amount))
    settled = follow(allocate(debit.company, [pair], on=on, by=system()))
    return Allocation.objects.get(pk=settled.allocation_ids[0])


@action
def unapply(allocation, on):
    follow(reverse_allocations(allocation.company, {allocation.pk: on}, by=system()))


def _open(customer, document, role, side, *, on, due, amount):
    company, amount = customer.company, Decimal(amount)
    source = (document[0], next(_sources), document[1])
    journal = Journal.SALES if side == Side.DEBIT else Journal.CASH
    currency = company.currency
    item = NewItem(role, side, source, 1, on, due, currency, amount, amount, customer.pk)
    (pk,) = open_items(company, [item])
    signed = amount if side == Side.DEBIT else -amount
    lines = [
        Line(role, signed, currency, signed, open_item_id=pk),
        Line(AccountRole.REVENUE, -signed, currency, -signed),
    ]
    post(company, [Draft(journal, on, source, "issued", lines)], by=system())
    opened = OpenItem.objects.select_related("customer").get(pk=pk)
    move_exposure([(opened, amount)])
    return opened


def golden(customer):
    """The worked example of the accounting rules: two invoices, a receipt, a credit note."""
    first = owe(customer, "INV1", date(2026, 1, 10), date(2026, 2, 9), "1000.00")
    second = owe(customer, "INV2", date(2026, 2, 1), date(2026, 3, 3), "500.00")
    receipt = pay(customer, "RC1", date(2026, 3, 5), "600.00")
    applied = apply(first, receipt, "600.00", date(2026, 3, 5))
    credit = pay(customer, "CN1", date(2026, 3, 15), "200.00", kind="invoice")
    apply(first, credit, "200.00", date(2026, 3, 20))
    unapply(applied, date(2026, 3, 25))
    apply(second, receipt, "500.00", date(2026, 3, 25))
    apply(first, receipt, "100.00", date(2026, 3, 25))
    return first, second, receipt, credit
