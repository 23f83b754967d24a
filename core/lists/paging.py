"""Keyset paging: a page is found by the row it follows, never by counting rows (no OFFSET).

The order is the sort column and then the primary key, both in one direction, so that one index
serves both ways. As in PostgreSQL, a missing value counts as greater than any other.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Col

SALT = "list position"
MOST_COUNTED = 10_000

Mark = tuple[object, int]


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the marks of the pages around it (empty: there is none)."""

    rows: list[Any]
    before: str
    after: str


@dataclass(frozen=True)
class Order:
    """A field path or annotation, and its direction."""

    path: str
    descending: bool

    def keyed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        keyed: QuerySet[Any] = rows.annotate(sort_key=F(self.path))
        return keyed

    def sorted(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        if self.descending != backwards:
            return rows.order_by(F("sort_key").desc(), "-pk")
        return rows.order_by(F("sort_key").asc(), "pk")

    def mark(self, row: Any) -> str:
        """The place of a row in this order, signed, for the address of the next page."""
        value = None if row.sort_key is None else str(row.sort_key)
        return signing.dumps([self.path, self.descending, value, row.pk], salt=SALT)

    def read(self, text: str, rows: QuerySet[Any]) -> Mark | None:
        """The place a mark stands for; None for a mark that is not ours or of another order."""
        try:
            path, descending, value, pk = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        if (path, descending) != (self.path, self.descending):
            return None
        field = rows.query.annotations["sort_key"].output_field
        return (None if value is None else field.to_python(value)), pk


def cut(rows: QuerySet[Any], order: Order, size: int, *, before: str, after: str) -> Page:
    """The page of `size` rows after or before a mark; the first page where no mark leads."""
    rows = order.keyed(rows)
    mark = order.read(before or after, rows)
    back = bool(before and mark)
    wanted = rows.filter(_beyond(rows, mark, order.descending != back)) if mark else rows
    found = list(order.sorted(wanted, backwards=back)[: size + 1])
    more, found = len(found) > size, found[:size]
    if mark and (not found or (back and not more)):
        return cut(rows, order, size, before="", after="")
    if back:
        found.reverse()
    return Page(
        found,
        before=order.mark(found[0]) if mark else "",
        after=order.mark(found[-1]) if back or more else "",
    )


def _beyond(rows: QuerySet[Any], mark: Mark, descending: bool) -> Q:
    """The rows behind a mark, in a form that an index on the column can serve."""
    value, pk = mark
    if value is None:
        if descending:
            return Q(sort_key__isnull=False) | Q(pk__lt=pk)
        return Q(sort_key__isnull=True, pk__gt=pk)
    if descending:
        return Q(sort_key__lte=value) & (Q(sort_key__lt=value) | Q(pk__lt=pk))
    behind = Q(sort_key__gte=value) & (Q(sort_key__gt=value) | Q(pk__gt=pk))
    return behind | Q(sort_key__isnull=True) if _may_be_missing(rows) else behind


def _may_be_missing(rows: QuerySet[Any]) -> bool:
    column = rows.query.annotations["sort_key"]
    if not isinstance(column, Col) or column.target.null:
        return True
    return rows.query.alias_map[column.alias].join_type is not None and (
        rows.query.alias_map[column.alias].join_type != "INNER JOIN"
    )


@dataclass(frozen=True)
class Tally:
    """How many rows there are and what each total comes to by currency; beyond the limit only
    "more than"."""

    count: int
    sums: list[dict[str, Decimal]]

    @property
    def more(self) -> bool:
        return self.count > MOST_COUNTED


def tally(rows: QuerySet[Any], totals: Sequence[tuple[str, str]]) -> Tally:
    """Counts and adds up `totals` (amount, currency) in one statement that reads 10,001 rows."""
    columns = list(dict.fromkeys(["pk", *(path for total in totals for path in total)]))
    try:
        few = rows.order_by().values_list(*columns)[: MOST_COUNTED + 1]
        inner, values = few.query.sql_with_params()
    except EmptyResultSet:
        return Tally(0, [{} for _total in totals])
    place = [(columns.index(amount), columns.index(currency)) for amount, currency in totals]
    currencies = sorted({currency for _amount, currency in place})
    kept = ", ".join(["count(*)", *(f"sum(c{a}), c{c}" for a, c in place)])
    group = f"GROUP BY {', '.join(f'c{c}' for c in currencies)}" if currencies else ""
    names = ", ".join(f"c{n}" for n in range(len(columns)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {kept} FROM ({inner}) t({names}) {group}", values)
        return _added_up(cursor.fetchall(), len(totals))


def _added_up(found: Sequence[Sequence[Any]], totals: int) -> Tally:
    """The groups of a statement as one tally, the largest sum of each total first."""
    count = sum(row[0] for row in found)
    sums: list[dict[str, Decimal]] = [defaultdict(Decimal) for _total in range(totals)]
    for row in found:
        for number, of in enumerate(sums):
            amount, currency = row[1 + 2 * number : 3 + 2 * number]
            of[currency] += amount or 0
    largest = [dict(sorted(of.items(), key=lambda pair: -pair[1])) for of in sums]
    return Tally(count, largest if count <= MOST_COUNTED else [{} for _total in sums])
