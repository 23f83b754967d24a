"""The runner of follow-ups: leases rows of one handler and one company, calls it once with all."""

from collections.abc import Callable
from datetime import timedelta
from itertools import chain

from django.db import Error
from django.db.models import F, Min, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import clock, in_hand
from core.actions import action, inside_transaction
from core.events import ring_on_commit
from core.models import Company, FollowUp, rights
from core.refusals import Refused
from users.models import User

Handler = Callable[[Company, list[int], User], object]  # company, subject ids, by

CHUNK = 300
LEASE = timedelta(minutes=10)
A_WHILE = timedelta(seconds=30)
TRIES = 5


def work_off(only: Company | None = None) -> int:
    """Works off everything that is due, of one company or of all; returns how many were taken."""
    taken = 0
    while in_this_round := sum(_take_chunk(*queue) for queue in _queues(only)):
        taken += in_this_round
    return taken


def _queues(only: Company | None) -> list[tuple[str, int]]:
    """Handlers and companies with something due: what never failed first, then what waits longest.

    An error that is nobody's refusal ends the round; so it keeps nobody else waiting.
    """
    waiting = _waiting().filter(company=only) if only else _waiting()
    return list(
        waiting.values_list("handler", "company_id")
        .annotate(failed=Min("attempts"), since=Min("due_at"))
        .order_by("failed", "since")
        .values_list("handler", "company_id")
    )


def _take_chunk(handler: str, company_id: int) -> int:
    chunk = _lease(handler, company_id)
    if chunk:
        wanted: in_hand.Held = {}
        for row in chunk:
            wanted.setdefault(row.subject_id, []).append(row.pk)
        _call(import_string(handler), chunk[0].company, wanted)
    return len(chunk)


def _waiting() -> QuerySet[FollowUp]:
    now = clock.now()
    return FollowUp.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        done_at=None,
        parked_at=None,
        due_at__lte=now,
    )


@action
def _lease(handler: str, company_id: int) -> list[FollowUp]:
    """Takes a chunk nobody else holds; what failed too often is parked for a person instead.

    What failed before is taken one at a time: of a chunk that met a bug, the culprit fails alone.
    """
    rows = list(
        _waiting()
        .filter(handler=handler, company=company_id)
        .select_related("company")
        .order_by("attempts", "pk")
        .select_for_update(of=("self",), skip_locked=True)[:CHUNK]
    )
    words = _("Failed %(times)s times. See the log, then try again.") % {"times": TRIES}
    _park([row.pk for row in rows if row.attempts >= TRIES], words)
    fresh = [row for row in rows if not row.attempts]
    fit = fresh or [row for row in rows if row.attempts < TRIES][:1]
    FollowUp.objects.filter(pk__in=[row.pk for row in fit]).update(
        attempts=F("attempts") + 1, leased_until=clock.now() + LEASE
    )
    return fit


def _call(handler: Handler, company: Company, wanted: in_hand.Held) -> None:
    """Calls the handler with the whole chunk; what it cannot take whole is halved.

    A database error or a refusal thus parks one document alone and the rest goes through. What
    somebody else is changing is put off as it is: each half would wait for the same lock.
    """
    held, ids = dict(wanted), list(chain.from_iterable(wanted.values()))
    try:
        with in_hand.holding(held):
            handler(company, list(wanted), User.objects.system())
            if held:
                _finish()
    except (Refused, Error) as problem:
        if isinstance(problem, Refused) and problem.code == "busy":
            _put_off(ids)
        elif len(wanted) == 1:
            _park_alone(ids, str(problem))
        else:
            subjects, middle = list(wanted.items()), len(wanted) // 2
            _call(handler, company, dict(subjects[:middle]))
            _call(handler, company, dict(subjects[middle:]))


@action
def _finish() -> None:
    """Marks what is in hand as done, as every deed does, where the handler found nothing to do."""


@action
def _put_off(ids: list[int]) -> None:
    """Gives follow-ups back for another time; this one does not count as a try."""
    FollowUp.objects.filter(pk__in=ids, done_at=None, parked_at=None).update(
        attempts=F("attempts") - 1, leased_until=None, due_at=clock.now() + A_WHILE
    )


@action
def _park_alone(ids: list[int], reason: str) -> None:
    _park(ids, reason)


@inside_transaction
def _park(ids: list[int], reason: str) -> None:
    """Leaves follow-ups to a person, with the reason why."""
    FollowUp.objects.filter(pk__in=ids).update(
        parked_at=clock.now(), leased_until=None, reason=reason
    )


@action
def retry_follow_ups(ids: list[int], *, by: User) -> list[FollowUp]:
    """Puts parked follow-ups back into the queue."""
    rows = list(FollowUp.objects.visible_to(by).filter(pk__in=ids, parked_at__isnull=False))
    for company_id in {row.company_id for row in rows}:
        rights(by).require("core.retry", company_id)
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(
        parked_at=None, attempts=0, reason="", due_at=clock.now()
    )
    ring_on_commit()
    return rows
