"""Applying what is left of credit notes to other invoices of the customer, and taking that back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock, events, formats, links
from core.actions import action, inside_transaction
from core.models import Company, DocumentLink, rights
from core.money import ZERO, round_amount
from core.refusals import Refused
from invoicing import settlement
from invoicing.models import Invoice
from ledger.models import Allocation, OpenItem, Side
from ledger.settlement import Pair, TouchedItem, allocate, lock_items, reverse_allocations
from partners.exposure import Moves
from users.models import User

SETTLED_BY = "settled_by"


@dataclass(frozen=True)
class CreditUse:
    """What of a credit note is applied: an amount for each invoice, in their currency."""

    note_id: int
    amounts: Mapping[int, Decimal]


@action
def apply_credits(company: Company, wanted: Sequence[CreditUse], *, by: User) -> list[Invoice]:
    """Applies credit notes, today, to the earliest instalments of invoices; returns the notes.

    Dr UNAPPLIED_RECEIPTS, Cr AR_CONTROL, and the exchange difference, as for money. Raises Refused
    when more is applied than is open on either side, or to another customer or currency.
    """
    rights(by).require("invoicing.credit", company.pk)
    if not wanted or not all(use.amounts for use in wanted):
        raise Refused("credit.nothing_chosen", _("Say how much is for which invoice."))
    documents = {pk for use in wanted for pk in (use.note_id, *use.amounts)}
    items = _lock_items_of(documents)
    found = _find(company, documents, by)
    notes = [_note(found[use.note_id]) for use in wanted]
    pairs = [pair for use in wanted for pair in _pairs(use, found, items)]
    settled = allocate(company, pairs, on=clock.today(company), by=by)
    settlement.apply(settled.items.values())
    _link(company, wanted, found)
    used = [(use.note_id, use.amounts) for use in wanted]
    _record(company, "credit_note.applied", used, found, by)
    _move_exposure(found, settled.items.values())
    return notes


@action
def unapply_credits(
    company: Company, wanted: Mapping[int, Collection[int]], *, by: User
) -> list[Invoice]:
    """Takes back allocations of credit notes, by id of the note: their invoices are open again."""
    rights(by).require("invoicing.credit", company.pk)
    chosen = {(note, pk) for note, ids in wanted.items() for pk in ids}
    documents = {pk for row in _applied(wanted) for pk in _ends(row)} | set(wanted)
    _lock_items_of(documents)
    found = _find(company, documents, by)
    there = _applied(wanted)
    taken = [row for row in there if (row.credit_item.source_id, row.pk) in chosen]
    if not chosen or len(taken) != len(chosen):
        text = _("The credit note is not applied to this invoice, so nothing can be taken back.")
        raise Refused("credit.not_applied", text)
    today = clock.today(company)
    settled = reverse_allocations(company, {row.pk: today for row in taken}, by=by)
    settlement.apply(settled.items.values())
    kept = {_ends(row) for row in there if row not in taken}
    _unlink(company, {_ends(row) for row in taken} - kept)
    _record(company, "credit_note.unapplied", _taken_back(taken), found, by)
    _move_exposure(found, settled.items.values())
    return [found[pk] for pk in wanted]


def _applied(note_ids: Collection[int]) -> list[Allocation]:
    """What of credit notes is applied to invoices now."""
    kinds = {"credit_item__source_kind": "invoice", "debit_item__source_kind": "invoice"}
    rows = Allocation.objects.filter(
        credit_item__source_id__in=note_ids, reverses=None, reversed_by=None, **kinds
    )
    return list(rows.select_related("credit_item", "debit_item").order_by("pk"))


def _ends(row: Allocation) -> tuple[int, int]:
    return row.credit_item.source_id, row.debit_item.source_id


@inside_transaction
def _unlink(company: Company, pairs: Iterable[tuple[int, int]]) -> None:
    ends = Q(pk__in=[])
    for note_id, invoice_id in pairs:
        ends |= Q(to_id=note_id, from_id=invoice_id)
    DocumentLink.objects.filter(ends, company=company, role=SETTLED_BY).delete()


def _taken_back(rows: Iterable[Allocation]) -> list[tuple[int, dict[int, Decimal]]]:
    sums: dict[int, dict[int, Decimal]] = {}
    for row in rows:
        note_id, invoice_id = _ends(row)
        of_note = sums.setdefault(note_id, {})
        of_note[invoice_id] = of_note.get(invoice_id, ZERO) + row.amount
    return list(sums.items())


def _find(company: Company, ids: Collection[int], by: User) -> dict[int, Invoice]:
    """The documents; the locks of their open items guard them."""
    rows = Invoice.objects.visible_to(by).filter(company=company).select_related("customer")
    found = rows.in_bulk(list(ids))
    if len(found) < len(ids):
        raise Refused("credit.not_found", _("A document was not found, or is not yours to see."))
    return found


def _note(row: Invoice) -> Invoice:
    if not row.is_credit_note:
        text = _("%(number)s is no credit note, so nothing of it can be applied.")
        raise Refused("credit.no_note", text % {"number": row.name})
    return row


@inside_transaction
def _lock_items_of(ids: Collection[int]) -> dict[int, list[OpenItem]]:
    """The open items of each document, locked, the earliest due first."""
    of_documents = OpenItem.objects.filter(source_kind="invoice", source_id__in=ids)
    items: dict[int, list[OpenItem]] = {pk: [] for pk in ids}
    locked = lock_items(of_documents.values_list("pk", flat=True))
    for item in sorted(locked.values(), key=lambda i: (i.due_on, i.position)):
        items[item.source_id].append(item)
    return items


def _pairs(
    use: CreditUse, found: Mapping[int, Invoice], items: Mapping[int, Sequence[OpenItem]]
) -> list[Pair]:
    """Amounts as pairs of open items; what an earlier use of this deed took is gone already."""
    credit = next(iter(items[use.note_id]), None)
    pairs = []
    for invoice_id, amount in use.amounts.items():
        debits = [item for item in items[invoice_id] if item.side == Side.DEBIT]
        for row, sides in ((found[use.note_id], [credit]), (found[invoice_id], debits)):
            _check(row, sum((item.open_amount for item in sides if item), ZERO), amount)
        left = amount
        for item in debits:
            if credit and (part := min(left, item.open_amount)):
                pairs.append(Pair(item.pk, credit.pk, part))
                left -= part
                item.open_amount -= part
                credit.open_amount -= part
    return pairs


def _check(row: Invoice, left: Decimal, amount: Decimal) -> None:
    """Refuses more than is open of a document, and what is no amount of money."""
    if not ZERO < amount == round_amount(amount, row.currency):
        raise Refused("credit.no_amount", _("%s is no amount to apply.") % amount)
    if amount > left:
        over = amount - left
        words = {
            "number": row.name,
            "amount": formats.amount(amount, row.currency, code=True),
            "left": formats.amount(left, row.currency, code=True),
            "over": formats.amount(over, row.currency, code=True),
        }
        text = _("%(amount)s is more than %(number)s has open: %(left)s. Take off %(over)s.")
        raise Refused("credit.too_much", text % words, left=left, over=over)


@inside_transaction
def _move_exposure(found: Mapping[int, Invoice], touched: Iterable[TouchedItem]) -> None:
    accounts = {row.customer_id: row.customer.credit_account_id for row in found.values()}
    moves = Moves()
    for item in touched:
        moves.add_item(accounts[item.customer_id or 0], item.currency, item.side, item.change)
    moves.write()


@inside_transaction
def _link(company: Company, wanted: Sequence[CreditUse], found: Mapping[int, Invoice]) -> None:
    """Links invoices to the notes that settle them; the one a note corrects is linked already."""
    ends = {
        (invoice_id, use.note_id)
        for use in wanted
        for invoice_id in use.amounts
        if found[use.note_id].corrects_id != invoice_id
    }
    rows = DocumentLink.objects.filter(role=SETTLED_BY, to_kind="invoice",
                                       to_id__in=[use.note_id for use in wanted])  # fmt: skip
    ends -= set(rows.values_list("from_id", "to_id"))
    named = {pk: ("invoice", pk, row.name) for pk, row in found.items()}
    links.link(company, [(named[start], named[end]) for start, end in sorted(ends)], SETTLED_BY)


@inside_transaction
def _record(
    company: Company,
    verb: str,
    uses: Sequence[tuple[int, Mapping[int, Decimal]]],
    found: Mapping[int, Invoice],
    by: User,
) -> None:
    """One event per note, named after it, on the timelines of the note and of its invoices."""
    facts = []
    for note_id, amounts in uses:
        note = found[note_id]
        about = [("invoice", note_id), *(("invoice", pk) for pk in amounts)]
        total = sum(amounts.values(), ZERO)
        words = [
            f"{found[pk].name} {formats.amount(amount, note.currency, code=True)}"
            for pk, amount in amounts.items()
        ]
        figures = {"amount": total, "currency": note.currency, "reason": ", ".join(words)}
        facts.append(events.Fact([*about, ("customer", note.customer_id)], figures))
    events.record(company, verb, facts, by=by)
