"""Setting up the books of a company, and opening further years."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core import bulk, numbering
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.models import Company, rights
from core.refusals import Refused
from ledger import chart
from ledger.models import Account, Module, Period, TaxCode, TotalsMark
from users.models import User


@action
def set_up_books(company: Company, *, by: User, first_year: int, years: int = 2) -> list[Account]:
    """Gives a company its chart of accounts, tax codes, and open periods from `first_year` on.

    Raises Refused `books.set_up_already`.
    """
    rights(by).require("ledger.setup", company.pk)
    if Account.objects.filter(company=company).exists():
        raise Refused("books.set_up_already", _("The books of this company are set up already."))
    TotalsMark.objects.create(company=company)
    _write_chart(company)
    _write_tax_codes(company)
    _open_years(company, range(first_year, first_year + years))
    record(company, "books.set_up", [Fact([("company", company.pk)])], by=by)
    return list(Account.objects.filter(company=company))


@action
def open_years(company: Company, years: Sequence[int], *, by: User) -> list[Period]:
    """Opens the periods of further fiscal years. Raises Refused `books.year_open_already`."""
    rights(by).require("ledger.close", company.pk)
    months = [month for year in years for month in _months(company, year)]
    rows = Period.objects.filter(company=company, starts_on__in=months)
    if rows.exists():
        raise Refused("books.year_open_already", _("This year has its periods already."))
    _open_years(company, years)
    fact = Fact([("company", company.pk)], {"years": [*years]})
    record(company, "books.years_opened", [fact], by=by)
    return list(rows.all())


def _write_chart(company: Company) -> None:
    columns = ("company_id", "number", "title", "kind", "role")
    rows = [
        (company.pk, number, str(role.label), kind.value, role.value)
        for number, role, kind in chart.CHART
    ]
    bulk.insert(Account, columns, rows)


def _write_tax_codes(company: Company) -> None:
    columns = (
        "company_id",
        "code",
        "name",
        "category",
        "tax_class",
        "rate",
        "exemption_reason",
        "valid_from",
    )
    rows = [(company.pk, *code) for code in chart.tax_codes(company.country)]
    bulk.insert(TaxCode, columns, rows)


@inside_transaction
def _open_years(company: Company, years: Sequence[int]) -> None:
    """Twelve periods a year and module, and the counters of entry numbers.

    The counters come with the periods, so that whoever holds them all holds up every posting.
    """
    rows = [
        (company.pk, module.value, month, _next_month(month) - timedelta(days=1), Period.State.OPEN)
        for year in years
        for month in _months(company, year)
        for module in Module
    ]
    bulk.insert(Period, ("company_id", "module", "starts_on", "ends_on", "state"), rows)
    numbering.open_series(company, [("entry", year) for year in years])


def _first_day(company: Company, year: int) -> date:
    start = company.fiscal_year_start
    return date(year, 1, 1) if start == 1 else date(year - 1, start, 1)


def _months(company: Company, year: int) -> list[date]:
    months = [_first_day(company, year)]
    while len(months) < 12:
        months.append(_next_month(months[-1]))
    return months


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
