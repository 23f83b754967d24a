"""What must be true before the first request: a current schema, and a company to work in."""

import subprocess
import sys
from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Report = Callable[[str], None]


def prepare(report: Report) -> None:
    """Starts the embedded servers, migrates where needed, loads the demo into an empty database."""
    report("Opening the database")
    connection.ensure_connection()
    migrate_if_needed(report)
    load_demo_if_empty(report)
    connection.close()


def migrate_if_needed(report: Report) -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        report(f"Migrating the database ({len(plan)} steps)")
        manage("migrate", "--verbosity", "0")


def load_demo_if_empty(report: Report) -> None:
    if settings.DEMO and not apps.get_model("core", "Company").objects.exists():
        if "load_demo" not in get_commands():
            report("There is no demo company yet")
            return
        report("Loading the demo company (only this once)")
        manage("load_demo")


def manage(*arguments: str) -> None:
    """Runs manage.py in a process of its own, which chooses its own database role."""
    script = str(settings.BASE_DIR / "manage.py")
    if subprocess.run([sys.executable, script, *arguments], check=False).returncode:
        raise CommandError(f"manage.py {arguments[0]} failed; its words are above.")


def demo_logins() -> list[tuple[str, str, str]]:
    """Role, address and password of one login per role, where the demo company is loaded."""
    return []
