"""The only writer of the books: drafts of entries become balanced, numbered, lasting entries.

A step of every deed with money in it. Four statements for any number of drafts: lock periods and
read the chart, take numbers, write entries, write lines. Entry ids are drawn after the number
series is locked, so that a company's ids grow in the order of its commits; `ledger.totals` rests
on that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import bulk, clock, numbering
from core.actions import inside_transaction
from core.models import Company
from core.refusals import Refused
from ledger.books import Books, open_books
from ledger.models import AccountRole, Entry, EntryLine, Journal
from users.models import User

Source = tuple[str, int, str]  # kind, id, name of the document
ENTRY_COLUMNS = (
    "company_id",
    "number",
    "journal",
    "posting_date",
    "recorded_at",
    "recorded_by_id",
    "source_kind",
    "source_id",
    "source_name",
    "event",
    "text",
    "reverses_id",
)
LINE_COLUMNS = (
    "entry_id",
    "posting_date",
    "account_id",
    "base_amount",
    "currency",
    "amount",
    "partner_id",
    "open_item_id",
    "tax_code_id",
)


class Line(NamedTuple):
    """One side of an entry: debit above zero, credit below.

    `base_amount` is in the company's currency. The account is named by its role, or by
    `account_id` where a company has several of a kind (banks). A line on a control account names
    its open item; `partner_id` is for lines about a partner that have none.
    """

    role: AccountRole | None
    base_amount: Decimal
    currency: str
    amount: Decimal
    account_id: int | None = None
    partner_id: int | None = None
    open_item_id: int | None = None
    tax_code_id: int | None = None


class Draft(NamedTuple):
    """An entry to be posted once per source and event.

    With `or_first_open_day` it goes to the first open day where its own period is closed;
    without, a closed period refuses it.
    """

    journal: Journal
    posting_date: date
    source: Source
    event: str
    lines: Sequence[Line]
    text: str = ""
    reverses_id: int | None = None
    or_first_open_day: bool = False


class Posted(NamedTuple):
    """What became of a draft; the day may be later than the draft's."""

    id: int
    number: str
    posting_date: date


@inside_transaction
def post(company: Company, drafts: Sequence[Draft], *, by: User) -> list[Posted | None]:
    """Posts drafts in the given order; None stands for a draft whose lines are all zero.

    Raises Refused `period.closed`, `period.missing` or `ledger.role_missing`. A draft that does
    not balance is a bug, which the database refuses.
    """
    live = [draft for draft in drafts if any(_moves(line) for line in draft.lines)]
    if not live:
        return [None] * len(drafts)
    books = open_books(company, {(draft.journal.module, draft.posting_date) for draft in live}, by)
    days = [_day(books, draft) for draft in live]
    numbers = _numbers(company, days)
    ids = _write_entries(company, live, days, numbers, by)
    _write_lines(books, [(d, ids[n], day) for d, n, day in zip(live, numbers, days, strict=True)])
    posted = map(Posted._make, zip((ids[n] for n in numbers), numbers, days, strict=True))
    return [next(posted) if any(_moves(line) for line in d.lines) else None for d in drafts]


def _moves(line: Line) -> bool:
    return bool(line.base_amount or line.amount)


def _day(books: Books, draft: Draft) -> date:
    if draft.or_first_open_day:
        return books.first_open_day(draft.journal.module, draft.posting_date)
    books.check_open(draft.journal.module, draft.posting_date)
    return draft.posting_date


def _numbers(company: Company, days: Sequence[date]) -> list[str]:
    """Entry numbers in the order of the drafts, the series of each fiscal year on its own."""
    by_year: dict[int, list[date]] = defaultdict(list)
    for day in days:
        by_year[company.fiscal_year(day)].append(day)
    wanted = {("entry", max(of_year)): len(of_year) for of_year in by_year.values()}
    taken = numbering.take(company, wanted)
    series = {year: iter(taken["entry", max(of_year)]) for year, of_year in by_year.items()}
    return [next(series[company.fiscal_year(day)]) for day in days]


def _write_entries(
    company: Company,
    drafts: Sequence[Draft],
    days: Sequence[date],
    numbers: Sequence[str],
    by: User,
) -> dict[str, int]:
    """Ids of the new entries by number."""
    now = clock.now()
    rows = [
        (
            company.pk,
            number,
            draft.journal.value,
            day,
            now,
            by.pk,
            *draft.source,
            draft.event,
            draft.text,
            draft.reverses_id,
        )
        for draft, day, number in zip(drafts, days, numbers, strict=True)
    ]
    written = bulk.insert(Entry, ENTRY_COLUMNS, rows, returning=("number", "id"))
    return dict(written)


def _write_lines(books: Books, entries: Iterable[tuple[Draft, int, date]]) -> None:
    rows = []
    for draft, entry_id, day in entries:
        for line in draft.lines:
            if _moves(line):
                role, base_amount, currency, amount, account_id, *about = line
                account = account_id or books.account(role)
                rows.append((entry_id, day, account, base_amount, currency, amount, *about))
    bulk.insert(EntryLine, LINE_COLUMNS, rows)


@inside_transaction
def reverse(
    company: Company,
    entries: Sequence[Entry],
    *,
    by: User,
    days: Sequence[date] | None = None,
    items: Mapping[int, int] | None = None,
) -> list[Posted]:
    """Posts the same lines with sides swapped, each on its own day or the later one of `days`.

    Where that period is closed, on the first open day. `items` names the open item that stands on
    the other side of an item the entry had opened. Raises Refused `entry.reversed_already`.
    """
    _refuse_reversed(entries)
    swapped = _swapped(entries, items or {})
    own = [entry.posting_date for entry in entries]
    drafts = [
        Draft(
            Journal(entry.journal),
            max(day, entry.posting_date),
            ("entry", entry.pk, entry.number),
            "reversed",
            swapped[entry.pk],
            _("Reverses %(entry)s") % {"entry": entry.number},
            entry.pk,
            True,
        )
        for entry, day in zip(entries, days or own, strict=True)
    ]
    return [posted for posted in post(company, drafts, by=by) if posted]


def _swapped(entries: Sequence[Entry], counter: Mapping[int, int]) -> dict[int, list[Line]]:
    """The lines of entries with sides swapped, by entry."""
    columns = (
        "entry_id", "base_amount", "currency", "amount", "account_id", "partner_id",
        "open_item_id", "tax_code_id",
    )  # fmt: skip
    swapped: dict[int, list[Line]] = defaultdict(list)
    rows = EntryLine.objects.filter(entry__in=entries).order_by("pk").values_list(*columns)
    for entry_id, base, currency, amount, account_id, partner_id, item_id, tax_code_id in rows:
        other = counter.get(item_id, item_id) if item_id else None
        line = Line(None, -base, currency, -amount, account_id, partner_id, other, tax_code_id)
        swapped[entry_id].append(line)
    return swapped


def _refuse_reversed(entries: Sequence[Entry]) -> None:
    earlier = Entry.objects.filter(reverses__in=entries).values_list("number", "reverses__number")
    for number, reversed_number in earlier:
        raise Refused(
            "entry.reversed_already",
            _("%(entry)s was reversed already, by %(by)s.")
            % {"entry": reversed_number, "by": number},
        )
