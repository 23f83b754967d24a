"""Follow-ups: queued in the deed, done in the deed that answers them, parked when refused."""

from datetime import timedelta

import pytest
from django.db import OperationalError

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
    in_hand.turn_away({i: Refused("test", f"{i} is bad") for i in ids if i in refuse})


def answer_each(company, ids, by):
    answer(ids, by=by)


def answer_all_or_none(company, ids, by):
    called.append(ids)
    if bad := refuse.intersection(ids):
        raise Refused("test", f"{bad.pop()} is bad")


def find_somebody_busy(company, ids, by):
    called.append(ids)
    if refuse.intersection(ids):
        raise Refused("busy", "Someone else is changing this right now.")


def stumble(company, ids, by):
    """Has a bug that one document brings out."""
    if refuse.intersection(ids):
        called.append(ids)
        raise ValueError("no such thing")
    answer(ids, by=by)


@action
def answer_at_the_second_try(ids, *, by):
    called.append(ids)
    in_hand.turn_away({i: Refused("test", f"{i} is bad") for i in ids if i in refuse})
    if len(called) == 1:
        cause = Exception()
        cause.pgcode = "40P01"
        raise OperationalError("deadlock detected") from cause


def meet_a_deadlock(company, ids, by):
    answer_at_the_second_try(ids, by=by)


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


def left():
    """Subject and tries of what is neither done nor parked."""
    rows = FollowUp.objects.filter(done_at=None, parked_at=None)
    return list(rows.order_by("pk").values_list("subject_id", "attempts"))


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


def test_several_follow_ups_of_one_subject_are_one_piece_of_work(company):
    happen(company, "answer_each", ids=[1, 1, 1, 2])
    assert follow_ups.work_off() == 4
    assert called == [[1, 2]]
    assert left() == []


def test_several_follow_ups_of_one_refused_subject_are_all_parked(company):
    refuse.add(1)
    happen(company, "answer_each", ids=[1, 1, 2])
    follow_ups.work_off()
    parked = FollowUp.objects.filter(parked_at__isnull=False)
    assert list(parked.values_list("subject_id", "reason")) == [(1, "1 is bad")] * 2
    assert left() == []


def test_what_somebody_else_is_changing_is_put_off_whole_and_not_parked(company):
    refuse.add(2)
    happen(company, "find_somebody_busy")
    follow_ups.work_off()
    assert called == [[1, 2, 3]]
    assert left() == [(1, 0), (2, 0), (3, 0)]
    assert follow_ups.work_off() == 0
    refuse.clear()
    with clock.travel(clock.now() + timedelta(minutes=1)):
        assert follow_ups.work_off() == 3
    assert left() == []


def test_a_deed_that_is_tried_again_parks_what_it_refuses(company):
    refuse.add(2)
    happen(company, "meet_a_deadlock")
    follow_ups.work_off()
    assert called == [[1, 2, 3], [1, 2, 3]]
    assert FollowUp.objects.get(parked_at__isnull=False).subject_id == 2
    assert left() == []


def test_a_bug_parks_only_the_document_that_brings_it_out(company):
    refuse.add(2)
    happen(company, "stumble")
    with pytest.raises(ValueError, match="no such thing"):
        follow_ups.work_off()
    assert left() == [(1, 1), (2, 1), (3, 1)]
    for times in range(follow_ups.TRIES):
        with clock.travel(clock.now() + (times + 1) * 2 * follow_ups.LEASE):
            happen(company, "stumble", ids=[10 + times])
            if times < follow_ups.TRIES - 1:
                with pytest.raises(ValueError, match="no such thing"):
                    follow_ups.work_off()
            follow_ups.work_off()
            assert FollowUp.objects.get(subject_id=10 + times).done_at
    assert called == [[1, 2, 3], [10], [1], [2], [3], [11], [2], [12], [2], [13], [2], [14]]
    parked = FollowUp.objects.get(parked_at__isnull=False)
    assert (parked.subject_id, parked.attempts) == (2, follow_ups.TRIES)
    assert left() == []


def test_a_bug_keeps_no_other_work_waiting(company):
    refuse.add(1)
    happen(company, "stumble", ids=[1])
    with pytest.raises(ValueError, match="no such thing"):
        follow_ups.work_off()
    with clock.travel(clock.now() + 2 * follow_ups.LEASE):
        happen(company, "do_nothing", ids=[7])
        with pytest.raises(ValueError, match="no such thing"):
            follow_ups.work_off()
    assert called == [[1], [7], [1]]


def test_a_refusal_without_follow_ups_in_hand_is_raised():
    with pytest.raises(Refused):
        in_hand.turn_away({1: Refused("test", "no")})


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
