"""Runs over many documents: chunks of a few hundred, with progress a person can watch and stop."""

from collections.abc import Callable, Sequence

from django.db.models import F
from django.utils.translation import gettext as _

from core import clock
from core.actions import action
from core.models import Company, Job, rights
from core.refusals import Refused
from users.models import User

CHUNK = 300


@action
def start_job(company: Company, title: str, total: int, *, by: User) -> Job:
    return Job.objects.create(
        company=company, title=title, total=total, started_by=by, started_at=clock.now()
    )


def walk(job: Job, ids: Sequence[int], deed: Callable[[list[int]], object]) -> None:
    """Calls `deed` for chunk after chunk, noting progress, until done or asked to stop."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        job.refresh_from_db(fields=["stop_requested"])
        if job.stop_requested:
            break
        try:
            deed(list(chunk))
            note_progress(job, done=len(chunk))
        except Refused as refusal:
            note_progress(job, refused=len(chunk), line=refusal.message)
    end_job(job)


@action
def note_progress(job: Job, *, done: int = 0, refused: int = 0, line: str = "") -> None:
    Job.objects.filter(pk=job.pk).update(done=F("done") + done, refused=F("refused") + refused)
    if line:
        job.report = [*job.report, line]
        job.save(update_fields=["report"])


@action
def end_job(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(ended_at=clock.now())


@action
def stop_job(job_id: int, *, by: User) -> Job:
    """Asks a running job to stop after the chunk at hand; one's own, or any with the right to."""
    job = Job.objects.visible_to(by).get(pk=job_id)
    if job.started_by_id != by.pk:
        rights(by).require("core.stop_jobs", job.company_id)
    if job.ended_at:
        raise Refused("jobs.ended", _("This has ended already; there is nothing to stop."))
    job.stop_requested = True
    job.save(update_fields=["stop_requested"])
    return job
