"""Applying what is left of credits to open items of the customer, and taking that back.

A credit is an open item that no money of ours stands behind: a credit note, or a credit or payment
that was taken over from the system before. Receipts are applied by `payments`, which knows payers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet
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
from partners.models import Customer
from users.models import User

SETTLED_BY = "settled_by"
CREDITS = {"invoice": "credit_note", "open_item": "item"}  # kind → its name in events

Used = tuple[OpenItem, OpenItem, Decimal]  # credit, what it settles, how much


@dataclass(frozen=True)
class CreditUse:
    """What of a credit is applied: an amount for each open item, by id, in their currency."""

    credit_item_id: int
    amounts: Mapping[int, Decimal]


@action
def apply_credits(company: Company, wanted: Sequence[CreditUse], *, by: User) -> list[OpenItem]:
    """Applies credits, today, to open items; returns the credits.

    Dr UNAPPLIED_RECEIPTS, Cr AR_CONTROL, and the exchange difference, as for money. Raises Refused
    when more is applied than is open on either side, or to another customer or currency.
    """
    rights(by).require("invoicing.credit", company.pk)
    if not wanted or not all(use.amounts for use in wanted):
        raise Refused("credit.nothing_chosen", _("Say how much is for which document."))
    items = _lock(company, {pk for use in wanted for pk in (use.credit_item_id, *use.amounts)})
    used = [
        (_credit(items[use.credit_item_id]), items[pk], amount)
        for use in wanted
        for pk, amount in use.amounts.items()
    ]
    _check(used)
    pairs = [Pair(item.pk, credit.pk, amount) for credit, item, amount in used]
    settled = allocate(company, pairs, on=clock.today(company), by=by)
    settlement.apply(settled.items.values())
    _link(company, used)
    _record(company, "applied", used, by)
    _move_exposure(settled.items.values())
    return [items[use.credit_item_id] for use in wanted]


@action
def unapply_credits(
    company: Company, allocation_ids: Collection[int], *, by: User
) -> list[OpenItem]:
    """Takes back applications of credits: what they settled is open again. Returns the credits."""
    rights(by).require("invoicing.credit", company.pk)
    ids = set(allocation_ids)
    before = _applied(company, ids)
    _lock(company, {row.pk for credit, item, _amount in before for row in (credit, item)})
    used = _applied(company, ids)
    if not ids or len(used) != len(ids):
        text = _("This credit is not applied there, so nothing can be taken back.")
        raise Refused("credit.not_applied", text)
    settled = reverse_allocations(company, dict.fromkeys(ids, clock.today(company)), by=by)
    settlement.apply(settled.items.values())
    _unlink(company, used)
    _record(company, "unapplied", used, by)
    _move_exposure(settled.items.values())
    return list({credit.pk: credit for credit, _item, _amount in used}.values())


@inside_transaction
def _lock(company: Company, ids: Collection[int]) -> dict[int, OpenItem]:
    found = {pk: row for pk, row in lock_items(ids).items() if row.company_id == company.pk}
    if len(found) < len(ids):
        raise Refused("credit.not_found", _("A document was not found, or is not yours to see."))
    return found


def why_no_credit(item: OpenItem) -> Refused | None:
    """Why nothing of this item can be applied to others here, if so."""
    if item.side == Side.CREDIT and item.source_kind in CREDITS and item.customer_id:
        return None
    text = _("%(number)s is no credit note and no credit taken over: it cannot be applied here.")
    return Refused("credit.no_note", text % {"number": item})


def _credit(item: OpenItem) -> OpenItem:
    if problem := why_no_credit(item):
        raise problem
    return item


def _check(used: Sequence[Used]) -> None:
    """Refuses what is no amount of money, and more in all than is open on either side."""
    left = {row.pk: row.open_amount for credit, item, _amount in used for row in (credit, item)}
    for credit, item, amount in used:
        if not ZERO < amount == round_amount(amount, item.currency):
            raise Refused("credit.no_amount", _("%s is no amount to apply.") % amount)
        for row in (credit, item):
            if amount > left[row.pk]:
                raise _too_much(row, amount, left[row.pk])
            left[row.pk] -= amount


def _too_much(row: OpenItem, amount: Decimal, left: Decimal) -> Refused:
    over = amount - left
    words = {
        "number": row,
        "amount": formats.amount(amount, row.currency, code=True),
        "left": formats.amount(left, row.currency, code=True),
        "over": formats.amount(over, row.currency, code=True),
    }
    text = _("%(amount)s is more than %(number)s has open: %(left)s. Take off %(over)s.")
    return Refused("credit.too_much", text % words, left=left, over=over)


def _applied(company: Company, ids: Collection[int]) -> list[Used]:
    """Those of these allocations that stand and are of credits, not the taking back of an item."""
    rows = _live(company).filter(
        pk__in=ids, credit_item__source_kind__in=CREDITS, credit_item__customer__isnull=False
    ).exclude(
        debit_item__source_kind=F("credit_item__source_kind"),
        debit_item__source_id=F("credit_item__source_id"),
    )  # fmt: skip
    return [(row.credit_item, row.debit_item, row.amount) for row in rows]


def _live(company: Company) -> QuerySet[Allocation]:
    """Applications that nobody took back."""
    rows = Allocation.objects.filter(company=company, reverses=None, reversed_by=None)
    return rows.select_related("credit_item", "debit_item").order_by("pk")


@inside_transaction
def _move_exposure(touched: Iterable[TouchedItem]) -> None:
    rows = list(touched)
    customers = Customer.objects.filter(pk__in={item.customer_id for item in rows})
    accounts = dict(customers.values_list("pk", "credit_account_id"))
    moves = Moves()
    for item in rows:
        moves.add_item(accounts[item.customer_id or 0], item.currency, item.side, item.change)
    moves.write()


def _ends(used: Iterable[Used]) -> set[tuple[links.End, links.End]]:
    """Invoices and the notes that settle them; pages tell what settles items taken over."""
    return {
        (("invoice", item.source_id, item.name), ("invoice", credit.source_id, credit.name))
        for credit, item, _amount in used
        if item.source_kind == credit.source_kind == "invoice"
    }


@inside_transaction
def _link(company: Company, used: Sequence[Used]) -> None:
    """Links invoices to the notes that settle them; the one a note corrects is linked already."""
    wanted = _ends(used)
    notes = {note[1] for _invoice, note in wanted}
    rows = DocumentLink.objects.filter(role=SETTLED_BY, to_kind="invoice", to_id__in=notes)
    there = set(rows.values_list("from_id", "to_id"))
    there |= set(Invoice.objects.filter(pk__in=notes).values_list("corrects_id", "pk"))
    fresh = [(start, end) for start, end in sorted(wanted) if (start[1], end[1]) not in there]
    links.link(company, fresh, SETTLED_BY)


@inside_transaction
def _unlink(company: Company, used: Sequence[Used]) -> None:
    """Takes away the links of what no other application holds together."""
    rows = _live(company).filter(credit_item__in={credit.pk for credit, _item, _amount in used})
    kept = _ends((row.credit_item, row.debit_item, row.amount) for row in rows)
    gone = Q(pk__in=[])
    for invoice, note in _ends(used) - kept:
        gone |= Q(from_id=invoice[1], to_id=note[1])
    DocumentLink.objects.filter(gone, company=company, role=SETTLED_BY).delete()


@inside_transaction
def _record(company: Company, what: str, used: Sequence[Used], by: User) -> None:
    """One event per credit, on the timelines of its document and of those it settles."""
    of_credit: dict[int, list[Used]] = {}
    for one in used:
        of_credit.setdefault(one[0].pk, []).append(one)
    for kind, name in CREDITS.items():
        facts = [_fact(rows) for rows in of_credit.values() if rows[0][0].source_kind == kind]
        events.record(company, f"{name}.{what}", facts, by=by)


def _fact(rows: Sequence[Used]) -> events.Fact:
    credit = rows[0][0]
    sums: dict[tuple[str, int, str], Decimal] = {}
    for _credit_item, item, amount in rows:
        document = (item.source_kind, item.source_id, item.name)
        sums[document] = sums.get(document, ZERO) + amount
    words = [
        f"{name} {formats.amount(amount, credit.currency, code=True)}"
        for (_kind, _pk, name), amount in sums.items()
    ]
    subjects: list[events.Subject] = [(credit.source_kind, credit.source_id)]
    subjects += [(kind, pk) for kind, pk, _name in sums]
    subjects.append(("customer", credit.customer_id or 0))
    figures = {"amount": sum(sums.values(), ZERO), "currency": credit.currency}
    return events.Fact(subjects, {**figures, "reason": ", ".join(words)})
