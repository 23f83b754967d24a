"""Counting statements and measuring time and CPU of a piece of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

from django.db import connection

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


@dataclass
class Measured:
    """Statements (without BEGIN, COMMIT, SAVEPOINT), wall seconds, and CPU seconds of ours."""

    statements: int = 0
    seconds: float = 0.0
    cpu: float = 0.0


@contextmanager
def measured() -> Iterator[Measured]:
    """Measures what runs inside."""
    found = Measured()

    def count(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            found.statements += 1
        return execute(sql, params, many, context)

    began, cpu = perf_counter(), process_time()
    with connection.execute_wrapper(count):
        yield found
    found.seconds, found.cpu = perf_counter() - began, process_time() - cpu
