"""Postings and open items for tests below invoicing, made by the ledger's own steps.

The small deeds here stand for the documents of the apps above: an invoice is Dr receivables,
Cr revenue and tax with an open item; a receipt is Dr bank, Cr unapplied with an open item.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from core import bulk
from core.actions import action, inside_transaction
from core.models import Company
from ledger import items, posting, settlement
from ledger.items import NewItem
from ledger.models import AccountRole, Entry, EntryLine, Journal, OpenItem, Side
from ledger.posting import Draft, Line, Posted, Source
from ledger.rates import to_base
from ledger.settlement import Pair, Settled
from partners.exposure import Moves
from partners.models import Customer
from tests.cast import system
from users.models import User

DAY = date(2026, 3, 15)
NET_30 = timedelta(days=30)
_numbers = count(1)


def line(role: AccountRole, amount: str | int | Decimal, currency: str = "EUR", **about) -> Line:
    """A line in the company's own currency, or in another at one to one."""
    return Line(role, Decimal(amount), currency, Decimal(amount), **about)


def draft(*lines: Line, on: date = DAY, journal: Journal = Journal.GENERAL, **more) -> Draft:
    """A draft with a source of its own."""
    number = next(_numbers)
    source = more.pop("source", ("voucher", number, f"V-{number}"))
    return Draft(journal, on, source, more.pop("event", "posted"), lines, **more)


@action
def post(company: Company, *drafts: Draft, by: User | None = None) -> list[Posted | None]:
    return posting.post(company, drafts, by=by or system())


@action
def reverse(company: Company, *entries: Entry, by: User | None = None, **more) -> list[Posted]:
    return posting.reverse(company, entries, by=by or system(), **more)


@action
def owe(
    company: Company,
    customer: Customer,
    net: Decimal | str | int,
    *,
    tax: Decimal | str | int = 0,
    on: date = DAY,
    due: date | None = None,
    currency: str = "EUR",
    rate: Decimal | str | int = 1,
) -> OpenItem:
    """An invoice: Dr receivables, Cr revenue and tax."""
    gross, vat = Decimal(net) + Decimal(tax), Decimal(tax)
    base, base_vat = (to_base(amount, Decimal(rate), company) for amount in (gross, vat))
    (pk,) = bulk.take_ids({OpenItem: 1})[OpenItem]
    source = ("test_invoice", pk, f"INV-{pk}")
    lines = (
        Line(AccountRole.AR_CONTROL, base, currency, gross, open_item_id=pk),
        Line(AccountRole.REVENUE, base_vat - base, currency, vat - gross),
        Line(AccountRole.VAT_OUTPUT, -base_vat, currency, -vat),
    )
    posting.post(company, [draft(*lines, on=on, journal=Journal.SALES, source=source)], by=system())
    due = due or on + NET_30
    new = NewItem(
        AccountRole.AR_CONTROL, Side.DEBIT, source, 1, on, due, currency, gross, base, customer.pk
    )
    return _open(company, new, pk)


@action
def pay(
    company: Company,
    customer: Customer | None,
    amount: Decimal | str | int,
    *,
    on: date = DAY,
    currency: str = "EUR",
    rate: Decimal | str | int = 1,
    base: Decimal | None = None,
    against: Sequence[tuple[AccountRole, Decimal, Decimal]] = (),
) -> OpenItem:
    """A receipt: Dr bank, Cr unapplied. `against` (role, base, amount) replaces the bank."""
    amount = Decimal(amount)
    base = to_base(amount, Decimal(rate), company) if base is None else base
    (pk,) = bulk.take_ids({OpenItem: 1})[OpenItem]
    source = ("test_receipt", pk, f"RC-{pk}")
    debits = against or [(AccountRole.BANK, base, amount)]
    lines = (
        *(Line(role, base_part, currency, part) for role, base_part, part in debits),
        Line(AccountRole.UNAPPLIED_RECEIPTS, -base, currency, -amount, open_item_id=pk),
    )
    posting.post(company, [draft(*lines, on=on, journal=Journal.CASH, source=source)], by=system())
    new = _unapplied(Side.CREDIT, customer, source, on, currency, amount, base)
    return _open(company, new, pk)


@action
def pay_back(
    company: Company,
    customer: Customer,
    amount: Decimal | str | int,
    *,
    on: date = DAY,
    currency: str = "EUR",
    rate: Decimal | str | int = 1,
) -> OpenItem:
    """A refund: Dr unapplied, Cr bank, to be allocated against the receipt it gives back."""
    amount, base = Decimal(amount), to_base(Decimal(amount), Decimal(rate), company)
    (pk,) = bulk.take_ids({OpenItem: 1})[OpenItem]
    source = ("test_refund", pk, f"RF-{pk}")
    lines = (
        Line(AccountRole.UNAPPLIED_RECEIPTS, base, currency, amount, open_item_id=pk),
        Line(AccountRole.BANK, -base, currency, -amount),
    )
    posting.post(company, [draft(*lines, on=on, journal=Journal.CASH, source=source)], by=system())
    new = _unapplied(Side.DEBIT, customer, source, on, currency, amount, base)
    return _open(company, new, pk)


@inside_transaction
def _open(company: Company, new: NewItem, pk: int) -> OpenItem:
    """Opens an item, which its customer's credit account owes or has left from now on."""
    items.open_items(company, [new], [pk])
    opened = OpenItem.objects.select_related("customer").get(pk=pk)
    move_exposure([(opened, opened.open_amount)])
    return opened


@inside_transaction
def move_exposure(changes: Iterable[tuple[OpenItem, Decimal]]) -> None:
    """What every deed does that opens or settles items: the changes of their open amounts."""
    moves = Moves()
    for item, change in changes:
        if item.customer:
            account = item.customer.credit_account_id
            moves.add_item(account, item.currency, item.side, change)
    moves.write()


@inside_transaction
def follow(settled: Settled) -> Settled:
    """Moves the exposure by what was settled."""
    rows = OpenItem.objects.select_related("customer").in_bulk(list(settled.items))
    move_exposure((rows[pk], touched.change) for pk, touched in settled.items.items())
    return settled


def _unapplied(side: Side, customer: Customer | None, source: Source, *worth) -> NewItem:
    """An open item of a day, a currency, an amount and a base amount."""
    on, currency, amount, base = worth
    role, owner = AccountRole.UNAPPLIED_RECEIPTS, customer.pk if customer else None
    return NewItem(role, side, source, 1, on, on, currency, amount, base, owner)


@action
def settle(
    company: Company, *pairs: tuple[OpenItem, OpenItem, Decimal | str | int], on: date = DAY
) -> Settled:
    """Allocates (debit item, credit item, amount)."""
    wanted = [Pair(debit.pk, credit.pk, Decimal(amount)) for debit, credit, amount in pairs]
    return follow(settlement.allocate(company, wanted, on=on, by=system()))


@action
def unsettle(company: Company, *allocation_ids: int, on: date = DAY) -> Settled:
    days = dict.fromkeys(allocation_ids, on)
    return follow(settlement.reverse_allocations(company, days, by=system()))


def booked(company: Company, *entries: Posted) -> dict[str, Decimal]:
    """Base amounts per account role, debit above zero, of some entries or of all."""
    lines = EntryLine.objects.filter(entry__company=company).select_related("account")
    if entries:
        lines = lines.filter(entry__in=[entry.id for entry in entries])
    sums: dict[str, Decimal] = {}
    for row in lines:
        name = row.account.role or row.account.number
        sums[name] = sums.get(name, Decimal(0)) + row.base_amount
    return {name: amount for name, amount in sums.items() if amount}
