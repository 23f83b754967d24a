"""Proofs: named SQL queries that must return no row. Each app lists its own in `invariants.py`."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from time import perf_counter
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.module_loading import module_has_submodule

EXAMPLES = 5


@dataclass(frozen=True)
class Invariant:
    """A promise about the stored data: `sql` selects what breaks it."""

    id: str
    name: str
    sql: str


@dataclass(frozen=True)
class Proof:
    """The outcome of one invariant: how many rows break it, and the first few of them."""

    invariant: Invariant
    violations: int
    examples: list[tuple[object, ...]]
    seconds: float


def all_invariants() -> list[Invariant]:
    """The invariants of every app, in the order of their ids."""
    found = [invariant for module in _modules() for invariant in module.INVARIANTS]
    return sorted(found, key=lambda invariant: invariant.id)


@cache
def _modules() -> list[Any]:
    """The `invariants.py` of every app that has one."""
    return [
        import_module(f"{config.name}.invariants")
        for config in apps.get_app_configs()
        if config.module and module_has_submodule(config.module, "invariants")
    ]


def prove(invariant: Invariant) -> Proof:
    """Runs one invariant."""
    began = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(invariant.sql)
        rows = cursor.fetchall()
    return Proof(invariant, len(rows), rows[:EXAMPLES], perf_counter() - began)


NUMBERS = """
SELECT company_id, prefix, year, given, written, last
  FROM (SELECT company_id, prefix, fiscal_year::text AS year, next - 1 AS given
          FROM core_numberseries WHERE kind IN ({kinds})) AS series
  FULL JOIN (SELECT company_id, split_part(number, '-', 1) AS prefix,
                    split_part(number, '-', 2) AS year, count(*) AS written,
                    count(DISTINCT number) AS apart, max(split_part(number, '-', 3)::bigint) AS last
               FROM {table} WHERE number IS NOT NULL GROUP BY 1, 2, 3) AS documents
       USING (company_id, prefix, year)
 WHERE (given > 0 OR written > 0)
   AND ARRAY[written, apart, last] IS DISTINCT FROM ARRAY[given, given, given]
"""


def numbers(key: str, name: str, table: str, *kinds: str) -> Invariant:
    """Each number the series of `kinds` gave out stands in `table`, once, and no other does."""
    among = ", ".join(map(repr, kinds))
    return Invariant(key, name, NUMBERS.format(table=table, kinds=among))


def check_books() -> list[Proof]:
    """Every invariant, proved or broken."""
    return [prove(invariant) for invariant in all_invariants()]


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I18",
        "No follow-up waits longer than an hour unless it is parked with a reason",
        """
        SELECT id, handler, due_at FROM core_followup
         WHERE done_at IS NULL AND parked_at IS NULL AND due_at < now() - interval '1 hour'
           AND (leased_until IS NULL OR leased_until < now())
        """,
    ),
)
