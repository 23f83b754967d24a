"""The runner of follow-ups: leases rows of one handler and one company, calls it once with all."""

from collections.abc import Callable
from datetime import timedelta

from django.db import Error
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import clock, in_hand
from core.actions import action
from core.events import ring_on_commit
from core.models import Company, FollowUp, rights
from core.refusals import Refused
from users.models import User

Handler = Callable[[Company, list[int], User], object]  # company, subject ids, by

CHUNK = 300
LEASE = timedelta(minutes=10)
TRIES = 5


def work_off() -> int:
    """Works off everything that is due; returns how many follow-ups were taken in hand."""
    taken = 0
    while chunk := _next_chunk():
        _call(import_string(chunk[0].handler), chunk)
        taken += len(chunk)
    return taken


def _next_chunk() -> list[FollowUp]:
    """Leases the oldest waiting follow-ups of one handler and company; none if nothing is due."""
    first = _waiting().order_by("due_at", "pk").first()
    return _lease(first.handler, first.company) if first else []


def _waiting() -> "QuerySet[FollowUp]":
    now = clock.now()
    return FollowUp.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        done_at=None,
        parked_at=None,
        due_at__lte=now,
    ).select_related("company")


@action
def _lease(handler: str, company: Company) -> list[FollowUp]:
    rows = list(
        _waiting()
        .filter(handler=handler, company=company)
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)[:CHUNK]
    )
    worn_out = [row.pk for row in rows if row.attempts >= TRIES]
    FollowUp.objects.filter(pk__in=worn_out).update(
        parked_at=clock.now(),
        leased_until=None,
        reason=_("Failed %(times)s times. See the log, then try again.") % {"times": TRIES},
    )
    fit = [row for row in rows if row.attempts < TRIES]
    for row in fit:
        row.attempts += 1
        row.leased_until = clock.now() + LEASE
    FollowUp.objects.bulk_update(fit, ["attempts", "leased_until"])
    return fit


def _call(handler: Handler, chunk: list[FollowUp]) -> None:
    """Calls the handler with the whole chunk; what it cannot take whole is halved.

    A database error or a refusal thus parks one document alone and the rest goes through.
    """
    try:
        with in_hand.holding({row.subject_id: row.pk for row in chunk}) as unsettled:
            handler(chunk[0].company, [row.subject_id for row in chunk], User.objects.system())
            if unsettled:
                _finish(list(unsettled.values()))
    except (Refused, Error) as problem:
        if len(chunk) == 1:
            _park(chunk[0], str(problem))
        else:
            middle = len(chunk) // 2
            _call(handler, chunk[:middle])
            _call(handler, chunk[middle:])


@action
def _finish(ids: list[int]) -> None:
    """Marks follow-ups whose handler found nothing to do."""
    FollowUp.objects.filter(pk__in=ids).update(done_at=clock.now(), leased_until=None)


@action
def _park(follow_up: FollowUp, reason: str) -> None:
    FollowUp.objects.filter(pk=follow_up.pk).update(
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
