"""Applying what is left of a credit to what its customer owes, and taking that back.

The credit is a credit note, on the page of the note, or was taken over from the system before, on
the page of that open item.
"""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core import formats
from core.access import FORM, Request, door
from core.kinds import KINDS
from core.models import Company, rights
from core.pages import Deed, Panel
from core.refusals import Refused
from invoicing import actions, queries
from invoicing.actions import CreditUse
from invoicing.actions.apply_credits import why_no_credit
from invoicing.forms import ApplyForm
from invoicing.tables import ApplyTable
from invoicing.views.invoices import POST, invoice_of, take_back, url
from ledger.models import OpenItem, Side
from ledger.queries import Settlement, settlements_of

TAKEN_OVER = "open_item"


@door("invoicing.credit", FORM)
def apply_credit(request: Request, company: Company, name: str) -> HttpResponse:
    """Applies a credit note to what its customer owes, the invoice it corrects first."""
    row = invoice_of(request, company, name)
    credit = queries.credit_of(row) if row.is_credit_note else None
    if not credit:
        raise Refused("credit.no_note", _("%s is no credit note.") % row.name)
    return _apply(request, company, credit, url("invoice", company, row.name))


@door("invoicing.credit", FORM)
def apply_item(request: Request, company: Company, pk: int) -> HttpResponse:
    """Applies a credit or payment that was taken over to what its customer owes."""
    credit = _taken_over(request, company, pk)
    if problem := why_no_credit(credit):
        raise problem
    return _apply(request, company, credit, _page(company, credit))


def _apply(request: Request, company: Company, credit: OpenItem, back: str) -> HttpResponse:
    """An amount for each open item of the customer."""
    form = ApplyForm(request.POST or None, credit=credit, items=queries.open_beside(credit))
    if form.is_valid():
        try:
            actions.apply_credits(company, [CreditUse(credit.pk, form.amounts())], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(number)s is applied.") % {"number": credit.name})
            return redirect(back)
    left = formats.amount(credit.open_amount, credit.currency, code=True)
    context = {"form": form, "title": _("Apply %(number)s") % {"number": credit.name}}
    context |= {"intro": _("Left of it: %(left)s.") % {"left": left}, "submit": _("Apply")}
    context |= {"form_lines": ApplyTable(form.rows(), company), "cancel_url": back}
    status = 422 if form.is_bound else 200
    return render(request, "invoicing/apply.html", context, status=status)


@door("invoicing.credit", POST)
def unapply_credit(request: Request, company: Company, name: str) -> HttpResponse:
    """Takes back one of the applications of a credit note."""
    row = invoice_of(request, company, name)
    _unapply(request, company, row.name, settlements_of(company, "invoice", row.pk))
    return redirect("invoicing:invoice", company.slug, row.name)


@door("invoicing.credit", POST)
def unapply_item(request: Request, company: Company, pk: int) -> HttpResponse:
    """Takes back one of the applications of a credit that was taken over."""
    credit = _taken_over(request, company, pk)
    _unapply(request, company, credit.name, settlements_of(company, TAKEN_OVER, pk))
    return redirect(_page(company, credit))


def _unapply(
    request: Request, company: Company, name: str, applications: Iterable[Settlement]
) -> None:
    only = request.GET.getlist("allocation")
    taken = [one for one in applications if str(one.allocation_id) in only]
    actions.unapply_credits(company, [one.allocation_id for one in taken], by=request.user)
    words = {"number": name, "documents": ", ".join(one.name for one in taken)}
    messages.success(request, _("%(number)s is taken back from %(documents)s.") % words)


def uses_of_item(request: Request, company: Company, item: OpenItem) -> Panel | None:
    """On the page of an item taken over: what settles it or what it settles, and the way back."""
    found = settlements_of(company, TAKEN_OVER, item.pk)
    is_credit = not why_no_credit(item)
    may = is_credit and rights(request.user).may("invoicing.credit", company.pk)
    if not (found or may):
        return None
    back = reverse("invoicing:unapply_item", args=[company.slug, item.pk])
    rows = [(one, take_back(one, item.name, item.currency, back) if may else None) for one in found]
    title = _("Applied to") if item.side == Side.CREDIT else _("Settled by")
    context = {"settlements": rows, "heading": _("Document"), "currency": item.currency}
    body = render_to_string("_components/settlements.html", context, request) if rows else ""
    deed = _apply_deed(company, item) if may else None
    return Panel(title, (), (), deed=deed, body=body, empty=_("Nothing yet."))


def _apply_deed(company: Company, credit: OpenItem) -> Deed:
    address = reverse("invoicing:apply_item", args=[company.slug, credit.pk])
    refusal = "" if credit.open_amount else _("Nothing is left of it.")
    return Deed("apply", _("Apply to what is open"), address, refusal, method="get")


def _taken_over(request: Request, company: Company, pk: int) -> OpenItem:
    rows = OpenItem.objects.visible_to(request.user).filter(source_kind=TAKEN_OVER)
    return get_object_or_404(rows, company=company, pk=pk)


def _page(company: Company, item: OpenItem) -> str:
    return KINDS[TAKEN_OVER].address(company, str(item.pk))
