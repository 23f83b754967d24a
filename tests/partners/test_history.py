"""The history of master data cannot be rewritten by the application."""

import psycopg2
import pytest

TABLES = [
    "partners_customerevent",
    "partners_partnerevent",
    "partners_partnerbankaccountevent",
    "partners_creditaccountevent",
    "catalog_productevent",
    "catalog_priceevent",
]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_the_application_may_not_change_history(app_role, table, statement):
    with app_role.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("table", TABLES)
def test_the_application_may_add_to_history_and_read_it(app_role, table):
    with app_role.cursor() as cursor:
        rights = "has_table_privilege(current_user, %s, 'INSERT, SELECT')"
        cursor.execute(f"SELECT {rights}", [table])
        assert cursor.fetchone() == (True,)
