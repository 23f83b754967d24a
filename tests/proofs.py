"""Proofs at the end of a test: `core.invariants`, with each query planned once per connection.

On the few rows of a test PostgreSQL plans the joins of an invariant six times as long as it runs
them, and most tests end with all of them.
"""

from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

from core.invariants import Invariant, all_invariants, prove

_planned: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def broken_promises(invariants: Iterable[Invariant] | None = None) -> list[tuple[Any, ...]]:
    """The invariants that do not hold, with examples; all of them unless said otherwise."""
    with connection.execute_wrapper(_plan_once):
        proofs = [prove(each) for each in (all_invariants() if invariants is None else invariants)]
    return [(p.invariant.id, p.invariant.name, p.examples) for p in proofs if p.violations]


def _plan_once(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Runs a statement from a plan that the server keeps while the connection lives.

    Where the clock is set to another day, it is that day for the proofs too.
    """
    now = f"(now() + interval '{settings.CLOCK_SHIFT.total_seconds()} seconds')"
    sql = sql.replace("now()", now) if settings.CLOCK_SHIFT else sql
    names = _planned.setdefault(context["connection"].connection, {})
    if sql not in names:
        names[sql] = f"proof_{len(names)}"
        execute(f"PREPARE {names[sql]} AS {sql}", params, many, context)
    return execute(f"EXECUTE {names[sql]}", params, many, context)
