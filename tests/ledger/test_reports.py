"""Reports as of any day, against sums made another way, with and without folded totals."""

from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from core import clock
from ledger.actions import find_settled_entries, fold_totals
from ledger.models import Account, DayTotal, TotalsMark
from ledger.queries import account_balance, ageing, open_items, trial_balance
from tests.cast import make_company, system
from tests.factories.ledger import draft, line, owe, pay, post, settle, unsettle
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db

DAYS = [date(2026, month, day) for month in range(1, 7) for day in (1, 15, 28)]
BALANCE = """
SELECT a.number, {currency}, sum(l.{amount}) FROM ledger_entryline l
  JOIN ledger_entry e ON e.id = l.entry_id JOIN ledger_account a ON a.id = l.account_id
 WHERE e.company_id = %s AND e.posting_date <= %s AND e.recorded_at <= %s
 GROUP BY 1, 2 HAVING sum(l.{amount}) <> 0
"""
OPEN = """
SELECT i.id, i.amount - coalesce((
         SELECT sum(a.amount) FROM ledger_allocation a
          WHERE i.id IN (a.debit_item_id, a.credit_item_id)
            AND a.posting_date <= %(on)s AND a.recorded_at <= %(at)s), 0)
  FROM ledger_openitem i
 WHERE i.company_id = %(company)s AND i.posted_on <= %(on)s AND i.recorded_at <= %(at)s
"""


def moment(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(module_db):
    """Half a year of two customers in two currencies, written over several days of knowing."""
    company = make_company()
    customers = [make_customer(company), make_customer(company)]
    for known, day in enumerate(DAYS):
        with clock.travel(moment(DAYS[min(known + 2, len(DAYS) - 1)])):
            for place, customer in enumerate(customers):
                money = {"currency": "USD", "rate": Decimal("1.1") + known} if place else {}
                invoice = owe(company, customer, 100 + known, tax=19, on=day, due=day, **money)
                receipt = pay(company, customer, 60, on=day, **money)
                settled = settle(company, (invoice, receipt, 50), on=day)
                if known % 3 == 0:
                    unsettle(company, *settled.allocation_ids, on=DAYS[-1])
    return company, customers


@pytest.fixture
def company(told, db):
    return deepcopy(told[0])


@pytest.fixture
def story(told, db):
    """The customers of the story."""
    return deepcopy(told[1])


def fold(company):
    fold_totals(company, find_settled_entries(company, by=system()), by=system())


def read(statement, given):
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


def summed(company, on, known_at, *, by_currency=False):
    columns = ("l.currency", "amount") if by_currency else ("'EUR'", "base_amount")
    statement = BALANCE.format(currency=columns[0], amount=columns[1])
    rows = read(statement, [company.pk, on, known_at or moment(date(2099, 1, 1))])
    return {(number, currency): amount for number, currency, amount in rows}


@pytest.mark.parametrize("known_at", [None, moment(DAYS[9])], ids=["all", "known then"])
@pytest.mark.parametrize("by_currency", [False, True], ids=["base", "currency"])
def test_the_trial_balance_is_the_sum_of_the_lines(company, story, proved, known_at, by_currency):
    for _state in ("nothing folded", "all folded", "folded and more"):
        for on in DAYS:
            rows = trial_balance(company, on, known_at=known_at, by_currency=by_currency)
            closing = {(r.number, r.currency): r.closing for r in rows if r.closing}
            assert closing == summed(company, on, known_at, by_currency=by_currency)
            assert sum(r.closing for r in rows) == 0
        if TotalsMark.objects.get(company=company).entry_id:
            with clock.travel(moment(DAYS[8])):
                owe(company, story[0], 7, on=DAYS[3])
        fold(company)


def test_opening_and_sides_of_a_span(company, story):
    fold(company)
    for row in trial_balance(company, DAYS[9], since=DAYS[4]):
        before = {r.number: r.closing for r in trial_balance(company, DAYS[3])}
        assert row.opening == before.get(row.number, 0)
        assert row.debit >= 0 <= row.credit


def test_the_balance_of_an_account(company, story):
    bank = Account.objects.get(company=company, role="BANK")
    for _state in range(2):
        for on in DAYS:
            found = {s.currency: s.amount for s in account_balance(company, bank, on)}
            wanted = summed(company, on, None, by_currency=True)
            assert found == {c: a for (n, c), a in wanted.items() if n == bank.number}
        fold(company)


def test_folding_twice_changes_nothing(company, story):
    fold(company)
    before = list(DayTotal.objects.order_by("pk").values_list())
    fold(company)
    assert list(DayTotal.objects.order_by("pk").values_list()) == before


def test_totals_of_one_company_leave_the_others_alone(company, story, proved):
    other = make_company()
    owe(other, make_customer(other), 5)
    fold(company)
    assert DayTotal.objects.filter(account__company=other).count() == 0
    assert [r.closing for r in trial_balance(other, DAYS[-1])] == [5, -5]


@pytest.mark.parametrize("known_at", [None, moment(DAYS[9])], ids=["all", "known then"])
def test_open_items_of_any_day(company, story, proved, known_at):
    for on in DAYS:
        given = {"on": on, "company": company.pk, "at": known_at or moment(date(2099, 1, 1))}
        wanted = {pk: amount for pk, amount in read(OPEN, given) if amount}
        found = open_items(company, on, known_at=known_at)
        assert {item.id: item.open_amount for item in found} == wanted


@pytest.mark.parametrize("by_currency", [False, True], ids=["base", "currency"])
def test_ageing_adds_up_to_the_books(company, story, proved, by_currency):
    for on in DAYS:
        rows = ageing(company, on, by_currency=by_currency)
        wanted = summed(company, on, None, by_currency=by_currency)
        for currency in {row.currency for row in rows}:
            books = sum(wanted.get((number, currency), 0) for number in ("1200", "3260"))
            assert sum(row.total for row in rows if row.currency == currency) == books


def test_items_of_some_customers_only(company, story):
    (row,) = ageing(company, DAYS[-1], customers=[story[1].pk], by_currency=True)
    assert (row.customer_id, row.currency) == (story[1].pk, "USD")
    assert {i.customer_id for i in open_items(company, DAYS[-1], customers=[story[0].pk])} == {
        story[0].pk
    }
    assert open_items(company, DAYS[-1], customers=[]) == []


def test_a_receipt_of_an_unknown_payer_has_a_row_of_its_own(proved):
    company = make_company()
    pay(company, None, 30)
    (row,) = ageing(company, DAYS[-1])
    assert (row.customer_id, row.unapplied, row.total) == (None, -30, -30)


def test_an_empty_company_has_no_rows():
    company = make_company()
    assert trial_balance(company, DAYS[0]) == []
    assert ageing(company, DAYS[0]) == []
    post(company, draft(line("BANK", 5), line("REVENUE", -5), on=DAYS[3]))
    assert trial_balance(company, DAYS[2]) == []
