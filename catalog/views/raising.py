"""Raising all prices of a list: what it would do is shown before it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import actions
from catalog.forms import RaiseForm
from catalog.models import PriceList
from catalog.raising import Plan, plan, questions, signed
from catalog.views.prices import list_of, url
from core import clock, formats
from core.access import FORM, Request, door
from core.forms import blame
from core.models import Company
from core.money import minor_digits
from core.refusals import Refused


@door("catalog.prices", methods=FORM)
def raise_prices(request: Request, company: Company, pk: int) -> HttpResponse:
    """Raises or lowers all prices of a list from a day on, once the reader saw how many."""
    row = list_of(request, company, pk)
    form = RaiseForm(request.POST or None, initial={"on": clock.today(company)})
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["percent"], form.cleaned_data["on"]
        try:
            found = plan(row, percent=said[0], on=said[1], digits=minor_digits(row.currency))
            if _is_seen(request, row, *said):
                actions.raise_prices(row, *said, seen=row.version, confirmed=True, by=request.user)
                messages.success(request, _told(row, found, *said))
                return redirect("catalog:price_list", company.slug, pk)
            shown = _shown(row, found, *said)
        except Refused as refusal:
            blame(form, refusal)
    context = {
        "form": form,
        "price_list": row,
        "title": _("Raise the prices of %(name)s") % {"name": row.name},
        "cancel_url": url("price_list", company, pk),
        "submit": _("Show what it will do"),
    }
    return render(request, "catalog/raise.html", context | shown)


def _is_seen(request: Request, row: PriceList, percent: Any, on: Any) -> bool:
    """Whether what is asked for is what the reader was shown, of the list as it is."""
    return request.POST.get("shown") == _mark(row, percent, on)


def _mark(row: PriceList, percent: Any, on: Any) -> str:
    return f"{row.version} {percent.normalize():f} {on}"


def _shown(row: PriceList, found: Plan, percent: Any, on: Any) -> dict[str, Any]:
    return {
        "plan": found,
        "plan_words": _("Not done yet. %s") % _words(found, percent, on),
        "questions": questions(row, percent, on),
        "mark": _mark(row, percent, on),
        "submit": ngettext("Change %(n)d price", "Change %(n)d prices", found.count)
        % {"n": found.count},
    }


def _words(found: Plan, percent: Any, on: Any) -> str:
    words = ngettext(
        "%(n)d price changes by %(percent)s %% from %(day)s on.",
        "%(n)d prices change by %(percent)s %% from %(day)s on.",
        found.count,
    )
    return words % {"n": found.count, "percent": signed(percent), "day": formats.day(on)}


def _told(row: PriceList, found: Plan, percent: Any, on: Any) -> str:
    return f"{row.name}: {_words(found, percent, on)}"
