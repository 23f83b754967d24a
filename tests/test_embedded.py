"""The embedded servers of this very run."""

from django.db import connection


def test_the_database_is_private(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('fsync')")
        assert cursor.fetchone() == ("o2c_owner", "off")
