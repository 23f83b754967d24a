"""What a document did to the books: its entries and those that settled its open items."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from core.kinds import KINDS, source_address
from core.models import Company
from ledger.models import Allocation, EntryLine, OpenItem, Side

ENTRIES = """
SELECT id, number, posting_date, text FROM ledger_entry
 WHERE company_id = %(company)s AND id IN (
       SELECT id FROM ledger_entry WHERE source_kind = %(kind)s AND source_id = %(id)s
        UNION
       SELECT e.id FROM ledger_entry s JOIN ledger_entry e ON e.reverses_id = s.id
        WHERE s.source_kind = %(kind)s AND s.source_id = %(id)s
        UNION
       SELECT a.entry_id FROM ledger_openitem i JOIN ledger_allocation a ON a.debit_item_id = i.id
        WHERE i.source_kind = %(kind)s AND i.source_id = %(id)s
        UNION
       SELECT a.entry_id FROM ledger_openitem i JOIN ledger_allocation a ON a.credit_item_id = i.id
        WHERE i.source_kind = %(kind)s AND i.source_id = %(id)s)
 ORDER BY id
 LIMIT %(most)s
"""
MOST = 100


@dataclass(frozen=True)
class BookedLine:
    """One side of an entry in the company's currency."""

    account: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True)
class BookedEntry:
    """An entry as a document's page shows it."""

    name: str
    url: str
    on: date
    text: str
    currency: str
    lines: list[BookedLine]


def books_of(company: Company, kind: str, pk: int, most: int = MOST) -> list[BookedEntry]:
    """The entries of a document, oldest first, in two statements."""
    given: dict[str, Any] = {"company": company.pk, "kind": kind, "id": pk, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, given)
        entries = cursor.fetchall()
    lines = _lines(entry_id for entry_id, *_rest in entries)
    return [
        BookedEntry(
            number,
            KINDS["entry"].address(company, number),
            on,
            text,
            company.currency,
            lines[entry_id],
        )
        for entry_id, number, on, text in entries
    ]


def _lines(entry_ids: Iterable[int]) -> dict[int, list[BookedLine]]:
    found: dict[int, list[BookedLine]] = defaultdict(list)
    rows = EntryLine.objects.filter(entry__in=list(entry_ids)).order_by("pk")
    for entry_id, number, title, base in rows.values_list(
        "entry_id", "account__number", "account__title", "base_amount"
    ):
        found[entry_id].append(
            BookedLine(f"{number} {title}", base if base > 0 else None, -base if base < 0 else None)
        )
    return found


@dataclass(frozen=True)
class Settlement:
    """What stands against a document, wholly or in part: another document, the day, the amount.

    `due_on` is that of the other document where it is the one that is owed.
    """

    allocation_id: int
    name: str
    label: Any
    url: str
    due_on: date | None
    on: date
    amount: Decimal


def settlements_of(company: Company, kind: str, pk: int) -> list[Settlement]:
    """What settled a document or is settled by it, the oldest first, in two statements.

    What was taken back is left out, and what a reversal of the document itself set against it.
    """
    items = set(
        OpenItem.objects.filter(source_kind=kind, source_id=pk).values_list("pk", flat=True)
    )
    rows = (
        Allocation.objects.filter(
            Q(debit_item__in=items) | Q(credit_item__in=items), reverses=None, reversed_by=None
        )
        .select_related("debit_item", "credit_item")
        .order_by("posting_date", "pk")
    )
    return [
        _settlement(company, row, row.credit_item if row.debit_item_id in items else row.debit_item)
        for row in rows
        if not {row.debit_item_id, row.credit_item_id} <= items
    ]


def _label(item: OpenItem) -> Any:
    """What kind of document an item is of; a credit note is not called an invoice."""
    known = KINDS.get(item.source_kind)
    if known is None:
        return ""
    return (known.credit if item.side == Side.CREDIT else "") or known.label


def _settlement(company: Company, row: Allocation, other: OpenItem) -> Settlement:
    return Settlement(
        row.pk,
        other.source_name,
        _label(other),
        source_address(company, other),
        other.due_on if other == row.debit_item else None,
        row.posting_date,
        row.amount,
    )
