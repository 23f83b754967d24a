"""Counting SQL statements, without the brackets of transactions."""

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def statements():
    """Yields the list that holds the statements afterwards."""
    found = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [q["sql"] for q in captured if not q["sql"].startswith(BRACKETS)]
