"""Order entry on one page, and the import of orders."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import formats
from core.access import FORM, Request, door
from core.forms import blame
from core.lists.grids import grid, is_asked_for_more
from core.models import Company
from core.refusals import Refused
from core.spreadsheets import imports
from orders import actions
from orders.estimate import Estimate, estimate
from orders.forms import (
    OrderForm,
    address_choices,
    drafts_by_place,
    line_form,
    mistakes_of,
    names_of,
    read_lines,
)
from orders.models import Order
from orders.sheets import (
    OPTIONAL,
    REQUIRED,
    SheetLine,
    check_orders,
    example_orders,
    orders_of,
)
from orders.views.orders import POST, order_of, url
from partners.models import Customer

BLANK_LINES = 5


@door("orders.enter", methods=FORM)
def new_order(request: Request, company: Company) -> HttpResponse:
    """Enters an order, and submits it at once where the reader says so."""
    return _entry(request, company, None)


@door("orders.enter", methods=FORM)
def edit_order(request: Request, company: Company, name: str) -> HttpResponse:
    """Changes what a draft says."""
    return _entry(request, company, order_of(request, company, name))


def _entry(request: Request, company: Company, row: Order | None) -> HttpResponse:
    post = request.POST or None
    more = bool(post) and is_asked_for_more(request.POST)
    initial: Mapping[str, Any] = request.POST.dict() if more else _said(row)
    form = OrderForm(
        None if more else post, company=company, user=request.user, initial=dict(initial)
    )
    stored = [*_lines(row), *({} for _n in range(BLANK_LINES))]
    lines = grid(line_form(company), post, stored=stored, most=1000)
    if post and not more:
        saved = _save(request, company, form, lines, row)
        if saved:
            return saved
    context = {
        "form": form,
        "lines": lines,
        "title": row.name if row else _("New order"),
        "cancel_url": url("order", company, row.name) if row else url("orders", company),
        "estimate_url": url("estimate_order", company),
        "draft_key": request.path,
    }
    return render(request, "orders/entry.html", context)


@door("orders.enter", methods=POST)
def estimate_order(request: Request, company: Company) -> JsonResponse:
    """What the order in the form would come to; nothing is saved."""
    form = OrderForm(request.POST, company=company, user=request.user)
    lines = grid(line_form(company), request.POST, most=1000)
    drafts = drafts_by_place(lines)
    answer: dict[str, Any] = {"addresses": address_choices(form.buyer)}
    answer |= {"names": names_of(form, lines), "wrong": mistakes_of(lines)}
    if form.buyer:
        order = _unsaved(company, form.buyer, form)
        found = estimate(order, {place: line for place, line in drafts.items() if line})
        answer |= _worded(found)
    return JsonResponse(answer)


def _unsaved(company: Company, buyer: Customer, form: OrderForm) -> Order:
    """The order as the form has it so far, to be estimated and thrown away."""
    form.is_valid()
    places = {
        f"{name}_id": int(form.cleaned_data[name])
        for name in ("ship_to", "warehouse")
        if form.cleaned_data.get(name)
    }
    return Order(company=company, customer=buyer, currency=buyer.currency, **places)


def _worded(found: Estimate) -> dict[str, Any]:
    """An estimate in the reader's words and figures."""
    order = found.order
    totals = [(_("Net"), order.net), (_("Tax"), order.tax), (_("Total"), order.gross)]
    limit = found.credit_left, order.customer.credit_account.currency
    return {
        "lines": {
            place: {
                "price": formats.price(line.unit_price, order.currency),
                "net": formats.amount(line.net, order.currency),
                "note": found.short.get(place, ""),
            }
            for place, line in found.lines.items()
            if line.has_price
        },
        "totals": [(label, formats.amount(sum_, order.currency)) for label, sum_ in totals],
        "currency": order.currency,
        "problems": found.problems,
        "credit": _("Credit left: %s") % formats.amount(*limit, code=True),
    }


def _save(
    request: Request, company: Company, form: OrderForm, lines: Any, row: Order | None
) -> HttpResponse | None:
    """Saves what is fine; a refusal goes back into the form."""
    said = read_lines(lines)
    if not form.is_valid() or said is None:
        return None
    try:
        draft = form.draft(said)
        if row:
            version = form.cleaned_data["version"] or 0
            order = actions.edit_order(row.pk, draft, version=version, by=request.user)
        else:
            (order,) = actions.enter_orders(company, [draft], by=request.user)
    except Refused as refusal:
        blame(form, refusal)
        return None
    return _submitted(request, company, order)


def _submitted(request: Request, company: Company, order: Order) -> HttpResponse:
    """Goes on to the order's page, submitted if asked; what was entered is safe either way."""
    name = order.name
    if request.POST.get("then") == "submit":
        try:
            name = actions.submit_orders([order.pk], by=request.user)[0].name
            messages.success(request, _("%(order)s is submitted.") % {"order": name})
        except Refused as refusal:
            messages.error(request, refusal.message)
    else:
        messages.success(request, _("The draft is saved."))
    return redirect(url("order", company, name))


def _said(row: Order | None) -> dict[str, Any]:
    """What the form shows of an order that is there."""
    if row is None:
        return {"channel": Order.Channel.SCREEN}
    return {
        "version": row.version,
        "customer": row.customer.number,
        "customer_reference": row.customer_reference,
        "requested_on": row.requested_on,
        "ship_to": str(row.ship_to_id or ""),
        "warehouse": str(row.warehouse_id),
        "channel": row.channel,
        "note": row.note,
    }


def _lines(row: Order | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    return [
        {
            "product": line.product.code,
            "quantity": f"{line.quantity.normalize():f}",
            "unit_price": f"{line.unit_price.normalize():f}" if line.own_price else "",
            "discount": f"{line.discount_percent.normalize():f}" if line.discount_percent else "",
        }
        for line in row.lines.select_related("product")
    ]


@door("orders.enter", methods=FORM)
def import_orders(request: Request, company: Company) -> HttpResponseBase:
    """Orders from a spreadsheet: look first, then all or nothing."""
    sheet: imports.Sheet[SheetLine] = imports.Sheet(
        title=_("Import orders"),
        name="orders",
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda lines: check_orders(company, lines, request.user),
        carry_out=lambda lines: actions.import_orders(company, orders_of(lines), by=request.user),
        back=url("orders", company),
        hint=_(
            "Lines with the same customer and order number become one order. Without a price the"
            " price of the list counts. The orders are submitted at once."
        ),
        example=lambda: example_orders(company, request.user),
    )
    return imports.serve(request, company, sheet)
