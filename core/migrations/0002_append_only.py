from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

UNDO = """
DROP TRIGGER append_only ON core_event;
DROP TRIGGER append_only ON core_eventsubject;
DROP TRIGGER never_truncated ON core_event;
DROP TRIGGER never_truncated ON core_eventsubject;
DROP FUNCTION core_append_only();
DROP FUNCTION core_minor_digits(text);
DROP PROCEDURE core_deny_change(text, text);
"""


def deny(apps, schema_editor):
    """Takes UPDATE, DELETE and TRUNCATE from the application's role."""
    for table in ("core_event", "core_eventsubject"):
        schema_editor.execute("CALL core_deny_change(%s, %s)", [table, settings.APPLICATION_ROLE])


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.RunPython(deny, migrations.RunPython.noop),
    ]
