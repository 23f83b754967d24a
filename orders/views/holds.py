"""Orders on hold: a queue, the figures, and what is done about it with a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext

from core import lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.refusals import Refused
from orders import actions, queries
from orders.holds import WHO, not_yours_to_send_back, own_refusal, read
from orders.models import Hold, Order
from orders.tables import OrderLineTable
from orders.views.orders import POST, check_deeds, order_of, url
from partners.queries import credit
from users.models import User

MOST_QUEUED = 100
# Columns of the lines that do not help to decide.
UNASKED = ("unit", "reserved", "backorder", "shipped", "price", "discount")


@door("orders.view")
def holds(request: Request, company: Company) -> HttpResponse:
    """The queue of open holds, the longest waiting first."""
    return _worklist(request, company, None, _reason())


@door("orders.view", methods=FORM)
def hold(request: Request, company: Company, pk: int) -> HttpResponse:
    """One hold with its evidence; what is done about it wants a reason."""
    row = get_object_or_404(queries.holds(request.user, company), pk=pk)
    if row.state != Hold.State.OPEN:
        messages.info(request, _closed(row))
        return redirect(url("order", company, row.order.name))
    form = _reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            done = _decide(row, request.POST.get("then", ""), reason, request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect(_next(company, _queue(request, company), row))
    return _worklist(request, company, row, form)


@door("orders.take_back", methods=POST)
def check_order(request: Request, company: Company, name: str) -> HttpResponse:
    """Runs the checks of a held order again."""
    row = order_of(request, company, name)
    words = {"order": row.name}
    if actions.check_orders([row.pk], by=request.user):
        messages.success(request, _("%(order)s: it passes today, nothing holds it.") % words)
    else:
        messages.warning(request, _("%(order)s is still on hold, for today's reasons.") % words)
    return redirect(url("order", company, row.name))


@door("orders.take_back", methods=POST)
def check_orders(request: Request, company: Company) -> HttpResponse:
    """Runs the checks of the ticked orders again."""
    ids = lists.chosen(request, queries.orders(request.user, company))
    done = actions.check_orders(ids, by=request.user)
    words = _("Checked again: %(all)d. Not on hold any more: %(n)d.")
    messages.success(request, words % {"all": len(ids), "n": len(done)})
    return redirect("orders:orders", company.slug)


def _reason(typed: Any = None) -> ReasonForm:
    """The reason, which a key leads to."""
    form = ReasonForm(typed)
    form.fields["reason"].widget.attrs["data-focus"] = "r"
    return form


Outcome = Callable[[Hold, str, User], Any]
# What can be chosen about a hold: the deed, and what is said once it is done.
OUTCOMES: dict[str, tuple[Outcome, Any]] = {
    "release": (
        lambda row, reason, by: actions.release_holds([row.pk], reason, by=by),
        __("%(order)s: %(rule)s is released."),
    ),
    "send_back": (
        lambda row, reason, by: actions.change_orders([row.order_id], reason, by=by),
        __("%(order)s is a draft again."),
    ),
    "cancel": (
        lambda row, reason, by: actions.cancel_orders([row.order_id], reason, by=by),
        __("%(order)s is cancelled."),
    ),
}


def _decide(row: Hold, outcome: str, reason: str, by: User) -> str:
    """Carries out what was chosen for a held order; returns what was done, in words."""
    if outcome not in OUTCOMES:
        raise Refused("hold.no_outcome", _("Choose what is to be done about the order."))
    deed, done = OUTCOMES[outcome]
    deed(row, reason, by)
    return str(done) % {"order": row.order.name, "rule": row.get_rule_display()}


def _closed(row: Hold) -> str:
    """What became of a hold that is open no more."""
    words = {"order": row.order.name, "rule": row.get_rule_display(), "reason": row.reason}
    if row.state != Hold.State.RELEASED:
        passed = _("%(order)s is not on hold any more (%(rule)s): it was checked again or changed.")
        return passed % words
    words["who"] = str(row.closed_by)
    return _("%(who)s released %(order)s already (%(rule)s): %(reason)s") % words


def _queue(request: Request, company: Company) -> list[Hold]:
    return list(queries.open_holds(request.user, company)[:MOST_QUEUED])


def _next(company: Company, rows: list[Hold], row: Hold) -> str:
    """The address of the next hold in the queue, from the last on to the first."""
    later = [other for other in rows if _place(other) > _place(row)]
    after = next(iter([*later, *rows]), None)
    return url("hold", company, str(after.pk)) if after else url("holds", company)


def _place(row: Any) -> tuple[Any, ...]:
    """Where a hold stands in the queue."""
    return row.for_others, row.opened_at, row.pk


def _worklist(
    request: Request, company: Company, current: Hold | None, form: ReasonForm
) -> HttpResponse:
    rows = _queue(request, company)
    current = current or next(iter(rows), None)
    context: dict[str, Any] = {
        "title": _("On hold"),
        "left": _left(request, company),
        "intro": _others(request, company),
        "queue": [_queued(company, row, current) for row in rows],
        "empty": _("No order is on hold."),
    }
    context |= {"done_url": url("orders", company), "done_label": _("Orders")}
    if current:
        context |= _beside(request, company, current)
        context |= {"form": form, "skip": _next(company, rows, current)}
    return render(request, "orders/holds.html", context)


def _beside(request: Request, company: Company, hold: Hold) -> dict[str, Any]:
    """A hold with its order and what may become of it."""
    lines = queries.lines(hold.order)
    return {
        "item": hold,
        "outcomes": _outcomes(request, hold, any(line.shipped for line in lines)),
        "deeds": check_deeds(request, hold, hold.order),
        "lines": OrderLineTable(lines, company, UNASKED),
        "credit": credit(hold.order.customer, request.user),
        "panels": pages.panels(request, "hold", hold),
    }


def _left(request: Request, company: Company) -> int:
    """How many orders wait for this person, as the home page counts them."""
    mine = queries.to_release(request.user, company)
    rows = queries.open_holds(request.user, company).filter(mine).order_by()
    return rows.values("order").distinct().count()


def _others(request: Request, company: Company) -> str:
    """How many holds only others may release; they come after one's own."""
    mine = queries.to_release(request.user, company)
    count = queries.open_holds(request.user, company).exclude(mine).count()
    say = ngettext("%(n)d more hold waits for others to release.",
                   "%(n)d more holds wait for others to release.", count)  # fmt: skip
    return say % {"n": count} if count else ""


def _outcomes(request: Request, row: Hold, left: bool) -> list[Deed]:
    """What may be done about a hold; what is not possible now says why."""
    granted, order = rights(request.user), row.order
    release = back = ""
    if not granted.may(row.permission, order.company_id):
        release = _("Only %s can lift this hold.") % WHO[row.permission]
    elif row.is_of(request.user):
        release = own_refusal(order, row).message
    if order.state != Order.State.SUBMITTED:
        back = _("It was confirmed before, so it cannot be a draft again.")
    elif refused := not_yours_to_send_back(order, read([order.pk])[order.pk].open, granted):
        back = refused.message
    wanted = [
        ("release", _("Release"), "", release),
        ("send_back", _("Send back as a draft"), "orders.take_back", back),
        ("cancel", _("Cancel the order"), "orders.cancel", _("Goods have left.") if left else ""),
    ]
    return [
        Deed(name, label, "", refusal, primary=name == "release")
        for name, label, permission, refusal in wanted
        if not permission or granted.may(permission, order.company_id)
    ]


def _queued(company: Company, row: Any, current: Hold | None) -> dict[str, Any]:
    waits_for = [_("for others")] if row.for_others else []
    return {
        "name": str(row.pk),
        "url": url("hold", company, str(row.pk)),
        "title": row.order.customer.partner.name,
        "reason": " · ".join([row.order.name, str(row.get_rule_display()), *waits_for]),
        "amount": Money(row.order.gross, row.order.currency),
        "current": row == current,
    }
