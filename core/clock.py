"""The only clock. Moments are aware UTC, days are dates in the company's own zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings


class HasTimeZone(Protocol):
    """Anything that lives in a time zone, such as a company."""

    time_zone: str


_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """This moment, aware, in UTC; the sample run of `make cycle` lives on the day of its files."""
    return _travelled.get() or datetime.now(UTC) + settings.CLOCK_SHIFT


def today(company: HasTimeZone) -> date:
    """The calendar day at the company's seat."""
    return day_of(now(), company)


def day_of(moment: datetime, company: HasTimeZone) -> date:
    """The calendar day of a moment at the company's seat."""
    return moment.astimezone(ZoneInfo(company.time_zone)).date()


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Makes `to` the present, for the demo company's history and for tests only."""
    token = _travelled.set(to)
    try:
        yield
    finally:
        _travelled.reset(token)
