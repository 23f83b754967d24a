"""Products: the list, the page, the form, the import, and the answers to combo boxes."""

from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import actions, queries
from catalog.drafts import ProductDraft
from catalog.filters import ProductFilters
from catalog.forms import ProductForm
from catalog.models import PriceList, Product
from catalog.quote import find_prices
from catalog.sheets import (
    PRODUCTS_OPTIONAL,
    PRODUCTS_REQUIRED,
    check_products,
    example_products,
)
from catalog.tables import ProductTable
from core import clock, formats, lists, pages
from core.access import FORM, Request, door
from core.forms import blame
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from core.spreadsheets import imports
from partners.queries import found

MOST_LISTS = 20


def _url(name: str, company: Company, *more: str) -> str:
    return reverse(f"catalog:{name}", args=[company.slug, *more])


def _product_of(request: Request, company: Company, code: str) -> Product:
    rows = Product.objects.visible_to(request.user).select_related("unit")
    return get_object_or_404(rows, code=code)


@door("catalog.view")
def products(request: Request, company: Company) -> HttpResponseBase:
    """The list of products."""
    may = rights(request.user).may("catalog.edit", company.pk)
    archive = Deed("archive", _("Archive"), _url("archive_products", company))
    restore = Deed("restore", _("Restore"), _url("restore_products", company))
    load = Deed("import", _("Import"), _url("import_products", company))
    return lists.serve(
        request,
        company,
        rows=queries.products(request.user, company),
        table=ProductTable,
        filters=ProductFilters,
        title=_("Products"),
        deeds=[archive, restore] if may else [],
        new=Deed("new", _("New product"), _url("new_product", company)) if may else None,
        buttons=[load] if may else [],
        empty=_("What the companies sell is listed here, once it is added or imported."),
    )


@door("catalog.view")
def product(request: Request, company: Company, code: str) -> HttpResponse:
    """The page of a product."""
    row = _product_of(request, company, code)
    return pages.show(
        request,
        "catalog/product.html",
        row,
        kind="product",
        title=row.name,
        list_url=_url("products", company),
        prices=queries.prices_of_product(row, company, request.user),
        price_lists=_price_lists(request, company, row),
        today=clock.today(company),
        changes=queries.product_history(row),
        deeds=_deeds(request, company, row),
        facts=[
            (_("Article number"), row.code),
            (_("Unit"), f"{row.unit.name} ({row.unit.code})"),
            (_("Tax"), row.get_tax_class_display()),
            (_("Kept in stock"), _("yes") if row.is_stocked else _("no")),
            *((_("Name (%(code)s)") % {"code": code}, said) for code, said in row.names.items()),
        ],
    )


def _price_lists(request: Request, company: Company, row: Product) -> list[tuple[str, str]]:
    """The lists in which the reader may price this product: name and address."""
    if row.archived_at or not rights(request.user).may("catalog.prices", company.pk):
        return []
    mine = PriceList.objects.visible_to(request.user).filter(company=company, archived_at=None)
    query = urlencode({"q": row.code})
    return [
        (found.name, f"{_url('edit_prices', company, str(found.pk))}?{query}")
        for found in mine.order_by("-is_default", "name")[:MOST_LISTS]
    ]


def _deeds(request: Request, company: Company, row: Product) -> list[Deed]:
    if not rights(request.user).may("catalog.edit", company.pk):
        return []
    where = (company, row.code)
    edit = Deed("edit", _("Edit"), _url("edit_product", *where), "", "", True, "get", "e")
    if row.archived_at:
        return [edit, Deed("restore", _("Restore"), _url("restore_product", *where))]
    words = _("%(name)s is offered no more, in all companies. Stock and documents stay.")
    confirm = words % {"name": row.name}
    archive = _url("archive_product", *where)
    return [edit, Deed("archive", _("Archive"), archive, confirm=confirm)]


@door("catalog.edit", methods=FORM)
def new_product(request: Request, company: Company) -> HttpResponse:
    """Adds an article."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_products(company, [form.draft()], by=request.user)[0]
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": row.name})
            return redirect("catalog:product", company.slug, row.code)
    context = {"form": form, "title": _("New product"), "draft_key": request.path}
    return render(request, "entry.html", {**context, "cancel_url": _url("products", company)})


@door("catalog.edit", methods=FORM)
def edit_product(request: Request, company: Company, code: str) -> HttpResponse:
    """Changes an article."""
    row = _product_of(request, company, code)
    form = ProductForm(request.POST or None, product=row)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            actions.change_product(company, row, form.draft(), seen=seen, by=request.user)
        except Refused as refusal:
            blame(form, refusal)
            row.refresh_from_db()
            form.refresh(row)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": row.name})
            return redirect("catalog:product", company.slug, code)
    back = _url("product", company, code)
    intro = _(
        "Number, unit and whether it is kept in stock stay: stock and open orders count on them."
    )
    title = _("Edit %(name)s") % {"name": row.name}
    context = {"form": form, "title": title, "cancel_url": back, "intro": intro}
    return render(request, "entry.html", context)


ARCHIVE = lists.Archive(
    "product", "catalog.edit", "catalog:products", _product_of, queries.products
)
archive_product, archive_products = ARCHIVE.archiving(actions.archive_products)
restore_product, restore_products = ARCHIVE.restoring(actions.restore_products)


@door("catalog.edit", methods=FORM)
def import_products(request: Request, company: Company) -> HttpResponseBase:
    """Adds articles from a spreadsheet: look first, then all or nothing."""
    sheet: imports.Sheet[ProductDraft] = imports.Sheet(
        title=_("Import products"),
        name="products",
        required=PRODUCTS_REQUIRED,
        optional=PRODUCTS_OPTIONAL,
        check=check_products,
        carry_out=lambda drafts: actions.add_products(company, drafts, by=request.user),
        back=_url("products", company),
        example=lambda: example_products(company),
        hint=_("Units are codes such as C62 (piece) or KGM (kilogram), or their English names."),
    )
    return imports.serve(request, company, sheet)


@door("catalog.view")
def find_products(request: Request, company: Company) -> HttpResponse:
    """Products for a combo box: `?q=` in numbers and names, with today's default price."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:100]
    mine = Product.objects.visible_to(request.user).filter(archived_at=None)
    rows = list(found(mine.select_related("unit"), typed, "code", "name")) if typed else []
    today, currency = clock.today(company), company.currency
    prices = find_prices(company, [(None, currency, row.pk, Decimal(1), today) for row in rows])
    options = [_option(company, row, price) for row, price in zip(rows, prices, strict=True)]
    return JsonResponse(options, safe=False)


def _option(company: Company, row: Product, price: Decimal | None) -> dict[str, str]:
    note = row.unit.name
    if price is not None:
        note += f" · {formats.price(price, company.currency)} {company.currency}"
    return {
        "value": row.code,
        "label": row.name,
        "note": f"{row.code} · {note}",
        "url": _url("product", company, row.code),
    }
