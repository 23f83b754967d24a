"""Applying receipts to open items, and taking that back: books, invoices, exposure, events, links.

The one place where payments settle anything, so that none of the five is ever forgotten.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from core import events, links
from core.actions import inside_transaction
from core.models import Company, DocumentLink
from core.money import ZERO
from invoicing import settlement as invoices
from ledger import settlement as ledger
from ledger.models import Allocation
from ledger.settlement import Pair, TouchedItem
from partners.exposure import Moves
from payments.models import Receipt
from users.models import User

# Without a day of a person's, it is dated by the items: the later day of the two.
THEIR_OWN_DAY = date.min
PAID_BY = "paid_by"
MOST_NAMED = 5
NO_DOCUMENT = "open_item"  # taken over from the system before; its page tells what settled it


@dataclass(frozen=True, slots=True)
class Application:
    """Parts of a receipt, each for one open item of the customer with this credit account."""

    receipt: Receipt
    parts: Sequence[tuple[int, Decimal]]
    credit_account_id: int

    @property
    def amount(self) -> Decimal:
        return sum((amount for _item, amount in self.parts), ZERO)


@inside_transaction
def apply(
    company: Company, applications: Sequence[Application], *, on: date, by: User, moves: Moves
) -> None:
    """Allocates, in a fixed number of statements. Receipts are locked and know their customer.

    Adds to the `moves` of the deed and writes them all.
    """
    pairs = [
        Pair(item_id, application.receipt.open_item_id, amount)
        for application in applications
        for item_id, amount in application.parts
    ]
    settled = ledger.allocate(company, pairs, on=on, by=by)
    invoices.apply(settled.items.values())
    credit_accounts = {a.receipt.customer_id: a.credit_account_id for a in applications}
    _add_moves(moves, settled.items.values(), credit_accounts)
    moves.write()
    facts = [_fact(a, settled.items) for a in applications]
    events.record(company, "receipt.applied", facts, by=by)
    _link(company, applications, settled.items)


def _fact(application: Application, items: Mapping[int, TouchedItem]) -> events.Fact:
    receipt = application.receipt
    documents = sorted({_document(items[item_id]) for item_id, _amount in application.parts})
    subjects = [("receipt", receipt.pk), *documents, ("customer", receipt.customer_id or 0)]
    names = _names(items[item_id] for item_id, _amount in application.parts)
    figures = {"amount": application.amount, "currency": receipt.currency, "names": names}
    return events.Fact(subjects, figures)


def _names(items: Iterable[TouchedItem]) -> str:
    """The documents of items, as the history of a receipt tells them."""
    names = sorted({item.source_name for item in items})
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _add_moves(
    moves: Moves, touched: Iterable[TouchedItem], credit_accounts: Mapping[int | None, int]
) -> None:
    """Moves the exposure of each customer by what its items moved."""
    for item in touched:
        account = credit_accounts[item.customer_id]
        moves.add_item(account, item.currency, item.side, item.change)


def _link(
    company: Company, applications: Sequence[Application], items: Mapping[int, TouchedItem]
) -> None:
    """Links each paid document to its receipts, once however often parts of one pay the other."""
    wanted = {
        ((i.source_kind, i.source_id, i.source_name), ("receipt", r.pk, r.name))
        for a in applications
        for r in (a.receipt,)
        for item_id, _amount in a.parts
        for i in (items[item_id],)
        if i.source_kind != NO_DOCUMENT
    }
    again = [a.receipt.pk for a in applications if _was_applied_before(a, items)]
    links.link(company, sorted(wanted - _linked(again)), PAID_BY)


def _was_applied_before(application: Application, items: Mapping[int, TouchedItem]) -> bool:
    receipt = application.receipt
    left = items[receipt.open_item_id].open_amount
    return left + application.amount < receipt.amount


def _linked(receipt_ids: Sequence[int]) -> set[tuple[links.End, links.End]]:
    if not receipt_ids:
        return set()
    rows = DocumentLink.objects.filter(to_kind="receipt", to_id__in=receipt_ids, role=PAID_BY)
    return {
        ((link.from_kind, link.from_id, link.from_name), ("receipt", link.to_id, link.to_name))
        for link in rows
    }


def live_allocations(receipts: Iterable[Receipt]) -> dict[int, list[Allocation]]:
    """What of each receipt is applied now, by receipt id, in one statement."""
    by_item = {receipt.open_item_id: receipt.pk for receipt in receipts}
    rows = Allocation.objects.filter(
        credit_item__in=by_item, reverses=None, reversed_by=None
    ).order_by("pk")
    found: dict[int, list[Allocation]] = defaultdict(list)
    for row in rows:
        found[by_item[row.credit_item_id]].append(row)
    return found


@inside_transaction
def take_back(
    company: Company,
    receipts: Sequence[Receipt],
    allocations: Mapping[int, Sequence[Allocation]],
    *,
    days: Mapping[int, date],
    by: User,
    moves: Moves,
) -> None:
    """Reverses allocations of locked receipts, on the day of each; invoices are open again.

    Adds to the `moves` of the deed, which writes them as the last thing.
    """
    undone = {row.pk: days[pk] for pk, rows in allocations.items() for row in rows}
    if not undone:
        return
    settled = ledger.reverse_allocations(company, undone, by=by)
    invoices.apply(settled.items.values())
    owners = {r.customer_id: r.customer.credit_account_id for r in receipts if r.customer}
    _add_moves(moves, settled.items.values(), owners)
    facts = []
    for receipt in receipts:
        rows = allocations.get(receipt.pk, ())
        if rows:
            documents = {_document(settled.items[row.debit_item_id]) for row in rows}
            amount = sum((row.amount for row in rows), ZERO)
            names = _names(settled.items[row.debit_item_id] for row in rows)
            figures = {"amount": amount, "currency": receipt.currency, "names": names}
            subjects = [("receipt", receipt.pk), *sorted(documents)]
            facts.append(events.Fact([*subjects, ("customer", receipt.customer_id or 0)], figures))
    events.record(company, "receipt.unapplied", facts, by=by)
    _unlink(company, [r for r in receipts if allocations.get(r.pk)])


def _unlink(company: Company, receipts: Sequence[Receipt]) -> None:
    """Links no more what nothing of the receipts pays; other parts of it may be paid by them."""
    rows = DocumentLink.objects.filter(company=company, to_kind="receipt", role=PAID_BY)
    paying = Allocation.objects.filter(
        credit_item__source_kind="receipt",
        credit_item__source_id=OuterRef("to_id"),
        debit_item__source_kind=OuterRef("from_kind"),
        debit_item__source_id=OuterRef("from_id"),
        reverses=None,
        reversed_by=None,
    )
    rows.filter(~Exists(paying), to_id__in=[r.pk for r in receipts]).delete()


def _document(item: TouchedItem) -> tuple[str, int]:
    return item.source_kind, item.source_id
