"""Orders on hold: a queue, the figures, and the release with its reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.access import FORM, Request, door
from core.forms import ReasonForm
from core.models import Company, rights
from core.money import Money
from core.refusals import Refused
from orders import actions, queries
from orders.holds import own_refusal
from orders.models import Hold
from orders.tables import OrderLineTable
from orders.views.orders import url
from partners.queries import credit

MOST_QUEUED = 100
# Columns of the lines that do not help to decide.
UNASKED = ("unit", "reserved", "backorder", "shipped", "price", "discount")


@door("orders.view")
def holds(request: Request, company: Company) -> HttpResponse:
    """The queue of open holds, the longest waiting first."""
    return _worklist(request, company, None, ReasonForm())


@door("orders.view", methods=FORM)
def hold(request: Request, company: Company, pk: int) -> HttpResponse:
    """One hold with its evidence; released with a reason."""
    row = get_object_or_404(queries.open_holds(request.user, company), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.release_holds([row.pk], form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            words = {"order": row.order.name, "rule": row.get_rule_display()}
            messages.success(request, _("%(order)s: %(rule)s is released.") % words)
            return redirect(url("holds", company))
    return _worklist(request, company, row, form)


def _worklist(
    request: Request, company: Company, current: Hold | None, form: ReasonForm
) -> HttpResponse:
    waiting = queries.open_holds(request.user, company)
    rows = list(waiting[:MOST_QUEUED])
    current = current or (rows[0] if rows else None)
    context: dict[str, Any] = {
        "title": _("On hold"),
        "left": len(rows) if len(rows) < MOST_QUEUED else waiting.count(),
        "queue": [_queued(company, row, current) for row in rows],
        "empty": _("No order is on hold."),
        "done_url": url("orders", company),
        "done_label": _("Orders"),
    }
    if current:
        context |= {
            "item": current,
            "form": form,
            "may": rights(request.user).may(current.permission, company.pk),
            "own": own_refusal(current.order, current) if current.is_of(request.user) else None,
            "lines": OrderLineTable(queries.lines(current.order), company, UNASKED),
            "credit": credit(current.order.customer, request.user),
        }
    return render(request, "orders/holds.html", context)


def _queued(company: Company, row: Hold, current: Hold | None) -> dict[str, Any]:
    return {
        "name": str(row.pk),
        "url": url("hold", company, str(row.pk)),
        "title": row.order.customer.partner.name,
        "reason": f"{row.order.name} · {row.get_rule_display()}",
        "amount": Money(row.order.gross, row.order.currency),
        "current": row == current,
    }
