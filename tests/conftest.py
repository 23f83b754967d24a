"""Fixtures for all tests; the servers of the run are started by `tests/cluster.py`."""

from collections.abc import Iterator

import psycopg2
import psycopg2.extensions
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.proofs import broken_promises
from tests.undone import undone

LONGEST = "tests/o2c/test_run.py"  # starts all servers and waits for them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests come first: at the end one worker would wait for the other."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The tests alone may empty append-only tables, which they do after a test that commits."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] += " -c o2c.may_truncate=on"


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> None:
    """A real hash takes a second on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def static_files_found_when_asked_for() -> None:
    """Every test client would list a thousand files first."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def app_role(db: None) -> Iterator[psycopg2.extensions.connection]:
    """A connection to the test database as the application's role, which has fewer rights.

    It sees only what was committed.
    """
    where = connection.get_connection_params() | {"user": settings.APPLICATION_ROLE}
    where.pop("cursor_factory", None)
    connected = psycopg2.connect(**where)
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For what all tests of a module begin with: each of them then works in a savepoint.

    Fixtures of the module write it once and it is undone after the last test. Rows only: give
    each test copies of the objects. Not for tests that commit.
    """
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def proved(db: None) -> Iterator[None]:
    """At the end of the test, every invariant of the books holds."""
    yield
    assert broken_promises() == []
