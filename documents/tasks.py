"""The worker's part: mail that follows a deed, and a sweep for what was left behind."""

from datetime import timedelta

from celery import shared_task

from core import clock
from core.models import Company
from documents import actions
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
    before = clock.now() - LEFT_BEHIND
    for company in Company.objects.all():
        queued = Message.objects.filter(
            company=company, state=Message.State.QUEUED, queued_at__lt=before
        )
        actions.send_messages(company, list(queued.values_list("pk", flat=True)), by=by)
        _render_waiting(company, by)


def _render_waiting(company: Company, by: User) -> None:
    waiting = Rendering.objects.filter(company=company, state=Rendering.State.WAITING)
    rows = list(waiting.order_by("pk").values_list("source_kind", "source_id")[:PAGES_A_SWEEP])
    for kind in {kind for kind, _pk in rows}:
        actions.render_documents(company, kind, [pk for k, pk in rows if k == kind], by=by)
