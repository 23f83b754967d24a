"""One run from order to cash on real files: `manage.py cycle [--orders F] [--statement F]`."""

import os
from argparse import ArgumentParser
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.invariants import check_books
from core.models import Company
from core.refusals import Refused
from o2c import cycle
from o2c.processes import start_worker, stop_all
from users.models import User

SAMPLES = settings.BASE_DIR / "samples"
DAY_OF_THE_SAMPLES = date(2026, 3, 2)


class Command(BaseCommand):
    """Runs in a database of its own, named by O2C_VAR; see the Makefile."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=Path, default=SAMPLES / "orders.xlsx")
        parser.add_argument("--statement", type=Path, default=SAMPLES / "statement.xml")
        parser.add_argument("--on", type=date.fromisoformat, default=DAY_OF_THE_SAMPLES)

    def handle(self, *_args: Any, orders: Path, statement: Path, on: date, **_options: Any) -> None:
        if not settings.IS_EMBEDDED:
            raise CommandError(
                "The cycle makes its own company and its own day, in a database of its own: "
                "run `make cycle`, or unset DATABASE_URL."
            )
        live_on(on)
        try:
            company, began = self.run(orders, statement)
        except (Refused, OSError) as problem:
            self.stderr.write(str(problem))
            raise SystemExit(1) from None
        self.show(company, began)
        if not self.prove():
            raise SystemExit(1)

    def run(self, orders: Path, statement: Path) -> tuple[Company, float]:
        by = User.objects.system()
        self.say("Founding a company from samples/")
        company = cycle.set_up(SAMPLES, by=by)
        worker = start_worker()
        try:
            began = clock.now().timestamp()
            self.say(f"Importing {orders.name}")
            cycle.order(company, orders, by=by)
            cycle.wait_for_worker()
            self.say("Shipping; the worker bills, prints and mails")
            cycle.ship(company, by=by)
            cycle.wait_for_worker()
            self.say(f"Importing {statement.name}; the worker matches")
            cycle.pay(company, statement, by=by)
            cycle.wait_for_worker()
        finally:
            stop_all([worker])
        return company, began

    def show(self, company: Company, began: float) -> None:
        self.stdout.write(
            f"\n{'document':42} {'amount':>16}  {'state':26} {'entry':16} {'after':>7}"
        )
        for row in cycle.report(company, began):
            amount = f"{row.amount:,.2f} {row.currency}" if row.amount is not None else ""
            after = f"{row.seconds:.1f} s" if row.seconds is not None else ""
            self.stdout.write(
                f"{row.document:42.42} {amount:>16}  {row.state:26.26} {row.entry:16} {after:>7}"
            )

    def prove(self) -> bool:
        """Shows every invariant; true when all hold."""
        proofs = check_books()
        self.stdout.write("")
        for proof in proofs:
            result = "ok" if not proof.violations else f"{proof.violations} BROKEN"
            self.stdout.write(f"{proof.invariant.id:6} {result:10} {proof.invariant.name}")
        return not any(proof.violations for proof in proofs)

    def say(self, words: str) -> None:
        self.stderr.write(f"… {words}")


def live_on(day: date) -> None:
    """Makes `day` today, here and in the worker."""
    morning = datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)
    settings.CLOCK_SHIFT = timedelta(0)
    shift = round((morning - clock.now()).total_seconds())
    settings.CLOCK_SHIFT = timedelta(seconds=shift)
    os.environ["O2C_CLOCK_SHIFT"] = str(shift)
