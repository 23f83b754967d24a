"""Applying what is left of a credit note to other invoices, and taking that back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import formats
from core.access import FORM, Request, door
from core.models import Company
from core.refusals import Refused
from invoicing import actions, queries
from invoicing.actions import CreditUse
from invoicing.forms import ApplyForm
from invoicing.tables import ApplyTable
from invoicing.views.invoices import POST, invoice_of, url


@door("invoicing.credit", FORM)
def apply_credit(request: Request, company: Company, name: str) -> HttpResponse:
    """An amount for each open invoice of the customer, the one that was corrected first."""
    row = invoice_of(request, company, name)
    if not row.is_credit_note:
        raise Refused("credit.no_note", _("%s is no credit note.") % row.name)
    form = ApplyForm(
        request.POST or None, note=row, invoices=queries.open_beside(row, request.user)
    )
    if form.is_valid():
        try:
            actions.apply_credits(company, [CreditUse(row.pk, form.amounts())], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(number)s is applied.") % {"number": row.name})
            return redirect("invoicing:invoice", company.slug, row.name)
    left = formats.amount(row.open_amount, row.currency, code=True)
    context = {"form": form, "title": _("Apply %(number)s") % {"number": row.name}}
    context |= {"intro": _("Left of it: %(left)s.") % {"left": left}, "submit": _("Apply")}
    context |= {"form_lines": ApplyTable(form.rows(), company)}
    context |= {"cancel_url": url("invoice", company, row.name)}
    status = 422 if form.is_bound else 200
    return render(request, "invoicing/apply.html", context, status=status)


@door("invoicing.credit", POST)
def unapply_credit(request: Request, company: Company, name: str) -> HttpResponse:
    """Takes back what a credit note was applied to one invoice."""
    row = invoice_of(request, company, name)
    paid = invoice_of(request, company, request.POST.get("invoice", ""))
    actions.unapply_credits(company, {row.pk: [paid.pk]}, by=request.user)
    words = {"number": row.name, "invoice": paid.name}
    messages.success(request, _("%(number)s is not applied to %(invoice)s any more.") % words)
    return redirect("invoicing:invoice", company.slug, row.name)
