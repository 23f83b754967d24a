"""Loads the demo company into an empty database: `manage.py load_demo`."""

import gc
import sys
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import clock
from core.models import Company
from o2c.demo.company import COMPANIES
from o2c.demo.story import WEEKS, live_two_years
from users.models import User

ANALYZE_AFTER = {4, 16, 52, WEEKS}  # plans made on empty tables would be kept for too long
BAR = 40


class Command(BaseCommand):
    """Two years of three companies, made by the real deeds."""

    help = __doc__

    def handle(self, *_args: object, **_options: object) -> None:
        if Company.objects.exists():
            raise CommandError("There is a company already; the demo wants an empty database.")
        began = monotonic()
        by = User.objects.system()
        gc.disable()  # nothing made here dies in cycles, and there is much of it
        for week in live_two_years(clock.now().date(), by=by):
            self._show(week)
            if week in ANALYZE_AFTER:
                gc.collect()
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
        names = ", ".join(company["name"] for company in COMPANIES)
        self.stdout.write(f"\n{names}: {WEEKS} weeks in {monotonic() - began:.0f} s")

    def _show(self, week: int) -> None:
        done = BAR * week // WEEKS
        end = "\r" if sys.stdout.isatty() else "\n"
        if end == "\r" or week % 13 == 0:
            self.stdout.write(
                f"  {'█' * done}{'░' * (BAR - done)} week {week} of {WEEKS}", ending=end
            )
            self.stdout.flush()
