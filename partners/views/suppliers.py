"""Suppliers: the list, the page, the forms."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from core import lists, pages
from core.access import FORM, Request, door
from core.models import Company, rights
from core.pages import Deed
from partners import actions, queries
from partners.filters import SupplierFilters
from partners.forms import SupplierForm
from partners.tables import SupplierTable
from partners.views import accounts


def _url(name: str, company: Company, *more: str) -> str:
    return reverse(f"partners:{name}", args=[company.slug, *more])


@door("partners.view_suppliers")
def suppliers(request: Request, company: Company) -> HttpResponseBase:
    """The list of suppliers."""
    may = rights(request.user).may("partners.suppliers", company.pk)
    archive = Deed("archive", _("Archive"), _url("archive_suppliers", company))
    restore = Deed("restore", _("Restore"), _url("restore_suppliers", company))
    return lists.serve(
        request,
        company,
        rows=queries.suppliers(request.user, company),
        table=SupplierTable,
        filters=SupplierFilters,
        title=_("Suppliers"),
        deeds=[archive, restore] if may else [],
        new=Deed("new", _("New supplier"), _url("new_supplier", company)) if may else None,
        empty=_("Whoever this company buys from is listed here, once an account is opened."),
    )


@door("partners.view_suppliers")
def supplier(request: Request, company: Company, number: str) -> HttpResponse:
    """The page of a supplier."""
    row = accounts.supplier_of(request, company, number)
    return pages.show(
        request,
        "partners/supplier.html",
        row,
        kind="supplier",
        list_url=_url("suppliers", company),
        **accounts.parts_of(request, row),
    )


@door("partners.suppliers", methods=FORM)
def new_supplier(request: Request, company: Company) -> HttpResponse:
    """Opens an account."""
    form = SupplierForm(request.POST or None, company=company)

    def deed() -> Any:
        return actions.open_suppliers(company, [form.draft()], by=request.user)[0]

    saved = accounts.carried_out(request, form, deed)
    return saved or accounts.show_form(request, form, _("New supplier"), _url("suppliers", company))


@door("partners.suppliers", methods=FORM)
def edit_supplier(request: Request, company: Company, number: str) -> HttpResponse:
    """Changes what is said of a supplier."""
    row = accounts.supplier_of(request, company, number)
    form = SupplierForm(request.POST or None, company=company, account=row)

    def deed() -> Any:
        reason = form.cleaned_data["reason"]
        return actions.change_supplier(
            row, form.draft(), seen=form.versions(), by=request.user, reason=reason
        )

    saved = accounts.carried_out(request, form, deed, row)
    return saved or accounts.show_form(
        request, form, accounts.edit_title(row), accounts.page_of(row)
    )


ARCHIVE = lists.Archive(
    "supplier",
    "partners.suppliers",
    "partners:suppliers",
    accounts.supplier_of,
    queries.suppliers,
)
archive_supplier, archive_suppliers = ARCHIVE.archiving(actions.archive_suppliers)
restore_supplier, restore_suppliers = ARCHIVE.restoring(actions.restore_suppliers)
