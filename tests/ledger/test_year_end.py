"""Years end by themselves: income and expense begin at zero, the results are retained earnings."""

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger.actions import find_settled_entries, fold_totals
from ledger.models import Account, EntryLine
from ledger.queries import account_balance, trial_balance
from tests.cast import controller, make_company, system
from tests.factories.ledger import draft, line, owe, post
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db

JULY = 7
DAY = timedelta(days=1)


@pytest.fixture
def year_from(db):
    """A company with three years of income, expense and a dividend: year_from(first month)."""

    def write(month=1):
        company = make_company(fiscal_year_start=month)
        customer = make_customer(company)
        for place, on in enumerate(starts(month)):
            owe(company, customer, 1000 + place, on=on)
            owe(company, customer, 110, on=on + DAY, currency="USD", rate="1.1")
            post(company, draft(line("EXPENSE", 600 + place), line("BANK", -600 - place), on=on))
            post(company, draft(line("BANK_FEES", 7), line("BANK", -7), on=on + 364 * DAY))
            post(company, draft(line("RETAINED_EARNINGS", 50), line("BANK", -50), on=on + 90 * DAY))
        return company

    return write


def starts(month):
    """First days of the three years that are open."""
    return [date(year - (month > 1), month, 1) for year in (2025, 2026, 2027)]


def fold(company):
    fold_totals(company, find_settled_entries(company, by=system()), by=system())


def account(company, role):
    return Account.objects.get(company=company, role=role)


def closings(company, on, **asked):
    return {(r.role, r.currency): r.closing for r in trial_balance(company, on, **asked)}


def counted(company, on, *, by_currency=False):
    """The same from the lines one by one."""
    year = max(start for start in starts(company.fiscal_year_start) if start <= on)
    sums = defaultdict(Decimal)
    lines = EntryLine.objects.filter(entry__company=company, posting_date__lte=on)
    for row in lines.select_related("account"):
        earlier = row.account.kind in ("income", "expense") and row.posting_date < year
        role = "RETAINED_EARNINGS" if earlier else row.account.role
        currency, amount = "EUR", row.base_amount
        if by_currency:
            currency, amount = row.currency, row.amount
        sums[role, currency] += amount
    return {key: amount for key, amount in sums.items() if amount}


def test_a_year_begins_with_no_income_and_no_expense(year_from, proved):
    company = year_from()
    old, new = closings(company, date(2025, 12, 31)), closings(company, date(2026, 12, 31))
    assert (old["REVENUE", "EUR"], old["EXPENSE", "EUR"], old["BANK_FEES", "EUR"]) == (
        -1100,
        600,
        7,
    )
    assert (new["REVENUE", "EUR"], new["EXPENSE", "EUR"], new["BANK_FEES", "EUR"]) == (
        -1101,
        601,
        7,
    )
    assert old["RETAINED_EARNINGS", "EUR"] == 50
    assert new["RETAINED_EARNINGS", "EUR"] == 50 + 50 + (-1100 + 600 + 7)


def test_the_result_is_in_the_opening_of_retained_earnings(year_from):
    company, on, since = year_from(), date(2026, 12, 31), date(2026, 1, 1)
    rows = {row.role: row for row in trial_balance(company, on, since=since)}
    assert (rows["REVENUE"].opening, rows["REVENUE"].credit) == (0, 1101)
    kept = rows["RETAINED_EARNINGS"]
    assert (kept.opening, kept.debit, kept.credit) == (-493 + 50, 50, 0)
    assert sum(row.opening for row in rows.values()) == 0


def test_within_a_year_income_opens_with_what_came_before(year_from):
    company, on = year_from(), date(2026, 12, 31)
    rows = {row.role: row for row in trial_balance(company, on, since=date(2026, 1, 2))}
    assert (rows["REVENUE"].opening, rows["REVENUE"].credit) == (-1001, 100)


@pytest.mark.parametrize("month", [1, JULY])
@pytest.mark.parametrize("by_currency", [False, True], ids=["base", "currency"])
def test_every_day_is_the_sum_of_its_lines(year_from, month, by_currency, proved):
    company = year_from(month)
    days = [start + n * DAY for start in starts(month) for n in (0, 1, 90, 363, 364)]
    for _state in ("nothing folded", "all folded"):
        for on in days:
            found = closings(company, on, by_currency=by_currency)
            assert {k: v for k, v in found.items() if v} == counted(
                company, on, by_currency=by_currency
            )
            for currency in {key[1] for key in found}:
                assert sum(v for key, v in found.items() if key[1] == currency) == 0
        fold(company)


def test_a_span_over_two_years_still_adds_up(year_from):
    company, on = year_from(), date(2026, 12, 31)
    rows = trial_balance(company, on, since=date(2025, 6, 1))
    for figure in ("opening", "closing"):
        assert sum(getattr(row, figure) for row in rows) == 0
    assert {(r.role, "EUR"): r.closing for r in rows} == closings(company, on)


@pytest.mark.parametrize("month", [1, JULY])
def test_the_balance_of_an_account_is_that_of_the_trial_balance(year_from, month):
    company = year_from(month)
    for on in (start + n * DAY for start in starts(month) for n in (0, 1, 100, 364)):
        found = closings(company, on, by_currency=True)
        for role in ("REVENUE", "EXPENSE", "BANK_FEES", "RETAINED_EARNINGS", "BANK"):
            sums = account_balance(company, account(company, role), on)
            wanted = {currency: v for (name, currency), v in found.items() if name == role and v}
            assert {s.currency: s.amount for s in sums if s.amount} == wanted


def test_all_of_it_is_one_statement(year_from):
    company = year_from()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        trial_balance(company, date(2027, 12, 31))
    assert len(asked) == 1


def ledger_page(client, company, number, **asked):
    """What stands on top of the ledger of an account, and its balances, latest first."""
    client.force_login(controller(company))
    url = reverse("ledger:account", args=[company.slug, number])
    page = client.get(url, {"size": "25", **asked}).content.decode()
    words = re.search(r"Balance on [^<]*", page)[0].replace("\N{NO-BREAK SPACE}", " ").strip()
    return words, re.findall(r'data-label="Balance" class="num">([^<]+)<', page)


def test_the_ledger_of_an_income_account_counts_each_year_by_itself(year_from, client):
    words, after = ledger_page(client, year_from(), "4400", on="2025-01-01..2026-12-31")
    assert words.startswith("Balance on 31 Dec 2026, counted from 1 Jan 2026: −1,101.00 EUR")
    assert after == ["−1,101.00", "−1,001.00", "−1,100.00", "−1,000.00"]


def test_the_ledger_of_retained_earnings_holds_the_results_of_earlier_years(year_from, client):
    words, after = ledger_page(client, year_from(), "2970", on="2025-01-01..2027-12-31")
    assert words == (
        "Balance on 31 Dec 2027: −836.00 EUR, of which −220.00 USD = −200.00 EUR. "
        "The result of the years before 1 Jan 2027 is −986.00 EUR of it."
    )
    assert after == ["−836.00", "−393.00", "50.00"]


def test_the_trial_balance_says_since_when_income_counts(year_from, client):
    company = year_from(JULY)
    client.force_login(controller(company))
    url = reverse("ledger:trial_balance", args=[company.slug])
    page = client.get(url, {"on": "2026-03-31"}).content.decode()
    assert "Income and expenses count from 1 Jul 2025." in re.sub(r"<[^>]+>", "", page)
