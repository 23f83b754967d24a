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
    Invariant(
        "I08",
        "Every number series has handed out exactly what it counted",
        "SELECT id FROM core_numberseries WHERE next < 1",
    ),
)
