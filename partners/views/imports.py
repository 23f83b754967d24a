"""Customers from a spreadsheet, and the answers to combo boxes."""

from functools import partial
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import FORM, Request, door
from core.models import Company
from core.spreadsheets import imports
from partners import actions, queries
from partners.drafts import CustomerDraft
from partners.models import Customer, Supplier
from partners.sheets import OPTIONAL, REQUIRED, check_customers, example_customers


@door("partners.edit", methods=FORM)
def import_customers(request: Request, company: Company) -> HttpResponseBase:
    """Opens accounts from a spreadsheet: look first, then all or nothing."""
    sheet: imports.Sheet[CustomerDraft] = imports.Sheet(
        title=_("Import customers"),
        name="customers",
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda lines: check_customers(company, lines, request.user),
        carry_out=partial(_open, company, request.user),
        back=reverse("partners:customers", args=[company.slug]),
        example=lambda: example_customers(company),
        hint=_("One line is one customer. Country and currency are codes such as DE and EUR; "
               "payment terms are the codes of the company; people are their mail addresses."),
    )  # fmt: skip
    return imports.serve(request, company, sheet)


def _open(company: Company, by: Any, drafts: Any) -> list[Customer]:
    return actions.open_customers(company, drafts, by=by)


@door("partners.view")
def find_customers(request: Request, company: Company) -> HttpResponse:
    """Customers for a combo box: `?q=` is looked for in numbers and names."""
    rows = Customer.objects.visible_to(request.user).filter(company=company, archived_at=None)
    return _options(rows, request, company, "customer")


@door("partners.view_suppliers")
def find_suppliers(request: Request, company: Company) -> HttpResponse:
    """Suppliers for a combo box."""
    rows = Supplier.objects.visible_to(request.user).filter(company=company, archived_at=None)
    return _options(rows, request, company, "supplier")


def _options(rows: Any, request: Request, company: Company, kind: str) -> HttpResponse:
    typed = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = queries.found(rows.select_related("partner"), typed, "number", "partner__name")
    return JsonResponse(
        [
            {
                "value": row.number,
                "label": row.partner.name,
                "note": f"{row.number} · {row.partner.country} · {row.currency}",
                "url": reverse(f"partners:{kind}", args=[company.slug, row.number]),
            }
            for row in (found if typed else ())
        ],
        safe=False,
    )
