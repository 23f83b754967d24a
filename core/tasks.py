"""The worker's part of core: working off follow-ups when rung, and each minute regardless."""

from celery import shared_task

from core import follow_ups


@shared_task(ignore_result=True)
def work_off_follow_ups() -> None:
    """Rung once per transaction that queued something, and by the sweep each minute."""
    follow_ups.work_off()
