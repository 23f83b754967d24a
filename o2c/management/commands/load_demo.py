"""Loads the demo company into an empty database: `manage.py load_demo`."""

import gc
import sys
from collections.abc import Sequence
from datetime import date
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from multiprocessing.queues import Queue
from queue import Empty
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from core import clock
from core.models import Company
from o2c.demo.company import COMPANIES
from o2c.demo.story import WEEKS, Life, begin, live_two_years
from users.models import User

ANALYZE_AFTER = {12, 48, 156}  # weeks: plans made on empty tables would be kept for too long
BAR = 40


class Command(BaseCommand):
    """Two years of three companies, made by the real deeds, each in a process of its own."""

    help = __doc__

    def handle(self, *_args: object, **_options: object) -> None:
        if Company.objects.exists():
            raise CommandError("There is a company already; the demo wants an empty database.")
        began, today = monotonic(), clock.now().date()
        self.stdout.write("  Founding companies, customers, products")
        lives = begin(today, by=User.objects.system())
        analyze()
        self._live(lives, today)
        analyze()
        names = ", ".join(company["name"] for company in COMPANIES)
        self.stdout.write(f"\n  {names}: {WEEKS} weeks in {monotonic() - began:.0f} s")

    def _live(self, lives: list[Life], today: date) -> None:
        """Lives the companies side by side: they share no row that is written."""
        fork = get_context("fork")
        progress: Queue[int] = fork.Queue()
        connections.close_all()
        processes = [fork.Process(target=_live_one, args=(life, today, progress)) for life in lives]
        for process in processes:
            process.start()
        weeks = WEEKS * len(lives)
        done = 0
        while done < weeks:
            try:
                progress.get(timeout=2)
            except Empty:
                _refuse_broken(processes)
            else:
                done += 1
                self._show(done, weeks)
                if done in ANALYZE_AFTER:
                    analyze()
        for process in processes:
            process.join()
        _refuse_broken(processes)

    def _show(self, done: int, of: int) -> None:
        full = BAR * done // of
        if sys.stdout.isatty() or done % (of // 8) == 0:
            end = "\r" if sys.stdout.isatty() else "\n"
            bar = "█" * full + "░" * (BAR - full)
            self.stdout.write(f"  {bar} {100 * done // of} %", ending=end)
            self.stdout.flush()


def _refuse_broken(processes: "Sequence[ForkProcess]") -> None:
    """A company that broke off, if only after its last week was told, is no demo."""
    if any(process.exitcode for process in processes):
        raise CommandError("The demo could not be made; see above.") from None


def _live_one(life: Life, today: date, progress: "Queue[int]") -> None:
    gc.disable()  # nothing made here dies in cycles, and there is much of it
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")  # a load cut short begins anew
    for week in live_two_years(life, today):
        progress.put(week)


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
