"""Runs over many rows: how far they are, and what came to nothing, told once."""

import pytest
from django.db import OperationalError

from core import clock, jobs
from core.models import Job
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    company = cast.bare_company("nordwind")
    return cast.start_job(company, "Import", 10, by=cast.sales_rep(company))


def figures():
    return Job.objects.values_list("done", "refused", "report").get()


def test_what_came_to_nothing_is_added_to_the_report(job):
    jobs.note_progress(job, 5, ["L-2: no such colour"])
    jobs.note_progress(job, 5, ["L-7: no paper"])
    assert figures() == (8, 2, ["L-2: no such colour", "L-7: no paper"])


def test_the_second_try_after_a_deadlock_tells_each_problem_once(job, monkeypatch):
    now, tries = clock.now, []

    def met_a_deadlock_at_first():
        tries.append(1)
        if len(tries) == 1:
            cause = Exception()
            cause.pgcode = "40P01"
            raise OperationalError("deadlock detected") from cause
        return now()

    monkeypatch.setattr(jobs.clock, "now", met_a_deadlock_at_first)
    jobs.note_progress(job, 5, ["L-2: no such colour"])
    assert (len(tries), figures()) == (2, (4, 1, ["L-2: no such colour"]))


def test_what_another_noted_meanwhile_stays(job):
    seen_before = Job.objects.get()
    jobs.note_progress(job, 1, ["L-1: no paper"])
    jobs.note_progress(seen_before, 1, ["L-2: no paper"])
    assert figures() == (0, 2, ["L-1: no paper", "L-2: no paper"])
