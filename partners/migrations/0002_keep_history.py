from django.conf import settings
from django.db import migrations


def deny(apps, schema_editor):
    """Takes UPDATE, DELETE and TRUNCATE on the history of master data from the application."""
    for model in apps.get_app_config("partners").get_models():
        table = model._meta.db_table
        if table.endswith("event"):
            schema_editor.execute(
                "CALL core_deny_change(%s, %s)", [table, settings.APPLICATION_ROLE]
            )


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial"), ("core", "0002_append_only")]

    operations = [migrations.RunPython(deny, migrations.RunPython.noop)]
