"""Crediting an invoice on one page, by keyboard."""

from collections.abc import Mapping
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import FORM, Request, door
from core.models import Company
from core.refusals import Refused
from invoicing import actions, queries
from invoicing.actions import Correction
from invoicing.forms import CreditForm
from invoicing.letters import addresses
from invoicing.models import Invoice
from invoicing.tables import CreditLineTable
from invoicing.views.invoices import invoice_of, url


@door("invoicing.credit", FORM)
def credit_invoice(request: Request, company: Company, name: str) -> HttpResponse:
    """The whole of what is left, or quantities by line."""
    row = invoice_of(request, company, name)
    form = CreditForm(
        request.POST or None, lines=queries.lines(row), left=queries.left_to_credit(row)
    )
    if form.is_valid():
        quantities = None if "whole" in request.POST else form.quantities()
        try:
            return _credited(request, company, row, form, quantities)
        except Refused as refusal:
            form.blame(refusal)
    status = 422 if form.is_bound else 200
    context = {
        "title": _("Credit %(number)s") % {"number": row.name},
        "intro": _goes_to(row),
        "form": form,
        "form_lines": CreditLineTable(form.rows(), company),
        "cancel_url": url("invoice", company, row.name),
    }
    return render(request, "invoicing/credit.html", context, status=status)


def _goes_to(row: Invoice) -> str:
    """What pressing the button does at once, and who reads of it."""
    to = addresses([row])[row.customer.partner_id]
    if to:
        say = _("The credit note is issued at once and mailed to %(to)s.")
        return say % {"to": ", ".join(to)}
    say = _("The credit note is issued at once. %(customer)s has no address for invoices, so it is "
            "not mailed.")  # fmt: skip
    return say % {"customer": row.customer}


def _credited(
    request: Request,
    company: Company,
    row: Invoice,
    form: CreditForm,
    quantities: Mapping[int, Decimal] | None,
) -> HttpResponse:
    said = form.cleaned_data
    wanted = Correction(row.pk, quantities, said["reason"], said["gives_back"])
    [note] = actions.credit_invoices(company, [wanted], by=request.user)
    messages.success(request, _("%(number)s is issued.") % {"number": note.name})
    return redirect("invoicing:invoice", company.slug, note.name)
