"""Setting up the books of a company, and further years."""

from itertools import pairwise

import pytest

from core import clock
from ledger.actions import open_years, set_up_books
from ledger.models import Account, AccountRole, Period
from tests.cast import accountant, bare_company, controller, system
from tests.refusals import code_of

pytestmark = pytest.mark.django_db
R = AccountRole


def test_books_have_an_account_for_every_role(company):
    roles = Account.objects.filter(company=company).exclude(role="").values_list("role", flat=True)
    assert set(roles) == set(R.values)


def test_books_are_set_up_once_and_by_those_who_may(company):
    assert code_of(set_up_books, company, by=system(), first_year=2027) == "books.set_up_already"
    assert code_of(set_up_books, company, by=accountant(company), first_year=2027) == "not_allowed"


@pytest.mark.parametrize(("start", "first", "last"), [(1, "2025-01-01", "2027-12-31"),
                                                     (4, "2024-04-01", "2027-03-31")])  # fmt: skip
def test_periods_follow_the_fiscal_year(db, start, first, last):
    company = bare_company(fiscal_year_start=start)
    set_up_books(company, by=system(), first_year=2025, years=3)
    periods = Period.objects.filter(company=company, module="GL").order_by("starts_on")
    assert len(periods) == 36
    assert (str(periods[0].starts_on), str(periods[35].ends_on)) == (first, last)
    assert all((after.starts_on - before.ends_on).days == 1 for before, after in pairwise(periods))


def test_a_further_year_is_opened_once(company):
    year = clock.today(company).year + 2  # the books of the tests are open to the end of the next
    assert len(open_years(company, [year], by=controller(company))) == 48
    assert code_of(open_years, company, [year], by=system()) == "books.year_open_already"
    assert Period.objects.filter(company=company, starts_on__year=year).count() == 48
