"""Follow-ups: queued in the deed, done in the deed that answers them, parked when refused."""

from datetime import timedelta

import pytest

from core import clock, events, follow_ups, in_hand
from core.actions import action
from core.models import Company, Event, EventSubject, FollowUp
from core.refusals import Refused
from tests import cast

pytestmark = pytest.mark.django_db

called: list[list[int]] = []
refuse: set[int] = set()


@action
def answer(ids, *, by):
    called.append(ids)
    in_hand.settle({i: Refused("test", f"{i} is bad") for i in ids if i in refuse})


def answer_each(company, ids, by):
    answer(ids, by=by)


def answer_all_or_none(company, ids, by):
    called.append(ids)
    if bad := refuse.intersection(ids):
        raise Refused("test", f"{bad.pop()} is bad")


def do_nothing(company, ids, by):
    called.append(ids)


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme", name="Acme", legal_name="Acme", country="DE", currency="EUR"
    )


@pytest.fixture(autouse=True)
def clean():
    called.clear()
    refuse.clear()
    yield
    events.FOLLOW_UPS.pop("thing.done", None)


def happen(company, handler, ids=(1, 2, 3)):
    events.FOLLOW_UPS["thing.done"] = (f"{__name__}.{handler}",)

    @action
    def deed(*, by):
        facts = [events.Fact([("thing", i), ("other", 9, "payer")], {"n": i}) for i in ids]
        events.record(company, "thing.done", facts, by=by)

    deed(by=cast.system())


def test_an_event_has_its_subjects_and_queues_what_follows(company):
    happen(company, "do_nothing", ids=[7])
    event = Event.objects.get()
    assert (event.verb, event.facts) == ("thing.done", {"n": 7})
    assert set(
        EventSubject.objects.filter(event_id=event.pk).values_list("kind", "subject_id", "role")
    ) == {("thing", 7, ""), ("other", 9, "payer")}
    assert FollowUp.objects.get().subject_id == 7


def test_recording_a_set_takes_a_fixed_number_of_statements(company, django_assert_num_queries):
    by = cast.system()
    events.FOLLOW_UPS["thing.done"] = (f"{__name__}.do_nothing",)

    @action
    def deed():
        facts = [events.Fact([("thing", i)]) for i in range(200)]
        events.record(company, "thing.done", facts, by=by)

    with django_assert_num_queries(6):  # BEGIN, ids, events, subjects, follow-ups, COMMIT
        deed()


def test_the_runner_calls_a_handler_once_with_all(company):
    happen(company, "answer_each")
    assert follow_ups.work_off() == 3
    assert called == [[1, 2, 3]]
    assert FollowUp.objects.filter(done_at=None).count() == 0
    assert follow_ups.work_off() == 0


def test_a_refused_subject_is_parked_with_its_reason_and_the_others_are_done(company):
    refuse.add(2)
    happen(company, "answer_each")
    follow_ups.work_off()
    parked = FollowUp.objects.get(parked_at__isnull=False)
    assert (parked.subject_id, parked.reason) == (2, "2 is bad")
    assert FollowUp.objects.exclude(done_at=None).count() == 2


def test_a_handler_that_cannot_part_the_set_is_called_with_halves(company):
    refuse.add(2)
    happen(company, "answer_all_or_none")
    follow_ups.work_off()
    assert called == [[1, 2, 3], [1], [2, 3], [2], [3]]
    assert FollowUp.objects.get(parked_at__isnull=False).subject_id == 2
    assert FollowUp.objects.exclude(done_at=None).count() == 2


def test_a_refusal_without_follow_ups_in_hand_is_raised():
    with pytest.raises(Refused):
        in_hand.settle({1: Refused("test", "no")})


def test_leased_work_is_left_alone_until_the_lease_ends(company):
    happen(company, "do_nothing")
    FollowUp.objects.update(leased_until=clock.now() + timedelta(minutes=5))
    assert follow_ups.work_off() == 0
    with clock.travel(clock.now() + timedelta(minutes=6)):
        assert follow_ups.work_off() == 3


def test_what_failed_too_often_waits_for_a_person_who_may_try_again(company):
    happen(company, "do_nothing", ids=[1])
    FollowUp.objects.update(attempts=follow_ups.TRIES)
    follow_ups.work_off()
    assert called == []
    parked = FollowUp.objects.get(parked_at__isnull=False)
    follow_ups.retry_follow_ups([parked.pk], by=cast.system())
    follow_ups.work_off()
    assert called == [[1]]


def test_made_up_history_does_not_reach_the_outside(company, monkeypatch):
    monkeypatch.setattr(events, "OUTWARD", {f"{__name__}.do_nothing"})
    with events.history():
        happen(company, "do_nothing")
    assert FollowUp.objects.count() == 0


def test_one_company_a_call(company):
    other = Company.objects.create(
        slug="other", name="O", legal_name="O", country="DE", currency="EUR"
    )
    happen(company, "do_nothing", ids=[1])
    happen(other, "do_nothing", ids=[2])
    follow_ups.work_off()
    assert called == [[1], [2]]
