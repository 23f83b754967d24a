from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

UNDO = """
DROP TRIGGER frozen ON invoicing_invoice;
DROP TRIGGER kept ON invoicing_invoice;
DROP TRIGGER append_only ON invoicing_invoiceline;
DROP TRIGGER append_only ON invoicing_taxgroup;
DROP TRIGGER append_only ON invoicing_instalment;
DROP TRIGGER has_invoice ON invoicing_invoiceline;
DROP TRIGGER has_corrected ON invoicing_invoiceline;
DROP TRIGGER has_invoice ON invoicing_taxgroup;
DROP TRIGGER has_invoice ON invoicing_instalment;
DROP TRIGGER has_invoice ON invoicing_billable;
DROP TRIGGER keeps_invoice ON invoicing_billable;
DROP FUNCTION invoicing_frozen();
DROP FUNCTION invoicing_check_parent();
DROP FUNCTION invoicing_check_corrected();
ALTER TABLE invoicing_invoice DROP CONSTRAINT invoice_rounded;
"""
WRITTEN_ONCE = ("invoicing_invoiceline", "invoicing_taxgroup", "invoicing_instalment")


def deny(apps, schema_editor):
    """Takes UPDATE, DELETE and TRUNCATE from the application's role."""
    for table in WRITTEN_ONCE:
        schema_editor.execute("CALL core_deny_change(%s, %s)", [table, settings.APPLICATION_ROLE])


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial"), ("core", "0002_append_only")]

    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.RunPython(deny, migrations.RunPython.noop),
    ]
