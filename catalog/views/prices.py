"""Price lists: the list of them, the page of one, its grid, and what is done to it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import actions, queries
from catalog.checks import products_by_code
from catalog.drafts import PriceDraft
from catalog.filters import PriceFilters, PriceListFilters
from catalog.forms import AssignForm, CopyForm, CustomerForm, PriceForm, PriceListForm
from catalog.models import Price, PriceList
from catalog.sheets import PRICES_OPTIONAL, PRICES_REQUIRED, check_prices, example_prices
from catalog.tables import PriceListTable, PriceTable
from core import clock, lists
from core.access import FORM, Request, door
from core.forms import blame
from core.lists import grids
from core.lists.filters import occurs
from core.models import Company, rights
from core.pages import Deed, timeline
from core.refusals import Refused
from core.spreadsheets import imports
from partners.models import Customer

POST = ("POST",)
MOST_IN_GRID = 50
MOST_CUSTOMERS = 200  # named on the page of a list


def url(name: str, company: Company, *more: object) -> str:
    return reverse(f"catalog:{name}", args=[company.slug, *more])


def list_of(request: Request, company: Company, pk: int) -> PriceList:
    rows = queries.price_lists(request.user, company).select_related("company")
    return get_object_or_404(rows, pk=pk)


@door("catalog.view")
def price_lists(request: Request, company: Company) -> HttpResponseBase:
    """The list of price lists."""
    may = rights(request.user).may("catalog.prices", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.counted_price_lists(request.user, company),
        table=PriceListTable,
        filters=PriceListFilters,
        title=_("Price lists"),
        new=Deed("new", _("New price list"), url("new_price_list", company)) if may else None,
        empty=_("Each currency has a default list; customers can have lists of their own."),
    )


@door("catalog.view")
def price_list(request: Request, company: Company, pk: int) -> HttpResponseBase:
    """The prices of a list, who buys from it, and what became of it."""
    row = list_of(request, company, pk)
    may = rights(request.user).may("catalog.prices", company.pk)
    edit = Deed("edit", _("Edit prices"), url("edit_prices", company, pk))
    return lists.serve(
        request,
        company,
        rows=queries.prices(row, clock.today(company)),
        table=PriceTable,
        filters=PriceFilters,
        title=row.name,
        template="catalog/price_list.html",
        new=edit if may and not row.archived_at else None,
        empty=_("This list has no prices yet. Enter them, or import them from a spreadsheet."),
        document=row,
        list_deeds=_deeds(request, row) if may else [],
        customers=list(queries.customers_of(row, request.user)[:MOST_CUSTOMERS]),
        customer_form=CustomerForm(company=company) if may and not row.archived_at else None,
        changes=queries.price_list_history(row),
        timeline=timeline(company, "price_list", row.pk),
    )


def _deeds(request: Request, row: PriceList) -> list[Deed]:
    where = (row.company, row.pk)
    if row.archived_at:
        restore = url("restore_price_list", *where)
        return [Deed("restore", _("Restore"), restore, primary=True)]
    words = _("Nobody can be given “%(name)s” any more. Documents keep their prices.")
    confirm = words % {"name": row.name}
    archive = url("archive_price_list", *where)
    return [
        Deed("import", _("Import prices"), url("import_prices", *where), method="get"),
        Deed("raise", _("Raise prices"), url("raise_prices", *where), method="get"),
        Deed("copy", _("Copy the list"), url("copy_price_list", *where), method="get"),
        Deed("rename", _("Rename, make default"), url("edit_price_list", *where), method="get"),
        Deed("archive", _("Archive"), archive, _why_not(row), confirm=confirm),
    ]


def _why_not(row: PriceList) -> str:
    if row.is_default:
        return _("It is the default list. Make another list the default first.")
    if row.customers_count:  # type: ignore[attr-defined]
        return _("Customers buy from it. Give them another list first.")
    return ""


@door("catalog.prices", methods=FORM)
def new_price_list(request: Request, company: Company) -> HttpResponse:
    """Adds an empty list."""
    form = PriceListForm(request.POST or None, initial={"currency": company.currency})

    def deed() -> PriceList:
        return actions.add_price_lists(company, [form.draft()], by=request.user)[0]

    return _ask(request, form, deed, _("New price list"), url("price_lists", company))


@door("catalog.prices", methods=FORM)
def edit_price_list(request: Request, company: Company, pk: int) -> HttpResponse:
    """Renames a list, or makes it the default."""
    row = list_of(request, company, pk)
    form = PriceListForm(request.POST or None, price_list=row)

    def deed() -> PriceList:
        typed = form.cleaned_data
        name, default, seen = typed["name"], typed["is_default"], typed["seen"] or 0
        return actions.change_price_list(row, name, default, seen=seen, by=request.user)

    return _ask(request, form, deed, row.name, url("price_list", company, pk))


@door("catalog.prices", methods=FORM)
def copy_price_list(request: Request, company: Company, pk: int) -> HttpResponse:
    """Copies a list under another name."""
    row = list_of(request, company, pk)
    form = CopyForm(request.POST or None, initial={"on": clock.today(company)})

    def deed() -> PriceList:
        return actions.copy_price_list(row, **form.cleaned_data, by=request.user)

    title = _("Copy %(name)s") % {"name": row.name}
    return _ask(request, form, deed, title, url("price_list", company, pk))


def _ask(request: Request, form: Any, deed: Any, title: str, back: str) -> HttpResponse:
    """A form with one deed behind it, leading to the page of the list it returns."""
    if request.method == "POST" and form.is_valid():
        try:
            row = deed()
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": row.name})
            return redirect("catalog:price_list", request.company.slug, row.pk)
    context = {"form": form, "title": title, "cancel_url": back}
    return render(request, "entry.html", context)


@door("catalog.prices", methods=POST)
def archive_price_list(request: Request, company: Company, pk: int) -> HttpResponse:
    """Puts a list away."""
    actions.archive_price_list(list_of(request, company, pk), by=request.user)
    messages.success(request, _("The list is archived."))
    return redirect("catalog:price_list", company.slug, pk)


@door("catalog.prices", methods=POST)
def restore_price_list(request: Request, company: Company, pk: int) -> HttpResponse:
    """Takes a list out again."""
    actions.restore_price_list(list_of(request, company, pk), by=request.user)
    messages.success(request, _("The list is restored."))
    return redirect("catalog:price_list", company.slug, pk)


@door("catalog.prices", methods=FORM)
def import_prices(request: Request, company: Company, pk: int) -> HttpResponseBase:
    """Sets prices from a spreadsheet: look first, then all or nothing."""
    row, today = list_of(request, company, pk), clock.today(company)
    sheet: imports.Sheet[PriceDraft] = imports.Sheet(
        title=_("Import prices into %(name)s") % {"name": row.name},
        name=f"prices-{pk}",
        required=PRICES_REQUIRED,
        optional=PRICES_OPTIONAL,
        check=lambda lines: check_prices(row, lines, today),
        carry_out=lambda drafts: actions.set_prices(company, pk, drafts, by=request.user),
        back=url("price_list", company, pk),
        example=lambda: example_prices(row),
        hint=_("A price for the same product, quantity and first day is replaced. Without a day, "
               "prices count from today."),
    )  # fmt: skip
    return imports.serve(request, company, sheet)


@door("catalog.prices", methods=FORM)
def edit_prices(request: Request, company: Company, pk: int) -> HttpResponse:
    """The grid of a list's prices; a search narrows what it shows."""
    row = list_of(request, company, pk)
    lines, words = _grid(request, row)
    seen = request.POST.get("seen", str(row.version))
    problem = ""
    sent = request.method == "POST" and not grids.is_asked_for_more(request.POST)
    if sent and lines.is_valid() and (wanted := _wanted(lines)) is not None:
        removed = [line.cleaned_data["id"] for line in lines.deleted_forms]
        try:
            actions.change_prices(
                row, wanted, removed=[pk for pk in removed if pk],
                seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0, by=request.user,
            )  # fmt: skip
        except Refused as refusal:
            problem = _blame(lines, refusal)
            row.refresh_from_db()
            seen = str(row.version)
        else:
            messages.success(request, _("The prices are saved."))
            return redirect("catalog:price_list", company.slug, pk)
    return render(request, "catalog/prices.html", _context(row, lines, words, (seen, problem)))


def _context(row: PriceList, lines: Any, words: str, state: tuple[str, str]) -> dict[str, Any]:
    title = _("Prices of %(name)s") % {"name": row.name}
    back = url("price_list", row.company, row.pk)
    seen, problem = state
    count = _found(row, words).count()
    return {"lines": lines, "title": title, "cancel_url": back, "seen": seen, "words": words,
            "problem": problem, "count": count, "most": MOST_IN_GRID}  # fmt: skip


def _found(row: PriceList, words: str) -> QuerySet[Price]:
    """The prices of a list, or those of the products that were searched for."""
    rows = queries.prices(row, clock.today(row.company))
    return rows.filter(occurs(words, ("product__code", "product__name"))) if words else rows


def _grid(request: Request, row: PriceList) -> tuple[Any, str]:
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = _found(row, words).order_by("product__code", "min_quantity", "valid_from")
    stored = [
        {
            "id": price.pk, "product": price.product.code, "amount": price.amount,
            "min_quantity": price.min_quantity, "valid_from": price.valid_from,
            "valid_to": price.valid_to,
        }
        for price in rows[:MOST_IN_GRID]
    ]  # fmt: skip
    usual: dict[str, Any] = {"valid_from": clock.today(row.company), "min_quantity": 0}
    if not stored and products_by_code([words]):
        usual["product"] = words  # its first price
    most = MOST_IN_GRID * 10
    made = grids.grid(PriceForm, request.POST or None, stored=stored, usual=usual, most=most)
    return made, words


def _wanted(lines: Any) -> list[tuple[int | None, PriceDraft]] | None:
    """The lines as drafts; None when one names a product that is not there."""
    kept = grids.filled(lines)
    known = products_by_code([line.cleaned_data["product"] for line in kept])
    drafts = [(line.cleaned_data["id"], line.draft(known)) for line in kept]
    return None if any(draft is None for _pk, draft in drafts) else drafts


def _blame(lines: Any, refusal: Refused) -> str:
    """Shows a refusal at the line it is about, or gives it back for the top of the page."""
    place = refusal.numbers.get("line")
    if place is None:
        return refusal.message
    line = grids.filled(lines)[place]
    field = refusal.numbers.get("field", "product")
    line.add_error(field if field in line.fields else None, refusal.message)
    return ""


@door("catalog.prices", methods=FORM)
def assign_price_list(request: Request, company: Company, number: str) -> HttpResponse:
    """Chooses the list a customer buys from."""
    mine = Customer.objects.visible_to(request.user).select_related("partner")
    customer = get_object_or_404(mine, company=company, number=number)
    own = queries.list_of(customer)
    now = {"price_list": own.pk if own else None}
    form = AssignForm(
        request.POST or None, company=company, currency=customer.currency, initial=now
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["price_list"]
        actions.assign_price_list(company, [customer.pk], wanted, by=request.user)
        messages.success(request, _("The price list is chosen."))
        return redirect("partners:customer", company.slug, number)
    title = _("Price list of %(name)s") % {"name": customer}
    back = reverse("partners:customer", args=[company.slug, number])
    return render(request, "entry.html", {"form": form, "title": title, "cancel_url": back})


@door("catalog.prices", methods=POST)
def add_customer(request: Request, company: Company, pk: int) -> HttpResponse:
    """Gives the list to one more customer."""
    row = list_of(request, company, pk)
    number = request.POST.get("customer", "").replace("\0", "").strip()[:20]
    mine = Customer.objects.visible_to(request.user).filter(company=company, number=number)
    ids = list(mine.values_list("pk", flat=True))
    if not ids:
        rule = _("There is no customer “%(number)s”. Choose one from the list that opens.")
        raise Refused("catalog.no_customer", rule % {"number": number})
    actions.assign_price_list(company, ids, row.pk, by=request.user)
    messages.success(request, _("%(number)s buys from this list now.") % {"number": number})
    return redirect("catalog:price_list", company.slug, pk)


@door("catalog.prices", methods=POST)
def remove_customers(request: Request, company: Company, pk: int) -> HttpResponse:
    """Takes the list from customers; they buy at the default prices again."""
    row = list_of(request, company, pk)
    ids = lists.chosen(request, queries.customers_of(row, request.user))
    actions.assign_price_list(company, ids, None, by=request.user)
    messages.success(request, _("They buy at the default prices again."))
    return redirect("catalog:price_list", company.slug, pk)
