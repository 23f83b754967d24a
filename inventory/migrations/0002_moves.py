from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def deny(apps, schema_editor):
    """Takes UPDATE, DELETE and TRUNCATE from the application's role."""
    schema_editor.execute(
        "CALL core_deny_change(%s, %s)", ["inventory_move", settings.APPLICATION_ROLE]
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only"), ("inventory", "0001_initial")]

    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunPython(deny, migrations.RunPython.noop),
    ]
