"""What is posted stays: for the owner of the tables and for the application's role."""

import psycopg2
import pytest
from django.db import Error, connection, transaction

from tests.cast import make_company
from tests.factories.ledger import owe, pay, settle
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db

TABLES = (
    "ledger_entry",
    "ledger_entryline",
    "ledger_allocation",
    "core_event",
    "core_eventsubject",
)
CHANGES = {
    "update": "UPDATE {} SET id = id",
    "update of nothing": "UPDATE {} SET id = id WHERE FALSE",
    "delete": "DELETE FROM {}",
    "truncate": "TRUNCATE {} CASCADE",
}


@pytest.fixture
def booked():
    """At least one row in each table."""
    company = make_company()
    customer = make_customer(company)
    settle(company, (owe(company, customer, 100), pay(company, customer, 100), 100))
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("table", TABLES)
def test_not_even_the_owner_changes_it(booked, table, change):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL o2c.may_truncate = 'off'; SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute(change.format(table))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("table", TABLES)
def test_the_application_has_no_right_to(app_role, table, change):
    with (
        app_role.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"),
    ):
        cursor.execute(change.format(table))


def test_the_application_may_change_the_rest(app_role):
    with app_role.cursor() as cursor:
        cursor.execute("UPDATE ledger_openitem SET dunning_level = 1 WHERE FALSE")
        cursor.execute("SELECT count(*) FROM ledger_entryline")
