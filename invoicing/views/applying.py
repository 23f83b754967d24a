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
from ledger.queries import settlements_of


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
    """Takes back one of the applications of a credit note."""
    row = invoice_of(request, company, name)
    only = request.GET.getlist("allocation")
    found = settlements_of(company, "invoice", row.pk)
    taken = [one for one in found if str(one.allocation_id) in only]
    ids = [one.allocation_id for one in taken]
    actions.unapply_credits(company, {row.pk: ids}, by=request.user)
    words = {"number": row.name, "invoices": ", ".join(one.name for one in taken)}
    messages.success(request, _("%(number)s is taken back from %(invoices)s.") % words)
    return redirect("invoicing:invoice", company.slug, row.name)
