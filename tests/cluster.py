"""Early pytest plugin: a private throw-away PostgreSQL and Redis for this run, before Django loads.

Any number of runs may go on side by side; none touches var/.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from o2c.embedded import Cluster

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 1 << 30


def _parent() -> Path:
    """The folder in memory where there is room, else the usual one for temporary files."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        return MEMORY
    return Path(tempfile.gettempdir())


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    folder = Path(tempfile.mkdtemp(prefix="o2c-test-", dir=_parent()))
    cluster = Cluster(folder / "run", durable=False)
    cluster.acquire()

    def remove() -> None:
        cluster.release()
        shutil.rmtree(folder, ignore_errors=True)

    early_config.add_cleanup(remove)
    os.environ["O2C_VAR"] = str(folder / "var")
    os.environ["DATABASE_URL"] = cluster.database_url("o2c_owner")
    os.environ["REDIS_URL"] = cluster.redis_url
    os.environ.update(O2C_DEMO="1", O2C_DOORBELL="0")
    return (yield)
