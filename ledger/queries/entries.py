"""Reads of the journal: its rows, and one entry with its lines and relations."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from core import formats
from core.kinds import KINDS, addresses
from core.models import Company
from ledger.models import Allocation, Entry, EntryLine, OpenItem
from users.models import User

MOST_LINES = 2000


def journal(user: User, company: Company) -> "QuerySet[Entry]":
    """Entries as the list shows them, each with the sum of its debit side."""
    debit = EntryLine.objects.filter(entry=OuterRef("pk"), base_amount__gt=0).order_by()
    total = debit.values("entry").annotate(total=Sum("base_amount")).values("total")
    return (
        Entry.objects.visible_to(user)
        .filter(company=company)
        .select_related("company", "recorded_by", "reverses", "reversed_by")
        .annotate(total=Subquery(total))
    )


def account_lines(account_id: int) -> "QuerySet[EntryLine]":
    """The lines of one account with their entries."""
    return EntryLine.objects.filter(account=account_id).select_related("account", "entry__company")


def lines_of(entry: Entry) -> list[EntryLine]:
    """The lines of an entry in the order they were written."""
    rows = EntryLine.objects.filter(entry=entry).select_related("account").order_by("pk")
    return list(rows[:MOST_LINES])


@dataclass(frozen=True)
class Reference:
    """A document that a page leads to."""

    label: Any
    name: str
    url: str


def source_of(company: Company, entry: Entry) -> list[Reference]:
    """The documents an entry came from: of an allocation, the items it settled."""
    wanted = [(entry.source_kind, entry.source_id)]
    if entry.source_kind == "allocation":
        items = OpenItem.objects.filter(pk__in=_settled(entry)).order_by("pk")
        wanted = [*dict.fromkeys(items.values_list("source_kind", "source_id"))]
    found = addresses(company, wanted)
    return [Reference(KINDS[pair[0]].label, *found[pair]) for pair in wanted[:20] if pair in found]


def _settled(entry: Entry) -> set[int]:
    """The items that an allocation's entry touched: those its lines name."""
    first = Allocation.objects.filter(pk=entry.source_id).values_list("credit_item", flat=True)
    rows = Allocation.objects.filter(credit_item__in=first, entry=entry)
    return {pk for pair in rows.values_list("credit_item", "debit_item") for pk in pair}


def counterpart_of(company: Company, entry: Entry) -> Reference | None:
    """The entry this one reverses, or the one that reversed it."""
    other, label = entry.reverses, _("Reverses")
    if other is None and hasattr(entry, "reversed_by"):
        other, label = entry.reversed_by, _("Reversed by")
    if other is None:
        return None
    return Reference(label, other.number, KINDS["entry"].address(company, other.number))


def facts_of(entry: Entry) -> list[tuple[Any, Any]]:
    """What stands beside an entry."""
    return [
        (_("Day"), formats.day_html(entry.posting_date)),
        (_("Journal"), entry.get_journal_display()),
        (_("Voucher"), entry.source_name),
        (_("Recorded"), formats.day_html(entry.recorded_at)),
        (_("By"), entry.recorded_by.name),
    ]
