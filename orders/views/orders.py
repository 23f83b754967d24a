"""Orders: the list, the page, and the deeds on one and on several."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext

from core import clock, lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.refusals import Refused
from core.templatetags.o2c import badge
from orders import actions, queries
from orders.filters import OrderFilters
from orders.holds import WHO
from orders.models import Hold, Order
from orders.tables import OrderLineTable, OrderTable
from partners.terms import on_screen

POST = ("POST",)
SOON = timedelta(minutes=1)
# Columns of the lines that mean nothing in a state of the order.
FLOW = ("reserved", "backorder", "shipped")
WITHOUT = {Order.State.CONFIRMED: (), Order.State.CLOSED: ("reserved", "backorder")}


def url(name: str, company: Company, *more: str) -> str:
    return reverse(f"orders:{name}", args=[company.slug, *more])


def order_of(request: Request, company: Company, name: str) -> Order:
    """The order of an address; unknown to whoever may not see it."""
    return get_object_or_404(queries.orders(request.user, company), Order.named(name))


@door("orders.view")
def orders(request: Request, company: Company) -> HttpResponseBase:
    """The list of orders."""
    may = rights(request.user).may("orders.enter", company.pk)
    sets = [
        Deed("submit", _("Submit"), url("submit_orders", company)),
        Deed("confirm", _("Confirm"), url("confirm_orders", company)),
        Deed("check", _("Check again"), url("check_orders", company)),
    ]
    return lists.serve(
        request,
        company,
        rows=queries.with_facets(queries.orders(request.user, company)),
        table=OrderTable,
        filters=OrderFilters,
        title=_("Orders"),
        deeds=sets if may else [],
        new=Deed("new", _("New order"), url("new_order", company)) if may else None,
        buttons=[Deed("import", _("Import"), url("import_orders", company))] if may else [],
        empty=_("Orders appear here once one is entered or imported."),
    )


@door("orders.view")
def order(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of an order."""
    row = order_of(request, company, name)
    lines = queries.lines(row)
    holds = list(row.holds.filter(state=Hold.State.OPEN).order_by("pk"))
    entries = [shipment.entry_id for shipment in row.shipments.all() if shipment.entry_id]
    return pages.show(
        request,
        "orders/order.html",
        row,
        kind="order",
        order=row,
        lines=OrderLineTable(lines, company, WITHOUT.get(row.state, FLOW)),
        list_url=url("orders", company),
        deeds=deeds_of(request, row, lines, holds),
        holds=[_hold(request, hold, row) for hold in holds],
        shipping=_shipping(row, lines),
        figures=[(label, Money(sum_, currency)) for label, sum_, currency in _totals(row)[-1:]],
        facts=_facts(row),
        totals=_totals(row),
        timeline=queries.history(row),
        books=queries.books(entries, company.currency) if entries else [],
        being_confirmed=_is_being_confirmed(row, holds),
    )


def _shipping(row: Order, lines: list[Any]) -> SafeString | str:
    """The badge that says how far the order has left, in place of that of its state."""
    found = queries.shipping(row, lines)
    return badge(found, Order.Shipping(found).label) if found else ""


def _is_being_confirmed(row: Order, holds: list[Hold]) -> bool:
    """Whether the worker is about to confirm it, so that the page is soon out of date."""
    if row.state != Order.State.SUBMITTED or holds or row.submitted_at is None:
        return False
    return clock.now() - row.submitted_at < SOON


def _totals(row: Order) -> list[tuple[Any, Any, str]]:
    """Net, tax and total; a draft has none but its net yet."""
    if row.state == Order.State.DRAFT or not row.gross:
        return [(_("Net, at prices of today"), row.net, row.currency)]
    return [
        (_("Net"), row.net, row.currency),
        (_("Tax"), row.tax, row.currency),
        (_("Total"), row.gross, row.currency),
    ]


def _facts(row: Order) -> list[tuple[Any, Any]]:
    return [
        (_("Customer's order number"), row.customer_reference),
        (_("Ordered"), row.ordered_on),
        (_("Wanted on"), row.requested_on or _("as soon as possible")),
        (_("Payment terms"), on_screen(row.payment_terms.name)),
        (_("From warehouse"), row.warehouse.title),
        (_("Ship to"), queries.goes_to(row) or _("no address yet")),
        (_("Came by"), row.get_channel_display()),
        *([(_("Note"), row.note)] if row.note else []),
    ]


def _hold(request: Request, hold: Hold, row: Order) -> dict[str, Any]:
    """A hold as its panel shows it, with the way to lift it."""
    may = rights(request.user).may(hold.permission, row.company_id) and not hold.is_of(request.user)
    release = Deed(f"release-{hold.pk}", _("Look at it and release"),
                   url("hold", request.company, str(hold.pk)), method="get")  # fmt: skip
    return {
        "title": _("On hold: %(rule)s") % {"rule": hold.get_rule_display()},
        "text": hold.message,
        "who": WHO[hold.permission],
        "deeds": [*([release] if may else []), *check_deeds(request, hold, row)],
    }


def check_deeds(request: Request, hold: Hold, row: Order) -> list[Deed]:
    """The button that runs the checks of a held order again, for whoever may press it."""
    may = rights(request.user).may
    if not any(may(needed, row.company_id) for needed in ("orders.enter", hold.permission)):
        return []
    where = url("check_order", request.company, row.name)
    return [Deed(f"check-{hold.pk}", _("Check again"), where)]


def deeds_of(request: Request, row: Order, lines: list[Any], holds: list[Hold]) -> list[Deed]:
    """The deeds of an order's page in its state, each with the reason where it is not possible."""
    held = _("It is on hold. Somebody has to release it first.") if holds else ""
    none = "" if any(line.ready > 0 for line in lines) else _("Nothing of it is in stock.")
    left = any(line.shipped for line in lines)
    shipped = _("Goods have left.") if left else ""
    unshipped = "" if left else _("Nothing has left yet. Cancel it instead.")
    may = rights(request.user).may
    manages = may("orders.close_short", row.company_id)
    others = "" if manages else _("It is confirmed, so a sales manager has to cancel it.")
    wanted = _possible(held, held or none, shipped, unshipped, others).get(row.state, [])
    return [
        _deed(request, row, deed, is_primary=place == 0)
        for place, deed in enumerate(wanted)
        if may(deed[2], row.company_id)
    ]


Wanted = tuple[str, Any, str, str, str]  # name, label, permission, refusal, method


def _possible(
    held: str, unready: str, shipped: str, unshipped: str, others: str
) -> dict[str, list[Wanted]]:
    """The deeds by state; the first is the usual next one."""
    enter, manage = "orders.enter", "orders.close_short"
    cancel = ("cancel", _("Cancel the order"), "orders.cancel", "", "get")
    return {
        "draft": [
            ("submit", _("Submit"), enter, "", "post"),
            ("edit", _("Edit"), enter, "", "get"),
            cancel,
        ],
        "submitted": [
            ("confirm", _("Confirm"), enter, held, "post"),
            ("change", _("Take back and change"), enter, "", "post"),
            cancel,
        ],
        "confirmed": [
            ("ship", _("Ship"), "orders.ship", unready, "get"),
            ("close_short", _("Close short"), manage, unshipped, "get"),
            ("cancel", _("Cancel the order"), "orders.cancel", shipped or others, "get"),
        ],
        "closed": [("reopen", _("Reopen"), manage, "", "get")],
    }


def _deed(request: Request, row: Order, wanted: Wanted, *, is_primary: bool) -> Deed:
    name, label, _permission, refusal, method = wanted
    where = url(f"{name}_order", request.company, row.name)
    return Deed(name, label, where, refusal, primary=is_primary, method=method)


def _deed_on_one(
    deed: Callable[..., list[Any]], permission: str, done: Any, ways: tuple[str, ...] = POST
) -> Callable[..., HttpResponseBase]:
    """A door that carries out a deed on the order of the address."""

    @door(permission, methods=ways)
    def view(request: Request, company: Company, name: str) -> HttpResponse:
        row = order_of(request, company, name)
        changed = deed([row.pk], by=request.user)
        if changed:
            messages.success(request, str(done) % {"order": changed[0].name})
        else:
            messages.warning(request, _("%(order)s is on hold now.") % {"order": row.name})
        return redirect(url("order", company, changed[0].name if changed else row.name))

    return view


submit_order = _deed_on_one(actions.submit_orders, "orders.enter", __("%(order)s is submitted."))
confirm_order = _deed_on_one(actions.confirm_orders, "orders.enter", __("%(order)s is confirmed."))
change_order = _deed_on_one(
    actions.change_orders, "orders.enter", __("%(order)s is a draft again.")
)


def _deed_with_reason(
    deed: Callable[..., list[Any]], permission: str, title: Any, intro: Any, done: Any
) -> Callable[..., HttpResponseBase]:
    """A door that asks why, and then carries out a deed on the order of the address."""

    @door(permission, methods=FORM)
    def view(request: Request, company: Company, name: str) -> HttpResponse:
        row = order_of(request, company, name)
        form = ReasonForm(request.POST or None, needed=row.confirmed_at is not None)
        if request.method == "POST" and form.is_valid():
            try:
                deed([row.pk], form.cleaned_data["reason"], by=request.user)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, str(done) % {"order": row.name})
                return redirect(url("order", company, row.name))
        context = {"form": form, "title": f"{title}: {row.name}", "intro": intro, "submit": title}
        context["cancel_url"] = url("order", company, row.name)
        return render(request, "entry.html", context)

    return view


cancel_order = _deed_with_reason(
    actions.cancel_orders,
    "orders.cancel",
    __("Cancel the order"),
    __("Reserved goods and used credit are given back. A cancelled order stays on file."),
    __("%(order)s is cancelled."),
)
close_short_order = _deed_with_reason(
    actions.close_short_orders,
    "orders.close_short",
    __("Close short"),
    __("What has not left is cancelled; its goods and credit are given back."),
    __("%(order)s is closed short."),
)
reopen_order = _deed_with_reason(
    actions.reopen_orders,
    "orders.close_short",
    __("Reopen"),
    __("What was cancelled is open again, and every check runs again."),
    __("%(order)s is open again."),
)


@door("orders.enter", methods=POST)
def submit_orders(request: Request, company: Company) -> HttpResponse:
    """Submits the ticked orders."""
    ids = lists.chosen(request, queries.orders(request.user, company))
    done = actions.submit_orders(ids, by=request.user)
    words = ngettext("%(n)d order is submitted.", "%(n)d orders are submitted.", len(done))
    messages.success(request, words % {"n": len(done)})
    return redirect("orders:orders", company.slug)


@door("orders.enter", methods=POST)
def confirm_orders(request: Request, company: Company) -> HttpResponse:
    """Confirms the ticked orders."""
    ids = lists.chosen(request, queries.orders(request.user, company))
    done = actions.confirm_orders(ids, by=request.user)
    words = ngettext("%(n)d order is confirmed.", "%(n)d orders are confirmed.", len(done))
    messages.success(request, words % {"n": len(done)})
    return redirect("orders:orders", company.slug)
