"""The figures of any day, from what moved each day."""

from datetime import date
from decimal import Decimal

import pytest

from analytics.dso import Days
from analytics.flows import Flow, flows
from ledger.models import AccountRole
from ledger.queries import ageing, trial_balance
from tests import cast
from tests.dunning.owing import apply, golden, owe, pay
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def company():
    return cast.make_company()


def test_a_flow_adds_up_to_any_day():
    flow = Flow([(date(2026, 1, 5), D(10)), (date(2026, 1, 2), D(5)), (date(2026, 1, 5), D(-3))])
    days = [date(2026, 1, day) for day in (1, 2, 4, 5, 9)]
    assert [flow.up_to(day) for day in days] == [0, 5, 5, 12, 12]
    assert flow.within(date(2026, 1, 3), date(2026, 1, 5)) == 7


@pytest.mark.parametrize(
    "day", ["02-28", "03-03", "03-10", "03-12", "03-17", "03-20", "03-24", "03-25", "03-31"]
)
def test_owed_and_late_agree_with_the_ageing_on_every_day(company, day):
    golden(make_customer(company))
    on = date.fromisoformat(f"2026-{day}")
    moved, (row,) = flows(company), ageing(company, on)
    assert moved.late.up_to(on) == row.overdue
    assert moved.owed.up_to(on) == row.not_due + row.overdue
    books = trial_balance(company, on)
    assert moved.owed.up_to(on) == sum(
        balance.closing for balance in books if balance.role == AccountRole.AR_CONTROL
    )


def test_sales_are_invoices_less_credit_notes_and_cash_is_receipts(company):
    golden(make_customer(company))
    moved = flows(company)
    assert moved.sales(date(2026, 3, 31), 90) == D(1300)
    assert moved.sales(date(2026, 3, 14), 90) == D(1500)
    assert moved.receipts(date(2026, 3, 31), 30) == D(600)
    assert moved.receipts(date(2026, 3, 4), 30) == 0


def test_dso_by_the_book(company):
    """Receivables 150; sales January 70, February 50, March 60; 90 days."""
    customer = make_customer(company)
    first = owe(customer, "I1", date(2026, 1, 15), date(2026, 2, 14), "70")
    owe(customer, "I2", date(2026, 2, 10), date(2026, 3, 12), "50")
    owe(customer, "I3", date(2026, 3, 20), date(2026, 4, 19), "60")
    apply(first, pay(customer, "R1", date(2026, 3, 1), "30"), "30", date(2026, 3, 1))
    moved, on = flows(company), date(2026, 3, 31)
    assert moved.dso(on, 90) == D("75.0")
    assert moved.dso_count_back(on) == Days(D("76.7"))
    assert moved.best_dso(on, 90) == D("30.0")
    assert moved.dso(on, 90) - moved.best_dso(on, 90) == D("45.0")


def test_a_company_that_never_sold_has_no_dso(company):
    moved = flows(company)
    assert moved.dso(date(2026, 3, 31), 90) is None
    assert moved.dso_count_back(date(2026, 3, 31)) == Days(D("0.0"))


def test_another_company_is_not_counted(company):
    golden(make_customer(cast.make_company()))
    assert flows(company).owed.up_to(date(2026, 12, 31)) == 0
