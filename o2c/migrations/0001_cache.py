"""The table of Django's database cache, which no model describes."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE o2c_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX o2c_cache_expires ON o2c_cache (expires);
            """,
            "DROP TABLE o2c_cache",
        )
    ]
