"""Closing, opening and locking periods."""

from datetime import date
from functools import partial

import pytest

from core.models import Event
from core.refusals import NeedsConfirmation
from ledger import actions
from ledger.actions import lock_periods, soft_close_periods
from ledger.models import AccountRole, Period
from tests.cast import accountant, controller, stranger
from tests.refusals import code_of, verbs

pytestmark = pytest.mark.django_db
R = AccountRole
# What they ask, and why, is tried below.
close_periods = partial(actions.close_periods, confirmed=True)
reopen_periods = partial(actions.reopen_periods, reason="A late invoice")
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


def close_all(company, *modules, upto=date(2026, 2, 28)):
    rows = Period.objects.filter(company=company, ends_on__lte=upto, module__in=modules)
    close_periods([row.pk for row in rows], by=controller(company))


def test_the_general_ledger_before_its_subledgers_is_asked_about(company, march):
    close_all(company, "GL")
    with pytest.raises(NeedsConfirmation) as asked:
        actions.close_periods([march.pk], by=controller(company))
    assert "Open parts of the same month: 2026-03 Receivables, " in asked.value.message
    assert Period.objects.get(pk=march.pk).state == "open"
    close_all(company, "AR", "AP", "INV", upto=date(2026, 3, 31))
    actions.close_periods([march.pk], by=controller(company))
    assert Period.objects.get(pk=march.pk).state == "closed"


def test_a_later_month_before_an_earlier_is_asked_about(company):
    march = Period.objects.get(company=company, module="AR", starts_on=date(2026, 3, 1))
    close_all(company, "AR", upto=date(2026, 1, 31))
    with pytest.raises(NeedsConfirmation, match="Open before it: 2026-02 Receivables"):
        actions.close_periods([march.pk], by=controller(company))
    both = [row.pk for row in Period.objects.filter(
        company=company, module="AR", starts_on__in=[date(2026, 2, 1), date(2026, 3, 1)]
    )]  # fmt: skip
    actions.close_periods(both, by=controller(company))


def test_opening_again_wants_a_reason_that_is_kept(company, march):
    by = controller(company)
    close_periods([march.pk], by=by)
    assert code_of(actions.reopen_periods, [march.pk], by=by, reason=" ") == "period.reason_missing"
    actions.reopen_periods([march.pk], by=by, reason="A late invoice")
    assert Event.objects.latest("pk").facts["reason"] == "A late invoice"
