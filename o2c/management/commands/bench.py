"""Measures and prints a table: `manage.py bench [--size small]`; figures go to latest.json."""

import json
import statistics
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from core import clock
from ledger.tasks import refresh_totals
from o2c.bench.cycle import CHUNK, Run, grow, run_chunk, run_cycles
from o2c.bench.limit import seconds_to_copy
from o2c.bench.pages import visit_pages
from o2c.bench.world import World, make_world
from o2c.celery import freeze
from orders.models import Order


class Size(NamedTuple):
    """Invoices at the beginning and at the end, cycles at both, visits to each page."""

    few: int
    many: int
    cycles: int
    visits: int


SIZES = {"full": Size(1_000, 100_000, 100, 20), "small": Size(1_000, 5_000, 50, 5)}
WIDE_CYCLES = 5
LAST_CHUNKS = 6  # the bulk figures are the median of the last so many chunks
TARGETS = {
    "cycle.sql_5_lines": "≤ 120",
    "cycle.sql_50_lines": "≤ +2",
    "cycle.cpu_ms": "≤ 60",
    "cycle.growth": "≤ 1.2",
    "bulk.invoice_per_second": "≥ 1100",
    "bulk.invoice_ratio": "≥ 0.45",
}


class Command(BaseCommand):
    """Runs in a database of its own, named by O2C_VAR; see the Makefile."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="full")
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "var/bench/latest.json")

    def handle(self, *_args: object, size: str, out: Path, **_options: object) -> None:
        if Order.objects.exists():
            self.stderr.write("The bench wants an empty database: run `make bench`.")
            raise SystemExit(1)
        freeze()  # as the worker does
        self.say("Founding a company")
        world = make_world(clock.now().date())
        figures = self.measure(world, SIZES[size])
        figures["size"] = {"invoices": SIZES[size].many, "at": clock.now().isoformat()}
        self.show(figures)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(figures, indent=2) + "\n")
        self.say(f"Written to {out}")

    def measure(self, world: World, size: Size) -> dict[str, Any]:
        self.grow(world, size.few // CHUNK)
        early = self.cycles(world, size.cycles, 5)
        wide = self.cycles(world, WIDE_CYCLES, 50)
        self.grow(world, (size.many - size.few) // CHUNK - LAST_CHUNKS)
        self.say(f"{LAST_CHUNKS} chunks of {CHUNK}, deed after deed")
        chunks = [run_chunk(world) for _chunk in range(LAST_CHUNKS)]
        maintain()
        late = self.cycles(world, size.cycles, 5)
        self.say("Visiting every page")
        refresh_totals()  # as the schedule does each minute
        pages = visit_pages(world, size.visits)
        self.say("The limit: the same rows by INSERT … SELECT")
        limit = CHUNK / statistics.median(seconds_to_copy(world) for _chunk in range(LAST_CHUNKS))
        return {
            **cycle_figures(early, wide, late, size.cycles),
            **bulk_figures(chunks, limit),
            "pages": pages,
        }

    def grow(self, world: World, chunks: int) -> None:
        for number in grow(world, chunks):
            if number in (1, 4, 20) or number % 50 == 0:
                maintain()
            if number % 10 == 0:
                self.say(f"{number * CHUNK} of {chunks * CHUNK} invoices")
        maintain()

    def cycles(self, world: World, times: int, lines: int) -> Run:
        self.say(f"{times} cycles of {lines} lines")
        run_cycles(world, 5, lines)  # warm
        return run_cycles(world, times, lines)

    def show(self, figures: dict[str, Any]) -> None:
        for key, value in figures.items():
            if isinstance(value, int | float):
                self.stdout.write(f"{key:28} {value:>12,.2f}   {TARGETS.get(key, '')}")
        self.stdout.write(f"\n{'page':44} {'10 rows':>8} {'200 rows':>8} {'p95 ms':>8}")
        for name, page in figures["pages"].items():
            self.stdout.write(
                f"{name:44} {page['sql_10']:>8} {page['sql_200']:>8} {page['p95_ms']:>8}"
            )

    def say(self, words: str) -> None:
        self.stderr.write(f"… {words}")


def cycle_figures(early: Run, wide: Run, late: Run, cycles: int) -> dict[str, float]:
    """Per cycle: statements, speed and CPU at the full size, and what the size cost."""

    def total(run: Run, what: str) -> float:
        return sum(float(getattr(cost, what)) for cost in run.by_deed.values())

    return {
        "cycle.sql_5_lines": total(late, "statements") / cycles,
        "cycle.sql_50_lines": total(wide, "statements") / WIDE_CYCLES,
        "cycle.per_second": cycles / total(late, "seconds"),
        "cycle.cpu_ms": total(late, "cpu") / cycles * 1000,
        "cycle.growth": total(late, "seconds") / total(early, "seconds"),
    }


def bulk_figures(chunks: Sequence[Run], limit: float) -> dict[str, float]:
    """Documents per second of each deed on chunks, and how near issuing comes to plain SQL."""

    def per_second(deed: str) -> float:
        return statistics.median(CHUNK / run.by_deed[deed].seconds for run in chunks)

    invoices = per_second("invoice")
    return {
        "bulk.confirm_per_second": per_second("confirm"),
        "bulk.ship_per_second": per_second("ship"),
        "bulk.invoice_per_second": invoices,
        "bulk.settle_per_second": per_second("settle"),
        "bulk.limit_per_second": limit,
        "bulk.invoice_ratio": invoices / limit,
    }


def maintain() -> None:
    """What autovacuum does in time: the planner learns how large the tables have become."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
