"""Closing, opening and locking periods."""

from datetime import date
from functools import partial

import pytest

from core.refusals import NeedsConfirmation
from ledger.actions import (
    close_periods,
    lock_periods,
    reopen_periods,
    soft_close_periods,
)
from ledger.models import AccountRole, Period
from tests.cast import accountant, controller, stranger
from tests.refusals import code_of, verbs

pytestmark = pytest.mark.django_db
R = AccountRole
lock_for_good = partial(lock_periods, confirmed=True)


@pytest.fixture
def march(company):
    return Period.objects.get(company=company, module="GL", starts_on=date(2026, 3, 1))


def test_a_period_closes_opens_and_locks(company, march):
    by = controller(company)
    for deed, state in (
        (soft_close_periods, "soft_closed"),
        (close_periods, "closed"),
        (reopen_periods, "open"),
        (close_periods, "closed"),
        (lock_for_good, "locked"),
    ):
        (row,) = deed([march.pk], by=by)
        assert row.state == state
    assert code_of(reopen_periods, [march.pk], by=by) == "state.not_allowed"
    assert verbs(company)[-5:] == [
        "period.soft_closed",
        "period.closed",
        "period.reopened",
        "period.closed",
        "period.locked",
    ]


def test_locking_asks_first_and_names_the_periods(company, march):
    by = controller(company)
    close_periods([march.pk], by=by)
    with pytest.raises(NeedsConfirmation, match="2026-03 General ledger"):
        lock_periods([march.pk], by=by)
    assert Period.objects.get(pk=march.pk).state == "closed"
    assert verbs(company)[-1] == "period.closed"


@pytest.mark.parametrize(
    ("state", "deed"),
    [
        ("open", reopen_periods),
        ("open", lock_for_good),
        ("soft_closed", soft_close_periods),
        ("soft_closed", lock_for_good),
        ("closed", soft_close_periods),
        ("closed", close_periods),
        ("locked", soft_close_periods),
        ("locked", close_periods),
        ("locked", reopen_periods),
        ("locked", lock_for_good),
    ],
)
def test_illegal_steps_are_refused(company, march, state, deed):
    Period.objects.filter(pk=march.pk).update(state=state)
    assert code_of(deed, [march.pk], by=controller(company)) == "state.not_allowed"


def test_only_a_controller_closes_and_reopens(company, march):
    for deed in (soft_close_periods, close_periods):
        assert code_of(deed, [march.pk], by=accountant(company)) == "not_allowed"
    close_periods([march.pk], by=controller(company))
    assert code_of(reopen_periods, [march.pk], by=accountant(company)) == "not_allowed"
    assert code_of(reopen_periods, [march.pk], by=stranger()) == "period.unknown"
