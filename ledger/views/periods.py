"""Periods: a table of months and parts of the books, and closing and opening them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, formats, lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm, blame
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from ledger import actions
from ledger.closing import out_of_order
from ledger.forms import YearForm
from ledger.models import Module, Period
from users.models import User

POST = ("POST",)


def _url(name: str, company: Company, *more: object) -> str:
    return reverse(f"ledger:{name}", args=[company.slug, *more])


def _rows(company: Company, user: User) -> QuerySet[Period]:
    rows: QuerySet[Period] = Period.objects.visible_to(user).filter(company=company)
    return rows


@door("ledger.view")
def periods(request: Request, company: Company) -> HttpResponse:
    """The periods of one fiscal year, a row per month and a column per part of the books."""
    by_year: dict[int, list[Period]] = {}
    for period in _rows(company, request.user).order_by("starts_on", "module"):
        by_year.setdefault(company.fiscal_year(period.starts_on), []).append(period)
    year = _asked_year(request, company, sorted(by_year))
    may = rights(request.user).may("ledger.close", company.pk)
    months: dict[Any, dict[str, Period]] = {}
    for period in by_year.get(year, []):
        months.setdefault(period.starts_on, {})[period.module] = period
    context = {
        "title": _("Periods"),
        "years": sorted(by_year),
        "year": year,
        "modules": Module.choices,
        "months": [
            (on, [(label, of_month.get(module)) for module, label in Module.choices])
            for on, of_month in months.items()
        ],
        "deeds": _set_deeds(company) if may else [],
        "open_year_url": _url("open_year", company) if may else "",
    }
    return render(request, "ledger/periods.html", context)


def _asked_year(request: Request, company: Company, years: list[int]) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    if year in years:
        return year
    today = company.fiscal_year(clock.today(company))
    return today if today in years else (years[-1] if years else today)


def _set_deeds(company: Company) -> list[Deed]:
    return [
        Deed("soft_close", _("Close except for controllers"), _url("soft_close", company)),
        Deed("close", _("Close"), _url("close", company), primary=True),
        Deed("reopen", _("Open again"), _url("reopen", company)),
        Deed("lock", _("Lock for good"), _url("lock", company)),
    ]


@door("ledger.view")
def period(request: Request, company: Company, pk: int) -> HttpResponse:
    """One period with its history."""
    row = get_object_or_404(_rows(company, request.user), pk=pk)
    return pages.show(
        request,
        "ledger/period.html",
        row,
        kind="period",
        title=str(row),
        list_url=_url("periods", company),
        deeds=[],
        facts=[
            (_("From"), formats.day_html(row.starts_on)),
            (_("To"), formats.day_html(row.ends_on)),
            (_("Part"), row.get_module_display()),
            (_("To close first"), _before(row)),
        ],
    )


def _before(row: Period) -> str:
    """What is usually closed before a period that is not closed yet."""
    not_closed = row.state in (Period.State.OPEN, Period.State.SOFT_CLOSED)
    return " ".join(out_of_order([row])) if not_closed else ""


Change = Callable[..., Sequence[Period]]


def _change(request: Request, company: Company, deed: Change, by: User) -> HttpResponse:
    rows = deed(lists.chosen(request, _rows(company, by)), by=by)
    text = ngettext("%(n)d period: %(state)s", "%(n)d periods: %(state)s", len(rows))
    messages.success(request, text % {"n": len(rows), "state": rows[0].get_state_display()})
    back = f"?year={company.fiscal_year(rows[0].starts_on)}"
    return redirect(_url("periods", company) + back)


@door("ledger.close", methods=POST)
def soft_close(request: Request, company: Company) -> HttpResponse:
    """Leaves the ticked periods to controllers."""
    return _change(request, company, actions.soft_close_periods, request.user)


@door("ledger.close", methods=POST)
def close(request: Request, company: Company) -> HttpResponse:
    """Closes the ticked periods; asks first where something of theirs is still open."""
    closed = partial(
        actions.close_periods,
        confirmed="confirmed" in request.POST,
        noticed=_still_open(request, company),
    )
    return _change(request, company, closed, request.user)


def _still_open(request: Request, company: Company) -> list[str]:
    """What the pages of the ticked periods show as still open, in words."""
    rows = _rows(company, request.user)
    found = {
        f"{strip_tags(str(what))}: {count}."
        for row in rows.filter(pk__in=lists.chosen(request, rows)).order_by("starts_on", "pk")
        for panel in pages.panels(request, "period", row)
        for what, count in panel.rows
    }
    return sorted(found)


@door("ledger.close", methods=POST)
def reopen(request: Request, company: Company) -> HttpResponse:
    """Asks why, then opens the ticked periods again."""
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        opened = partial(actions.reopen_periods, reason=form.cleaned_data["reason"])
        return _change(request, company, opened, request.user)
    rows = _rows(company, request.user)
    ids = lists.chosen(request, rows)
    context = {
        "form": form,
        "title": _("Open again"),
        "intro": ", ".join(str(row) for row in rows.filter(pk__in=ids)),
        "ids": ids,
        "submit": _("Open again"),
        "cancel_url": _url("periods", company),
    }
    return render(request, "partners/set_reason.html", context)


@door("ledger.close", methods=POST)
def lock(request: Request, company: Company) -> HttpResponse:
    """Locks the ticked periods for good."""
    locked = partial(actions.lock_periods, confirmed="confirmed" in request.POST)
    return _change(request, company, locked, request.user)


@door("ledger.close", methods=FORM)
def open_year(request: Request, company: Company) -> HttpResponse:
    """Opens the periods of a further fiscal year."""
    form = YearForm(request.POST or None, initial={"year": clock.today(company).year + 1})
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        try:
            actions.open_years(company, [year], by=request.user)
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(year)d is open.") % {"year": year})
            return redirect(f"{_url('periods', company)}?year={year}")
    context = {"form": form, "title": _("Open a year"), "cancel_url": _url("periods", company)}
    return render(request, "entry.html", context)
