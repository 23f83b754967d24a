"""The warehouse: what is to ship, parcels, and the shipments that left."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats, lists, pages
from core.access import FORM, Request, door
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from orders import actions, queries
from orders.actions import Parcel
from orders.filters import ShipmentFilters
from orders.forms import ParcelForm
from orders.models import Order, Shipment
from orders.tables import ShipmentLineTable, ShipmentTable
from orders.views.orders import POST, order_of, url

MOST_QUEUED = 50


@door("orders.view")
def shipments(request: Request, company: Company) -> HttpResponseBase:
    """The list of shipments."""
    may = rights(request.user).may("orders.ship", company.pk)
    deliver = Deed("deliver", _("Delivered"), url("deliver_shipments", company))
    return lists.serve(
        request,
        company,
        rows=queries.shipments(request.user, company),
        table=ShipmentTable,
        filters=ShipmentFilters,
        title=_("Shipments"),
        deeds=[deliver] if may else [],
        buttons=[Deed("to_ship", _("What is to ship"), url("to_ship", company))] if may else [],
        empty=_("Shipments appear here once goods of an order have left."),
    )


@door("orders.view")
def shipment(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of a shipment."""
    row = get_object_or_404(queries.shipments(request.user, company), Shipment.named(name))
    row.company = company
    lines = row.lines.select_related("order_line__product__unit").order_by("pk")
    may = rights(request.user).may("orders.ship", company.pk)
    deliver = Deed("deliver", _("Delivered"), url("deliver_shipment", company, row.name),
                   primary=True)  # fmt: skip
    return pages.show(
        request,
        "orders/shipment.html",
        row,
        kind="shipment",
        shipment=row,
        lines=ShipmentLineTable(lines, company),
        list_url=url("shipments", company),
        deeds=[deliver] if may and row.state == Shipment.State.SHIPPED else [],
        facts=_facts(row),
        books=queries.books([row.entry_id], company.currency) if row.entry_id else [],
    )


def _facts(row: Shipment) -> list[tuple[Any, Any]]:
    facts = [(_("From warehouse"), row.warehouse.title), (_("Shipped"), row.shipped_on)]
    return [*facts, (_("Delivered"), row.delivered_on)] if row.delivered_on else facts


@door("orders.ship", methods=FORM)
def to_ship(request: Request, company: Company) -> HttpResponse:
    """What is to ship, most urgent first, one order at a time."""
    waiting = queries.to_ship(request.user, company)
    queue = list(waiting[:MOST_QUEUED])
    left = len(queue) if len(queue) < MOST_QUEUED else waiting.count()
    wanted = request.GET.get("order")
    current = next((row for row in queue if row.name == wanted), queue[0] if queue else None)
    context: dict[str, Any] = {"title": _("To ship"), "left": left, "queue": []}
    if current:
        lines = queries.lines(current)
        context |= {"item": current, "lines": lines, "form": ParcelForm(lines=lines)}
        context["goes_to"] = queries.goes_to(current)
        context["next"] = queue[(queue.index(current) + 1) % len(queue)].name
        context["skip"] = f"{url('to_ship', company)}?{urlencode({'order': context['next']})}"
        context["ship_url"] = url("ship_order", company, current.name)
        context["queue"] = [_queued(company, row, current) for row in queue]
    context |= {"done_url": url("shipments", company), "done_label": _("Shipments")}
    context["empty"] = _("Nothing waits to be shipped.")
    return render(request, "orders/to_ship.html", context)


def _queued(company: Company, row: Order, current: Order) -> dict[str, Any]:
    wanted = formats.day(row.requested_on) if row.requested_on else _("as soon as possible")
    return {
        "name": row.name,
        "url": f"{url('to_ship', company)}?order={row.name}",
        "title": row.customer.partner.name,
        "reason": f"{row.name} · {wanted}",
        "amount": "",
        "current": row == current,
    }


@door("orders.ship", methods=FORM)
def ship_order(request: Request, company: Company, name: str) -> HttpResponse:
    """Ships what is ready of an order, or the quantities typed."""
    row = order_of(request, company, name)
    lines = queries.lines(row)
    form = ParcelForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            parcel = Parcel(row.pk, form.quantities())
            (left,) = actions.ship_orders(company, [parcel], by=request.user)
        except Refused as refusal:
            form.blame(refusal)
        else:
            words = {"shipment": left.name, "customer": row.customer}
            messages.success(request, _("%(shipment)s for %(customer)s has left.") % words)
            after = urlencode({"order": request.POST.get("next", "")})
            return redirect(f"{url('to_ship', company)}?{after}")
    context = {"form": form, "title": _("Ship %(order)s") % {"order": row.name}, "item": row}
    context |= {"submit": _("Ship"), "cancel_url": url("order", company, row.name), "lines": None}
    return render(request, "orders/ship.html", context)


@door("orders.ship", methods=POST)
def deliver_shipment(request: Request, company: Company, name: str) -> HttpResponse:
    """Notes that a shipment arrived today."""
    row = get_object_or_404(queries.shipments(request.user, company), Shipment.named(name))
    actions.deliver_shipments([row.pk], by=request.user)
    messages.success(request, _("%(shipment)s is delivered.") % {"shipment": row.name})
    return redirect(url("shipment", company, row.name))


@door("orders.ship", methods=POST)
def deliver_shipments(request: Request, company: Company) -> HttpResponse:
    """Notes that the ticked shipments arrived today."""
    ids = lists.chosen(request, queries.shipments(request.user, company))
    done = actions.deliver_shipments(ids, by=request.user)
    words = ngettext("%(n)d shipment is delivered.", "%(n)d shipments are delivered.", len(done))
    messages.success(request, words % {"n": len(done)})
    return redirect(reverse("orders:shipments", args=[company.slug]))
