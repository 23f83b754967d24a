"""The processes that `make run` keeps alive: started together, restarted when they die, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

SHORT_LIFE_SECONDS = 5  # what dies sooner would die again
PATIENCE_SECONDS = 8
PR_SET_PDEATHSIG = 1


class Stop(BaseException):
    """Somebody wants us to end: Ctrl-C, a closed terminal, `kill`."""


class Process:
    """A child in a process group of its own, so that Ctrl-C at the terminal reaches only us."""

    def __init__(self, name: str, *module: str) -> None:
        self.name = name
        self.command = [sys.executable, "-m", *module]
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.child = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    @property
    def is_alive(self) -> bool:
        return self.child.poll() is None

    def revive(self, report: Callable[[str], None]) -> bool:
        """Starts a dead process again; false where that is no use."""
        ending = f"{self.name} ended (exit status {self.child.returncode})"
        if time.monotonic() - self.started < SHORT_LIFE_SECONDS:
            report(f"{ending} as soon as it had started.")
            return False
        report(f"{ending} and is started again.")
        self.start()
        return True

    def wait(self, until: float) -> None:
        """Waits until this moment of the monotonic clock, then kills the whole group."""
        try:
            self.child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()


def start_worker() -> Process:
    """A worker for the follow-ups and everything else that is queued."""
    celery = ("celery", "-q", "-A", "o2c", "worker", "--loglevel", "WARNING")
    return Process("The worker", *celery, "--concurrency", "2")


def stop_on_signals() -> None:
    """Turns the first signal to end into `Stop`; later ones are ignored while we clean up."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, _frame: object) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise Stop(signal.Signals(number).name)

    for each in wanted:
        signal.signal(each, stop)


def keep_alive(processes: Sequence[Process], report: Callable[[str], None]) -> None:
    """Returns only when a process cannot be kept alive."""
    while all(process.is_alive or process.revive(report) for process in processes):
        time.sleep(0.2)


def stop_all(processes: Sequence[Process]) -> None:
    """Asks all to end, in their order, and ends what does not within some seconds."""
    for process in processes:
        if process.is_alive:
            process.child.terminate()
    until = time.monotonic() + PATIENCE_SECONDS
    for process in processes:
        process.wait(until)


def _die_with_parent() -> None:
    """Linux ends the child when we are killed outright and can no longer stop it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
