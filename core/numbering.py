"""Numbers without gaps: a block from one counter row per (company, kind, fiscal year).

A series is endless where what it numbers outlives years, such as customers: it has one row.

The counter row is the last lock of a deed; a number is taken only for what is sure to be
written, so a rollback gives it back. Rules N1 to N6 of docs/algorithms/numbering.md.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from core.actions import inside_transaction
from core.models import Company, NumberSeries
from core.refusals import Refused

# kind → prefix, whether a number may not be older than the one before it (N4), whether endless.
SERIES: dict[str, tuple[str, bool, bool]] = {}
NO_YEAR = 0

TAKE = """
UPDATE core_numberseries AS s
   SET next = s.next + w.count, last_date = greatest(s.last_date, w.on_date)
  FROM (SELECT * FROM unnest(%s::text[], %s::int[], %s::date[], %s::int[])
               AS t(kind, fiscal_year, on_date, count)) AS w
 WHERE s.company_id = %s AND s.kind = w.kind AND s.fiscal_year = w.fiscal_year
   AND (NOT s.chronological OR s.last_date <= w.on_date)
RETURNING s.kind, s.fiscal_year, s.prefix, s.next - w.count
"""


def register_series(
    kind: str, prefix: str, *, chronological: bool = False, endless: bool = False
) -> None:
    """Says how `kind` is numbered, `INV-2026-00001` or endless `C-00001`; called at start-up."""
    SERIES[kind] = (prefix, chronological, endless)


@inside_transaction
def take(
    company: Company, wanted: Mapping[tuple[str, date], int]
) -> dict[tuple[str, date], list[str]]:
    """The next numbers for each (kind, day), in order, as the last lock of the deed.

    Raises Refused `numbering.out_of_order` when a chronological series has a later date already.
    """
    wanted = {key: count for key, count in wanted.items() if count}
    if not wanted:
        return {}
    keys = {(kind, _year(company, kind, on)): (kind, on) for kind, on in wanted}
    if len(keys) != len(wanted):
        raise ValueError("one day per kind and fiscal year in one call")
    rows = _advance(company, wanted)
    if len(rows) < len(keys):
        open_series(company, keys)
        rows |= _advance(company, {keys[k]: wanted[keys[k]] for k in keys if k not in rows})
    taken = {}
    for key, (kind, on) in keys.items():
        if key not in rows:
            raise Refused(
                "numbering.out_of_order",
                _("A later document has its number already; use a later date than %(day)s.")
                % {"day": on},
                kind=kind,
            )
        prefix, first = rows[key]
        head = prefix if key[1] == NO_YEAR else f"{prefix}-{key[1]}"
        taken[kind, on] = [f"{head}-{first + i:05d}" for i in range(wanted[kind, on])]
    return taken


def _year(company: Company, kind: str, on: date) -> int:
    return NO_YEAR if SERIES[kind][2] else company.fiscal_year(on)


def _advance(
    company: Company, wanted: Mapping[tuple[str, date], int]
) -> dict[tuple[str, int], tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            [
                [kind for kind, _on in wanted],
                [_year(company, kind, on) for kind, on in wanted],
                [on for _kind, on in wanted],
                list(wanted.values()),
                company.pk,
            ],
        )
        return {(kind, year): (prefix, first) for kind, year, prefix, first in cursor.fetchall()}


@inside_transaction
def open_series(company: Company, keys: Iterable[tuple[str, int]]) -> None:
    """Makes the counter rows of (kind, fiscal year) that are not there yet."""
    NumberSeries.objects.bulk_create(
        [
            NumberSeries(
                company=company,
                kind=kind,
                fiscal_year=year,
                prefix=SERIES[kind][0],
                chronological=SERIES[kind][1],
                last_date=date.min,
            )
            for kind, year in keys
        ],
        ignore_conflicts=True,
    )
