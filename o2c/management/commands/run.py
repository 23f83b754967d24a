"""`make run`: the whole product in one terminal, and one Ctrl-C ends all of it."""

import errno
import socket
import time
from http.client import HTTPConnection
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from o2c import startup
from o2c.celery import app as celery
from o2c.processes import Process, Stop, keep_alive, start_worker, stop_all, stop_on_signals

READY_SECONDS = 60
WEB = (
    "--workers",
    "2",
    "--threads",
    "4",
    "--preload",
    "--no-control-socket",
    "--log-level",
    "warning",
)
SCHEDULER = ("celery", "-q", "-A", "o2c", "beat", "--pidfile=", "--loglevel", "WARNING")


class Command(BaseCommand):
    help = "Starts database, queue, web server, worker and scheduler; Ctrl-C stops them."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **_options: Any) -> None:
        self.began = time.monotonic()
        refuse_busy_port(host, port)
        stop_on_signals()
        processes: list[Process] = []
        try:
            startup.prepare(self.say)
            connection.close()
            self.start(processes, host, port)
            self.wait_until_ready(processes, host, port)
            self.welcome(host, port)
            keep_alive(processes, self.say)
            raise CommandError("A part of the program does not run; its words are above.")
        except Stop:
            self.say("Stopping")
        finally:
            stop_all(processes)
            settings.EMBEDDED.release()
            self.say("Everything has stopped; the data is kept.")

    def start(self, processes: list[Process], host: str, port: int) -> None:
        self.say("Starting web server, worker and scheduler")
        web = ("gunicorn", "o2c.wsgi", "--bind", f"{host}:{port}", *WEB)
        processes.append(Process("The web server", *web))
        processes.append(Process("The scheduler", *SCHEDULER))
        processes.append(start_worker())

    def wait_until_ready(self, processes: list[Process], host: str, port: int) -> None:
        until = time.monotonic() + READY_SECONDS
        while not (answers(host, port) and celery.control.ping(timeout=0.5)):
            if dead := [process.name for process in processes if not process.is_alive]:
                raise CommandError(f"{dead[0]} does not start; its words are above.")
            if time.monotonic() > until:
                raise CommandError(f"Not ready within {READY_SECONDS} seconds.")
            time.sleep(0.1)

    def welcome(self, host: str, port: int) -> None:
        self.say("Ready")
        self.stdout.write(f"\n  O2C is at {self.style.SUCCESS(address(host, port))}\n")
        for role, email, password in startup.demo_logins():
            self.stdout.write(f"  {role:<28} {email:<24} {password}")
        self.stdout.write("\n  Ctrl-C stops everything.\n")
        self.stdout.flush()

    def say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {text}")
        self.stdout.flush()


def refuse_busy_port(host: str, port: int) -> None:
    """Fails with the remedy when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror}") from None
            remedy = f"make run PORT={port + 1}"
            raise CommandError(f"Port {port} is busy. Choose another one: {remedy}") from None


def answers(host: str, port: int) -> bool:
    """Whether the web server answers anything at all."""
    page = HTTPConnection(host, port, timeout=20)
    try:
        page.request("GET", "/accounts/login/", headers={"Host": "localhost"})
        page.getresponse()
    except OSError:
        return False
    finally:
        page.close()
    return True


def address(host: str, port: int) -> str:
    return f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
