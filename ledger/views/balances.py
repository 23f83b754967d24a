"""The trial balance, and the ledger of one account."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, formats, lists, spreadsheets
from core.access import Request, door
from core.models import Company, rights
from core.pages import Deed
from ledger.filters import LineFilters
from ledger.forms import BalanceForm
from ledger.models import Account
from ledger.queries import Balance, account_balance, carried_over, trial_balance
from ledger.queries.balances import Sum
from ledger.queries.entries import account_lines
from ledger.tables import AccountTable, LineTable

# Parameters that leave no line out between those shown, so that the balance has no gaps.
HARMLESS = {"size", "columns", "sort", "after", "before", "on"}


@door("ledger.view")
def balances(request: Request, company: Company) -> HttpResponseBase:
    """All accounts over a span of days, with their sums."""
    form = BalanceForm(request.GET, company=company)
    on, year = form.day(), company.year_begins(form.day())
    since = form.typed("since") or year
    rows = _rows(company, form, since)
    if request.GET.get("export") in {"csv", "xlsx"}:
        return _file(request, company, rows, on)
    context = {
        "title": _("Trial balance"),
        "form": form,
        "rows": rows,
        "sums": _sums(rows),
        "on": on,
        "since": since,
        "year": year,
        "known": form.typed("known"),
        "by_currency": form.typed("by_currency"),
    }
    return render(request, "ledger/trial_balance.html", context)


def _rows(company: Company, form: BalanceForm, since: date) -> list[Balance]:
    known = form.typed("known")
    return trial_balance(
        company,
        form.day(),
        since=since,
        known_at=_end_of(company, known) if known else None,
        by_currency=bool(form.typed("by_currency")),
    )


def _end_of(company: Company, day: date) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(company.time_zone))
    return midnight - timedelta(microseconds=1)


def _sums(rows: list[Balance]) -> list[Any]:
    """Debit and credit per currency; opening and closing must be zero."""
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        total = sums.setdefault(row.currency, [Decimal(0)] * 4)
        for place, figure in enumerate((row.opening, row.debit, row.credit, row.closing)):
            total[place] += figure
    return sorted(sums.items())


def _file(request: Request, company: Company, rows: list[Balance], on: date) -> HttpResponseBase:
    heading = [
        _("Account"), _("Name"), _("Currency"), _("Opening"), _("Debit"), _("Credit"), _("Closing")
    ]  # fmt: skip
    lines: list[list[Any]] = [
        [r.number, r.title, r.currency, r.opening, r.debit, r.credit, r.closing] for r in rows
    ]
    make = spreadsheets.csv_file if request.GET["export"] == "csv" else spreadsheets.xlsx_file
    return make(f"{company.slug}-trial-balance-{on}", [heading, *lines])


@door("ledger.view")
def account(request: Request, company: Company, number: str) -> HttpResponseBase:
    """The ledger of one account: its lines, newest first, with the balance after each.

    The balance on top is that of the last day asked for.
    """
    row = get_object_or_404(
        Account.objects.visible_to(request.user), company=company, number=number
    )
    day = _last_day(request.GET.get("on", ""), clock.today(company))
    whole = not (request.GET.keys() - HARMLESS)
    edit = reverse("ledger:edit_account", args=[company.slug, row.number])
    may = rights(request.user).may("ledger.setup", company.pk)
    return lists.serve(
        request,
        company,
        rows=account_lines(row.pk),
        table=AccountTable if whole else LineTable,
        filters=LineFilters,
        title=str(row),
        template="ledger/account.html",
        account=row,
        intro=_balance(company, row, day),
        buttons=[Deed("edit", _("Edit"), edit)] if may else [],
        empty=_("Nothing was posted to this account yet."),
    )


def _last_day(asked: str, today: date) -> date:
    """The last day of a span of days; today where it has none or is not understood."""
    try:
        after = lists.Days.span(asked, today)[1] if asked else None
    except ValidationError:
        after = None
    return after - timedelta(days=1) if after else today


def _balance(company: Company, row: Account, day: date) -> str:
    """The balance in words: the whole, and what of it is worth telling apart."""
    own, first = company.currency, company.year_begins(day)
    sums = account_balance(company, row, day)
    whole = formats.amount(sum((s.base_amount for s in sums), Decimal(0)), own, code=True)
    words = _("Balance on %(day)s: %(whole)s")
    if row.is_result:
        words = _("Balance on %(day)s, counted from %(first)s: %(whole)s")
    told = words % {"day": formats.day(day), "first": formats.day(first), "whole": whole}
    return told + _in_other_currencies(sums, own) + _of_earlier_years(company, row, first)


def _in_other_currencies(sums: list[Sum], own: str) -> str:
    parts = [
        f"{formats.amount(sum_.amount, sum_.currency, code=True)} = "
        f"{formats.amount(sum_.base_amount, own, code=True)}"
        for sum_ in sums
        if sum_.currency != own
    ]
    return _(", of which %(parts)s") % {"parts": ", ".join(parts)} if parts else ""


def _of_earlier_years(company: Company, row: Account, first: date) -> str:
    result = carried_over(company, row, [first])[first] if row.keeps_results else None
    if not result:
        return ""
    return _(". The result of the years before %(first)s is %(result)s of it.") % {
        "result": formats.amount(result, company.currency, code=True),
        "first": formats.day(first),
    }
