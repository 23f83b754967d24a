"""`make run` as a newcomer meets it: start, use, Ctrl-C, a busy port."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg2
import pytest

from o2c.embedded import Cluster
from tests.cluster import TEST_DATABASE, copy_data, template_folder

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "O2C_AS_OWNER", "REDIS_URL")


@pytest.fixture
def environment():
    """Nothing set, but a folder of its own in place of var/ and no demo company.

    Not below pytest's own folder: each run that begins closes that one to other users.
    """
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    with tempfile.TemporaryDirectory(prefix="o2c-var-", ignore_cleanup_errors=True) as folder:
        yield {**kept, "O2C_VAR": folder, "O2C_DEMO": "0"}


@pytest.fixture
def migrated(environment):
    """The embedded database of this folder, with the schema already in place."""
    cluster = Cluster(Path(environment["O2C_VAR"]))
    copy_data(template_folder(), cluster.data)
    cluster.acquire()
    address = cluster.database_url("postgres").replace("/o2c?", "/postgres?")
    connected = psycopg2.connect(address)
    connected.autocommit = True
    with connected.cursor() as cursor:
        cursor.execute("DROP DATABASE o2c")
        cursor.execute(f"ALTER DATABASE {TEST_DATABASE} RENAME TO o2c")
    connected.close()
    cluster.release()


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(environment, port):
    return subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def words_until(running, wanted):
    said = ""
    for line in running.stdout:
        said += line
        if wanted in line:
            return said
    raise AssertionError(f"never said {wanted!r}: {said}")


def left_behind(environment):
    """Processes that have the folder of this run in their environment or command."""
    mark = environment["O2C_VAR"]
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "environ"]):
        known = [*(process.info["cmdline"] or []), *(process.info["environ"] or {}).values()]
        if any(mark in word for word in known):
            found.append(process.info["cmdline"])
    return found


def test_a_busy_port_names_the_remedy(environment, port):
    with socket.create_server(("127.0.0.1", port)):
        running = start(environment, port)
        said, _ = running.communicate(timeout=30)
    remedy = f"make run PORT={port + 1}"
    assert said == f"CommandError: Port {port} is busy. Choose another one: {remedy}\n"
    assert running.returncode == 1


def test_one_command_starts_all_and_ctrl_c_stops_all(environment, migrated, port):
    running = start(environment, port)
    words_until(running, "Ready")
    page = HTTPConnection("127.0.0.1", port, timeout=20)
    page.request("GET", "/accounts/login/")
    assert page.getresponse().status == 200
    page.close()

    worker = next(line for line in left_behind(environment) if "worker" in line)
    assert "celery" in worker

    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=30)
    assert "Everything has stopped" in said
    assert running.returncode == 0
    assert left_behind(environment) == []
