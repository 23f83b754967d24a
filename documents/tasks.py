"""The worker's part: mail that follows a deed, and a sweep for what was left behind."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from celery import shared_task
from django.db.models import Q

from core import clock
from core.models import Company
from documents import actions, outbox
from documents.models import Message, Rendering
from users.models import User

LEFT_BEHIND = timedelta(minutes=2)
PAGES_A_SWEEP = 200


def send_messages(company: Company, ids: list[int], by: User) -> None:
    """Follows `message.queued`."""
    actions.send_messages(company, ids, by=by)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Each minute: uncertain mail is shown, mail and PDFs left behind by a dead worker are made."""
    by = User.objects.system()
    actions.doubt_stuck_messages(by=by)
    now = clock.now()
    for company in Company.objects.all():
        queued = Message.objects.filter(_is_due(now), company=company, state=Message.State.QUEUED)
        actions.send_messages(company, list(queued.values_list("pk", flat=True)), by=by)
        _render_waiting(company, by)


def _is_due(now: datetime) -> Q:
    """Two minutes after it was queued; then 4, 8, 16 and 32 after each try that came to nothing."""
    tries = range(1, outbox.MOST_ATTEMPTS)
    later = [Q(attempts=n, sending_since__lt=now - LEFT_BEHIND * 2**n) for n in tries]
    return reduce(or_, later, Q(attempts=0, queued_at__lt=now - LEFT_BEHIND))


def _render_waiting(company: Company, by: User) -> None:
    waiting = Rendering.objects.filter(company=company, state=Rendering.State.WAITING)
    rows = list(waiting.order_by("pk").values_list("source_kind", "source_id")[:PAGES_A_SWEEP])
    for kind in {kind for kind, _pk in rows}:
        actions.render_documents(company, kind, [pk for k, pk in rows if k == kind], by=by)
