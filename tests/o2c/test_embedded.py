"""The embedded servers: roles, sharing between processes, sockets with long paths."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from o2c.embedded import Cluster, EmbeddedError

USER = """
import sys
from pathlib import Path
from o2c.embedded import Cluster
cluster = Cluster(Path(sys.argv[1]), durable=False)
cluster.acquire()
print("up", flush=True)
sys.stdin.read()
"""


def start_user(folder):
    """Another process that uses the servers until its input ends."""
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert user.stdout.readline() == b"up\n"
    return user


def is_up(cluster):
    try:
        psycopg2.connect(cluster.database_url("o2c")).close()
    except psycopg2.OperationalError:
        return False
    return True


@pytest.fixture
def folder():
    """Not below pytest's own folder: each run that begins closes that one to other users."""
    with tempfile.TemporaryDirectory(prefix="o2c-servers-", ignore_cleanup_errors=True) as made:
        yield Path(made) / "run"


def test_this_run_has_a_throw_away_database(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('fsync')")
        assert cursor.fetchone() == ("o2c_owner", "off")


def test_the_application_reads_and_writes_rows_and_changes_no_schema(app_role):
    with app_role.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("o2c",)
        cursor.execute("UPDATE users_user SET name = 'x' WHERE false")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE mine (id int)")
        app_role.rollback()
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("TRUNCATE users_user CASCADE")


def test_the_last_user_stops_the_servers(folder):
    cluster = Cluster(folder, durable=False)
    first, second = start_user(folder), start_user(folder)
    first.communicate()
    assert is_up(cluster)
    second.communicate()
    assert not is_up(cluster)


def test_a_killed_user_lets_go(folder):
    cluster = Cluster(folder, durable=False)
    killed = start_user(folder)
    killed.kill()
    killed.communicate()
    assert is_up(cluster)
    start_user(folder).communicate()
    assert not is_up(cluster)


def test_rows_survive_a_stop(folder):
    cluster = Cluster(folder)
    cluster.acquire()
    with psycopg2.connect(cluster.database_url("o2c_owner")) as connected:
        connected.cursor().execute("CREATE TABLE kept AS SELECT 42 AS answer")
    cluster.release()
    cluster.acquire()
    with psycopg2.connect(cluster.database_url("o2c")) as connected, connected.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    cluster.release()


def test_a_path_too_long_for_a_socket(folder):
    cluster = Cluster(folder / ("long-name-" * 10), durable=False)
    start_user(cluster.folder).communicate()
    assert len(str(cluster.sockets)) < 60


@pytest.fixture
def planted(folder):
    """A cluster whose folder of sockets, which everybody trusts, somebody else can make first."""
    cluster = Cluster(folder, durable=False)
    folder.mkdir()
    yield cluster
    cluster.release()


def refused(cluster):
    with pytest.raises(EmbeddedError) as refused:
        cluster.acquire()
    return str(refused.value)


def test_a_link_in_place_of_the_sockets_is_refused(planted, tmp_path):
    planted.sockets.symlink_to(tmp_path)
    assert refused(planted) == (
        f"{planted.sockets} is a link or a file that somebody put there: remove it."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_sockets_of_somebody_else_are_refused(planted):
    planted.sockets.mkdir()
    os.chown(planted.sockets, 12345, 12345)
    assert refused(planted) == (
        f"{planted.sockets} belongs to another user: remove it or become that user."
    )
    assert planted.sockets.stat().st_uid == 12345


def test_sockets_are_closed_to_others_whoever_may_have_opened_them(planted):
    planted.sockets.mkdir()
    planted.sockets.chmod(0o777)
    planted.acquire()
    assert planted.sockets.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_user_left_can_be_stopped(folder):
    cluster = Cluster(folder, durable=False)
    user = start_user(folder)
    assert not cluster.stop_if_unused()
    user.kill()
    user.communicate()
    assert cluster.stop_if_unused()
    assert not is_up(cluster)


def test_a_discarded_database_is_empty(folder):
    cluster = Cluster(folder, durable=False)
    cluster.acquire()
    connected = psycopg2.connect(cluster.database_url("o2c_owner"))
    connected.cursor().execute("CREATE TABLE gone (id int)")
    connected.commit()
    cluster.discard_database()
    with psycopg2.connect(cluster.database_url("o2c")) as again, again.cursor() as cursor:
        cursor.execute("SELECT to_regclass('gone')")
        assert cursor.fetchone() == (None,)
    again.close()
    cluster.release()


def test_rows_survive_a_killed_server(folder):
    killed = Cluster(folder)
    killed.acquire()
    with psycopg2.connect(killed.database_url("o2c_owner")) as connected:
        connected.cursor().execute("CREATE TABLE kept AS SELECT 42 AS answer")
    connected.close()
    os.kill(int((killed.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    again = Cluster(folder)
    again.acquire()
    with psycopg2.connect(again.database_url("o2c")) as connected, connected.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    connected.close()
    killed.release()
    again.release()
