"""What waits to be billed, and how customers want to be billed."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import lists
from core.access import FORM, Request, door
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from invoicing import actions, queries
from invoicing.filters import BillableFilters, RuleFilters
from invoicing.forms import RuleForm
from invoicing.tables import BillableTable, RuleTable
from invoicing.views.invoices import POST, url
from partners.models import Customer


@door("invoicing.view")
def billables(request: Request, company: Company) -> HttpResponseBase:
    """What was supplied and waits, and what could not be billed or sent."""
    may = rights(request.user).may("invoicing.issue", company.pk)
    issue = Deed("issue", _("Issue invoices"), url("issue_invoices", company), primary=True)
    return lists.serve(
        request,
        company,
        rows=queries.waiting(request.user, company),
        table=BillableTable,
        filters=BillableFilters,
        title=_("To bill"),
        deeds=[issue] if may else [],
        buttons=[Deed("rules", _("Billing rules"), url("rules", company), method="get")],
        parked=queries.parked(request.user, company),
        template="invoicing/billables.html",
        empty=_(
            "Nothing waits. Shipments are invoiced at once; what stands here goes on a "
            "collective invoice, or was credited and is to be invoiced again."
        ),
    )


@door("invoicing.issue", POST)
def issue_invoices(request: Request, company: Company) -> HttpResponse:
    """Issues invoices for the ticked billables."""
    ids = lists.chosen(request, queries.billables(request.user, company))
    issued = actions.issue_invoices(company, ids, by=request.user)
    count = len(issued)
    words = ngettext("%(count)d invoice is issued.", "%(count)d invoices are issued.", count)
    messages.success(request, words % {"count": count})
    return redirect("invoicing:billables", company.slug)


@door("invoicing.view")
def rules(request: Request, company: Company) -> HttpResponseBase:
    """Customers with a way of billing of their own."""
    may = rights(request.user).may("invoicing.issue", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.rules(request.user, company),
        table=RuleTable,
        filters=RuleFilters,
        title=_("Billing rules"),
        new=Deed("set", _("Set for a customer"), url("set_rule", company)) if may else None,
        empty=_("Every customer gets an invoice for each shipment."),
    )


@door("invoicing.issue", FORM)
def set_rule(request: Request, company: Company) -> HttpResponse:
    """Sets how one customer is billed."""
    form = RuleForm(request.POST or None)
    if form.is_valid():
        number = form.cleaned_data["customer"].strip()
        rows = Customer.objects.visible_to(request.user).filter(company=company, number=number)
        try:
            wanted = dict.fromkeys(rows.values_list("pk", flat=True), form.cleaned_data["rhythm"])
            if not wanted:
                raise Refused("customer.unknown", _("No customer has this number."))
            actions.set_billing_rules(company, wanted, by=request.user)
            return redirect("invoicing:rules", company.slug)
        except Refused as refusal:
            form.add_error("customer", refusal.message)
    context = {"form": form, "title": _("Way of billing"), "cancel_url": url("rules", company)}
    return render(request, "entry.html", context, status=422 if form.is_bound else 200)
