"""What must be true before the first request: a current schema, and a company to work in."""

import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Report = Callable[[str], None]


def prepare(report: Report) -> None:
    """Starts the embedded servers, migrates where needed, loads the demo into an empty database."""
    report("Opening the database")
    with _alone(report):
        if half_loaded().exists():
            report("The demo company was interrupted: beginning with a new database")
            settings.EMBEDDED.discard_database()
            half_loaded().unlink()
        migrate_if_needed(report)
        if settings.DEMO and not apps.get_model("core", "Company").objects.exists():
            report("Loading the demo company (only this once)")
            load_demo()


@contextmanager
def _alone(report: Report) -> Iterator[None]:
    """One start at a time prepares the database, or the second would take the first for dead."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "prepare.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Waiting for another start that prepares the database")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate_if_needed(report: Report) -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        report(f"Migrating the database ({len(plan)} steps, half a minute at the first start)")
        manage("migrate", "--verbosity", "0")


def load_demo() -> None:
    """Loads the demo company; an embedded database remembers when that was interrupted."""
    if settings.IS_EMBEDDED:
        half_loaded().touch()
    try:
        manage("load_demo")
    except CommandError as problem:
        raise CommandError(f"{problem} To start without it: O2C_DEMO=0 make run") from None
    half_loaded().unlink(missing_ok=True)


def half_loaded() -> Path:
    """The mark of an embedded database that holds an incomplete demo company and nothing else."""
    return Path(settings.VAR / "demo-half-loaded")


def manage(*arguments: str) -> None:
    """Runs manage.py in a process of its own, which chooses its own database role."""
    script = str(settings.BASE_DIR / "manage.py")
    if subprocess.run([sys.executable, script, *arguments], check=False).returncode:
        raise CommandError(f"manage.py {arguments[0]} failed; its words are above.")


def demo_logins() -> list[tuple[str, str, str]]:
    """Role, address and password of one login per role, where the demo company is loaded."""
    from o2c.demo.company import logins

    return logins() if settings.DEMO else []
