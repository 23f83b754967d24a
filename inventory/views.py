"""The doors of stock: rows, documents, receipts, counts, warehouses."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import clock, formats, lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm, blame
from core.lists.grids import grid, is_asked_for_more
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.refusals import NeedsConfirmation, Refused
from core.spreadsheets import imports
from inventory import actions, queries, reversal
from inventory.drafts import StockLine
from inventory.filters import DocumentFilters, StockFilters, WarehouseFilters
from inventory.forms import ChangeForm, WarehouseForm, filled_lines, line_form, read_lines
from inventory.models import StockDocument, Warehouse
from inventory.sheets import (
    OPTIONAL,
    REQUIRED,
    SheetLine,
    changes_of,
    check_stock,
    example_stock,
)
from inventory.tables import DocumentTable, StockTable, WarehouseTable

BLANK_LINES = 5


def _url(name: str, company: Company, *more: Any) -> str:
    return reverse(f"inventory:{name}", args=[company.slug, *more])


def _buttons(request: Request, company: Company) -> list[Deed]:
    wanted = (
        ("receive", _("Receive"), "inventory.receive"),
        ("adjust", _("Adjust"), "inventory.adjust"),
        ("count", _("Count"), "inventory.adjust"),
        ("import_stock", _("Opening stock"), "inventory.setup"),
        ("documents", _("Documents"), "inventory.view"),
        ("warehouses", _("Warehouses"), "inventory.view"),
    )
    may = rights(request.user)
    return [
        Deed(name, label, _url(name, company))
        for name, label, permission in wanted
        if may.may(permission, company.pk)
    ]


@door("inventory.view")
def stock(request: Request, company: Company) -> HttpResponseBase:
    """What lies where."""
    return lists.serve(
        request,
        company,
        rows=queries.stock(request.user, company),
        table=StockTable,
        filters=StockFilters,
        title=_("Stock"),
        buttons=_buttons(request, company),
        empty=_("Stock appears here once goods are received or taken over."),
    )


@door("inventory.view")
def stock_row(request: Request, company: Company, pk: int) -> HttpResponse:
    """One product in one warehouse, with its movements."""
    row = get_object_or_404(queries.stock(request.user, company), pk=pk)
    return pages.show(
        request,
        "inventory/stock.html",
        row,
        kind="stock",
        title=str(row.product),
        stock=row,
        moves=queries.moves_of_stock(company, row),
        list_url=_url("stock", company),
        figures=[(_("Value"), Money(row.value, company.currency))],
        facts=[
            (_("Warehouse"), row.warehouse.title),
            (_("On hand"), formats.quantity(row.on_hand)),
            (_("Reserved"), formats.quantity(row.reserved)),
            (_("Free"), formats.quantity(row.on_hand - row.reserved)),
            (_("Unit"), row.product.unit.name),
        ],
    )


@door("inventory.view")
def documents(request: Request, company: Company) -> HttpResponseBase:
    """Receipts, adjustments and opening stock."""
    return lists.serve(
        request,
        company,
        rows=queries.documents(request.user, company),
        table=DocumentTable,
        filters=DocumentFilters,
        title=_("Stock documents"),
        empty=_("Receipts and adjustments appear here."),
    )


@door("inventory.view")
def document(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of a stock document."""
    rows = queries.documents(request.user, company)
    row = get_object_or_404(rows, StockDocument.named(name))
    return pages.show(
        request,
        "inventory/document.html",
        row,
        kind="stock_document",
        moves=queries.moves_of_document(row),
        list_url=_url("documents", company),
        deeds=_document_deeds(request, company, row),
        facts=[
            (_("Kind"), row.get_kind_display()),
            (_("Warehouse"), row.warehouse.title),
            (_("Date"), row.moved_on),
            (_("Reason"), row.reason),
        ],
    )


def _document_deeds(request: Request, company: Company, row: StockDocument) -> list[Deed]:
    if not rights(request.user).may("inventory.reverse", company.pk):
        return []
    why = reversal.not_to_reverse([row]).get(row.pk)
    address = _url("reverse_document", company, row.name)
    return [Deed("reverse", _("Reverse"), address, why.message if why else "", method="get")]


@door("inventory.reverse", methods=FORM)
def reverse_document(request: Request, company: Company, name: str) -> HttpResponse:
    """Asks why, then takes a stock document back."""
    rows = queries.documents(request.user, company)
    row = get_object_or_404(rows, StockDocument.named(name))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            (done,) = actions.reverse_stock_documents([row.pk], by=request.user,
                                                      **form.cleaned_data)  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            words = {"name": row.name, "by": done.name}
            messages.success(request, _("%(name)s is reversed by %(by)s.") % words)
            return redirect(_url("document", company, done.name))
    intro = _("Its goods and values are booked the other way round, dated today.")
    context = {"form": form, "intro": intro, "title": _("Reverse %(name)s") % {"name": row.name}}
    context |= {"cancel_url": _url("document", company, row.name), "submit": _("Reverse")}
    return render(request, "entry.html", context)


Booking = Callable[..., list[StockDocument]]


def _booking(
    deed: Booking, permission: str, title: Any, intro: Any, *, is_count: bool = False
) -> Callable[..., HttpResponseBase]:
    """A door that books the lines of a form."""

    @door(permission, methods=FORM)
    def view(request: Request, company: Company) -> HttpResponse:
        post = request.POST or None
        more = bool(post) and is_asked_for_more(request.POST)
        initial = request.POST.dict() if more else {"moved_on": clock.today(company)}
        why = permission == "inventory.adjust"
        form = ChangeForm(None if more else post, company=company, why=why, initial=initial)
        blank: list[dict[str, Any]] = [{} for _n in range(BLANK_LINES)]
        lines = grid(line_form(company), post, stored=blank, most=1000)
        said = read_lines(lines, is_count=is_count) if post and not more else None
        if said is not None and form.is_valid():
            told = partial(deed, by=request.user, confirmed="confirmed" in request.POST)
            booked = _booked(request, company, told, (form, lines), said)
            if booked:
                return redirect(_url("document", company, booked.name))
        context = {"form": form, "lines": lines, "title": title, "intro": intro}
        context["draft_key"] = request.path
        return render(request, "entry.html", {**context, "cancel_url": _url("stock", company)})

    return view


def _booked(
    request: Request,
    company: Company,
    deed: Booking,
    typed: tuple[ChangeForm, Any],
    said: list[StockLine],
) -> StockDocument | None:
    """Carries out a booking; a refusal goes back to its line or the form, a question is asked."""
    form, lines = typed
    try:
        (booked,) = deed(company, [form.change(said)])
    except NeedsConfirmation:
        raise
    except Refused as refusal:
        place = refusal.numbers.get("line")
        blame(form if place is None else filled_lines(lines)[place], refusal)
        return None
    messages.success(request, _("%(name)s is booked.") % {"name": booked.name})
    return booked


receive = _booking(
    actions.receive_stock,
    "inventory.receive",
    __("Receive goods"),
    __("Without a cost, goods come in at the average of what is there; the first ones need one."),
)
adjust = _booking(
    actions.adjust_stock,
    "inventory.adjust",
    __("Adjust stock"),
    __("The quantity is what is added, or with a minus what is taken away. Say why."),
)
count = _booking(
    actions.adjust_stock,
    "inventory.adjust",
    __("Enter a count"),
    __("The quantity is what lies there now; the difference is booked. Say why."),
    is_count=True,
)


@door("inventory.setup", methods=FORM)
def import_stock(request: Request, company: Company) -> HttpResponseBase:
    """Opening stock from a spreadsheet: look first, then all or nothing."""
    sheet: imports.Sheet[SheetLine] = imports.Sheet(
        title=_("Take over opening stock"),
        name="opening-stock",
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda lines: check_stock(company, lines),
        carry_out=lambda lines: actions.take_over_stock(
            company, changes_of(lines, clock.today(company)), by=request.user
        ),
        back=_url("stock", company),
        hint=_("Costs are for one piece, in the currency of the company."),
        example=lambda: example_stock(company),
    )
    return imports.serve(request, company, sheet)


@door("inventory.view")
def warehouses(request: Request, company: Company) -> HttpResponseBase:
    """The warehouses."""
    may = rights(request.user).may("inventory.setup", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.warehouses(request.user, company),
        table=WarehouseTable,
        filters=WarehouseFilters,
        title=_("Warehouses"),
        deeds=_set_deeds(company) if may else [],
        new=Deed("new", _("New warehouse"), _url("new_warehouse", company)) if may else None,
        empty=_("Orders are served from warehouses. Add the first one."),
    )


def _set_deeds(company: Company) -> list[Deed]:
    return [
        Deed("archive", _("Archive"), _url("archive_warehouses", company)),
        Deed("restore", _("Restore"), _url("restore_warehouses", company)),
    ]


def _warehouse_of(request: Request, company: Company, code: str) -> Warehouse:
    return get_object_or_404(queries.warehouses(request.user, company), code=code)


ARCHIVE = lists.Archive(
    "warehouse", "inventory.setup", "inventory:warehouses", _warehouse_of, queries.warehouses
)
archive_warehouses = ARCHIVE.archiving(actions.archive_warehouses)[1]
restore_warehouses = ARCHIVE.restoring(actions.restore_warehouses)[1]


@door("inventory.setup", methods=FORM)
def new_warehouse(request: Request, company: Company) -> HttpResponse:
    """Adds a warehouse."""
    form = WarehouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_warehouse(company, said["code"], said["title"], by=request.user)
            return redirect(_url("warehouses", company))
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "title": _("New warehouse")}
    return render(request, "entry.html", {**context, "cancel_url": _url("warehouses", company)})


@door("inventory.setup", methods=FORM)
def warehouse(request: Request, company: Company, code: str) -> HttpResponse:
    """Renames a warehouse or makes it the default."""
    row = _warehouse_of(request, company, code)
    form = WarehouseForm(request.POST or None, warehouse=row)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "seen": form.cleaned_data["seen"] or 0}
        try:
            actions.change_warehouse(row, **said, by=request.user)
            return redirect(_url("warehouses", company))
        except Refused as refusal:
            row.refresh_from_db()
            form.refuse(refusal, row)
    context = {"form": form, "title": row.title}
    return render(request, "entry.html", {**context, "cancel_url": _url("warehouses", company)})
