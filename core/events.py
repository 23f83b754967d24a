"""The record of deeds. What follows an event is said on one page, `o2c/follow_ups.py`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from core import bulk, clock
from core.actions import inside_transaction
from core.models import Company, Event, EventSubject, FollowUp
from users.models import User

Subject = tuple[str, int] | tuple[str, int, str]  # kind, id, and a role where it matters

# verb → handlers ("invoicing.tasks.invoice_shipments"), handed over at start-up.
FOLLOW_UPS: dict[str, tuple[str, ...]] = {}
# Handlers that reach the outside world (mail, files); they stay away from made-up history.
OUTWARD: set[str] = set()

_history: ContextVar[bool] = ContextVar("history", default=False)


@dataclass(frozen=True)
class Fact:
    """One event to record: its subjects, the one it is named after first, and its figures."""

    subjects: Sequence[Subject]
    facts: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def history() -> Iterator[None]:
    """Inside, events lead to no outward follow-up: the demo company's past sends no mail."""
    token = _history.set(True)
    try:
        yield
    finally:
        _history.reset(token)


@inside_transaction
def record(company: Company, verb: str, happened: Sequence[Fact], *, by: User) -> None:
    """Writes one event per fact with its subjects, and queues what follows."""
    if not happened:
        return
    at = clock.now()
    handlers = [h for h in FOLLOW_UPS.get(verb, ()) if not (_history.get() and h in OUTWARD)]
    ids = bulk.take_ids({Event: len(happened)})[Event]
    bulk.insert(
        Event,
        ("id", "company_id", "verb", "by_id", "at", "facts"),
        [
            (i, company.pk, verb, by.pk, at, fact.facts)
            for i, fact in zip(ids, happened, strict=True)
        ],
    )
    bulk.insert(
        EventSubject,
        ("event_id", "kind", "subject_id", "role"),
        [
            (i, subject[0], subject[1], subject[2] if len(subject) > 2 else "")
            for i, fact in zip(ids, happened, strict=True)
            for subject in fact.subjects
        ],
    )
    bulk.insert(
        FollowUp,
        ("company_id", "handler", "kind", "subject_id", "event_id", "due_at"),
        [
            (company.pk, handler, *fact.subjects[0][:2], i, at)
            for i, fact in zip(ids, happened, strict=True)
            for handler in handlers
        ],
    )
    if handlers:
        ring_on_commit()


def ring_on_commit() -> None:
    """Wakes the worker once this transaction is durable; the sweep finds what nobody heard."""
    waiting = {callback[1] for callback in connection.run_on_commit}
    if settings.DOORBELL and _ring not in waiting:
        transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    from core.tasks import work_off_follow_ups

    work_off_follow_ups.apply_async(retry=False)
