"""The worker's part: mail that follows a deed, and a sweep for what was left behind."""

from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_

from celery import shared_task
from django.db.models import Q

from core import clock
from core.jobs import end_silent_jobs, walk
from core.models import Company, Job
from documents import actions, outbox, runs
from documents.models import Message, Rendering
from users.models import User

LEFT_BEHIND = timedelta(minutes=2)
PAGES_A_SWEEP = 200


def send_messages(company: Company, ids: list[int], by: User) -> None:
    """Follows `message.queued`."""
    runs.send_messages(company, ids, by=by)


def draw_asked(company: Company, ids: list[int], by: User) -> None:
    """Follows `pdfs.asked`: walks the jobs, for those who started them."""
    jobs = Job.objects.filter(company=company, pk__in=ids, ended_at=None).order_by("pk")
    for job in jobs.select_related("started_by"):
        draw = partial(runs.draw_renderings, company, by=job.started_by)
        walk(job, runs.FEW, draw)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Each minute: what a dead worker left is ended, shown as uncertain, or done in its place."""
    by = User.objects.system()
    end_silent_jobs(by=by)
    actions.doubt_stuck_messages(by=by)
    now = clock.now()
    for company in Company.objects.all():
        queued = Message.objects.filter(_is_due(now), company=company, state=Message.State.QUEUED)
        runs.send_messages(company, list(queued.values_list("pk", flat=True)), by=by)
        _draw_waiting(company, by)


def _is_due(now: datetime) -> Q:
    """Two minutes after it was queued; then 4, 8, 16 and 32 after each try that came to nothing."""
    tries = range(1, outbox.MOST_ATTEMPTS)
    later = [Q(attempts=n, sending_since__lt=now - LEFT_BEHIND * 2**n) for n in tries]
    return reduce(or_, later, Q(attempts=0, queued_at__lt=now - LEFT_BEHIND))


def _draw_waiting(company: Company, by: User) -> None:
    waiting = Rendering.objects.filter(company=company, state=Rendering.State.WAITING)
    ids = waiting.order_by("pk").values_list("pk", flat=True)
    runs.draw_renderings(company, list(ids[:PAGES_A_SWEEP]), by=by)
