"""Runs over many documents, in chunks, with progress a person can watch and stop.

A deed starts a job and records its event; the follow-up of that event walks it. So a dead broker
delays it, and the sweep finds it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.locks import lock
from core.models import Company, FollowUp, Job, rights
from core.refusals import Refused
from users.models import User

SILENCE = timedelta(minutes=10)


@inside_transaction
def start_job(company: Company, title: str, work: Sequence[int], *, verb: str, by: User) -> Job:
    """Starts a run over rows, by their ids; whoever follows `verb` walks it."""
    begun = {"started_by": by, "started_at": clock.now(), "heard_at": clock.now()}
    job = Job.objects.create(company=company, title=title, work=[*work], total=len(work), **begun)
    record(company, verb, [Fact([("job", job.pk)], {"total": job.total})], by=by)
    return job


def walk(job: Job, few: int, deed: Callable[[list[int]], Sequence[str]]) -> None:
    """Calls `deed` for chunk after chunk, until done or asked to stop.

    It works between transactions, and answers with what it could not do, a line for each.
    """
    for start in range(job.done + job.refused, job.total, few):
        job.refresh_from_db(fields=["stop_requested", "ended_at"])
        if job.stop_requested or job.ended_at:
            break
        chunk = job.work[start : start + few]
        note_progress(job, len(chunk), deed(chunk))
    end_job(job)


@action
def note_progress(job: Job, worked: int, problems: Sequence[str] = ()) -> None:
    """Adds what was worked on, and a line for each row of it that came to nothing."""
    row = Job.objects.filter(pk=job.pk)
    (now,), refused = lock(row), len(problems)
    done = {"done": F("done") + worked - refused, "refused": F("refused") + refused}
    row.update(**done, report=[*now.report, *problems], heard_at=clock.now())


@action
def end_job(job: Job) -> None:
    Job.objects.filter(pk=job.pk, ended_at=None).update(ended_at=clock.now())


@action
def end_silent_jobs(*, by: User) -> list[Job]:
    """Ends jobs whose worker died: nobody worked on them for ten minutes, and nobody will."""
    to_come = FollowUp.objects.filter(kind="job", done_at=None, parked_at=None)
    silent = Job.objects.filter(ended_at=None, heard_at__lt=clock.now() - SILENCE)
    rows = lock(silent.exclude(pk__in=to_come.values("subject_id")))
    line = _("The program stopped while it worked on this. Start it again for what is left.")
    ended = [(job.pk, clock.now(), [*job.report, line]) for job in rows]
    bulk.update(Job, ("id", "ended_at", "report"), ended)
    return rows


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
