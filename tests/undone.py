"""Blocks whose writing is undone at their end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is undone; deeds may run in it, as in a test case's own transaction."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
