"""Early pytest plugin: a private throw-away PostgreSQL and Redis for this run, before Django loads.

Any number of runs may go on side by side; none touches var/. Migrating takes half a minute, so
the first run keeps its migrated data folder, and later runs with the same migrations copy it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from o2c.embedded import Cluster

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 1 << 30
KEEP_SECONDS = 24 * 60 * 60
TEST_DATABASE = "test_o2c"


def _parent() -> Path:
    """The folder in memory where there is room, else the usual one for temporary files."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        return MEMORY
    return Path(tempfile.gettempdir())


def template_folder() -> Path:
    """Where the migrated data folder for the migrations as they are now is kept."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("*/migrations/*"), ROOT / "requirements.txt", Path(__file__)]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    name = f"o2c-test-template-{os.geteuid()}-{digest.hexdigest()[:16]}"
    return Path(tempfile.gettempdir()) / name


def _migrate(cluster: Cluster) -> None:
    """Makes the test database in a cluster of its own and stops it, ready to be copied."""
    cluster.acquire()
    url = cluster.database_url("o2c_owner")
    environment = {
        **os.environ,
        "DATABASE_URL": cluster.database_url("o2c"),  # whom the migrations deny to change journals
        "DATABASE_OWNER_URL": url,
        "O2C_AS_OWNER": "1",
        "O2C_VAR": str(cluster.folder / "var"),
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    create = f"connection.cursor().execute('CREATE DATABASE {TEST_DATABASE}')"
    create = f"from django.db import connection; {create}"
    subprocess.run([*manage, "shell", "-v", "0", "-c", create], env=environment, check=True)
    environment["DATABASE_OWNER_URL"] = url.replace("/o2c?", f"/{TEST_DATABASE}?")
    subprocess.run([*manage, "migrate", "-v", "0"], env=environment, check=True)
    cluster.release()  # a stopped server's folder can be copied


def _keep_template(template: Path) -> None:
    folder = _new_folder("o2c-migrate-")
    cluster = Cluster(folder / "run", durable=False)
    try:
        _migrate(cluster)
        fresh = template.with_name(f"{template.name}.{os.getpid()}")
        copy_data(cluster.data, fresh)
        _rename_unless_another_was_faster(fresh, template)
    finally:
        cluster.release()
        shutil.rmtree(folder, ignore_errors=True)


def _rename_unless_another_was_faster(fresh: Path, template: Path) -> None:
    try:
        fresh.rename(template)
    except OSError:
        shutil.rmtree(fresh)


def _new_folder(prefix: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_parent()))
    folder.chmod(0o755)  # PostgreSQL runs as another user when we are root
    (folder / "run").mkdir(mode=0o755)
    return folder


def _sweep(current: Path) -> None:
    """Removes the templates of yesterday's migrations and what killed runs left behind."""
    for template in current.parent.glob(f"o2c-test-template-{os.geteuid()}-*"):
        if template != current and template.stat().st_mtime < time.time() - KEEP_SECONDS:
            shutil.rmtree(template, ignore_errors=True)
    for folder in [*_parent().glob("o2c-test-*"), *_parent().glob("o2c-migrate-*")]:
        run = folder / "run"
        if (run / "users.lock").exists() and folder.stat().st_uid == os.geteuid():
            cluster = Cluster(run, durable=False)
            if cluster.stop_if_unused():
                shutil.rmtree(folder, ignore_errors=True)


def copy_data(source: Path, target: Path) -> None:
    """Copies a data folder with its owner, who may not be us."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    template = template_folder()
    _sweep(template)
    if not template.exists():
        _keep_template(template)
    folder = _new_folder("o2c-test-")
    cluster = Cluster(folder / "run", durable=False)
    copy_data(template, cluster.data)
    cluster.acquire()

    def remove() -> None:
        cluster.release()
        shutil.rmtree(folder, ignore_errors=True)

    early_config.add_cleanup(remove)
    os.environ.update(
        DATABASE_URL=cluster.database_url("o2c"),
        DATABASE_OWNER_URL=cluster.database_url("o2c_owner"),
        O2C_AS_OWNER="1",  # who alone may make the test database
        O2C_DEMO="1",
        O2C_DOORBELL="0",
        O2C_VAR=str(folder / "var"),
        REDIS_URL=cluster.redis_url,
    )
    return (yield)
