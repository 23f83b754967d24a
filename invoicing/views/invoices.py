"""Invoices and credit notes: the list, the page, the PDF, and sending."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, formats, lists, pages
from core.access import Request, door
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.refusals import Refused
from documents.queries import messages_of, pdf_of
from documents.runs import render_documents
from invoicing import actions, queries
from invoicing.filters import InvoiceFilters
from invoicing.letters import addresses, sent_to
from invoicing.models import Invoice
from invoicing.tables import InvoiceLineTable, InvoiceTable
from ledger.queries import Settlement, books_of, settlements_of
from partners.terms import on_screen

POST = ("POST",)


def url(name: str, company: Company, *more: str) -> str:
    return reverse(f"invoicing:{name}", args=[company.slug, *more])


def invoice_of(request: Request, company: Company, name: str) -> Invoice:
    """The document of an address; unknown to whoever may not see it."""
    rows = queries.invoices(request.user, company).select_related("corrects")
    found = queries.with_status(rows, clock.today(company)).filter(Invoice.named(name))
    return get_object_or_404(found)


@door("invoicing.view")
def invoices(request: Request, company: Company) -> HttpResponseBase:
    """The list of invoices and credit notes."""
    may_send = rights(request.user).may("invoicing.send", company.pk)
    rows = queries.invoices(request.user, company)
    return lists.serve(
        request,
        company,
        rows=queries.with_status(rows, clock.today(company)),
        table=InvoiceTable,
        filters=InvoiceFilters,
        title=_("Invoices"),
        deeds=[Deed("send", _("Send"), url("send_invoices", company))] if may_send else [],
        buttons=[Deed("billables", _("To bill"), url("billables", company), method="get")],
        empty=_("Invoices appear here once goods have left."),
    )


@door("invoicing.view")
def invoice(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of an invoice or a credit note."""
    row = invoice_of(request, company, name)
    return pages.show(
        request,
        "invoicing/invoice.html",
        row,
        kind="invoice",
        invoice=row,
        lines=InvoiceLineTable(queries.lines(row), company),
        instalments=list(row.instalments.select_related("open_item")),
        settlements=_settlements(request, company, row),
        mails=messages_of("invoice", row.pk),
        list_url=url("invoices", company),
        deeds=_deeds(request, company, row),
        figures=[
            (_("Total"), Money(row.gross, row.currency)),
            (_("Open"), Money(row.open_amount, row.currency)),
        ],
        facts=_facts(company, row),
        totals=_totals(row),
        books=books_of(company, "invoice", row.pk),
        today=clock.today(company),
    )


def _settlements(
    request: Request, company: Company, row: Invoice
) -> list[tuple[Settlement, Deed | None]]:
    """What settled an invoice; what a credit note is applied to, with the way back."""
    found = settlements_of(company, "invoice", row.pk)
    if not (row.is_credit_note and rights(request.user).may("invoicing.credit", company.pk)):
        return [(one, None) for one in found]
    back = url("unapply_credit", company, row.name)
    return [(one, take_back(one, row.name, row.currency, back)) for one in found]


def take_back(one: Settlement, credit: str, currency: str, address: str) -> Deed:
    """The button beside one application of a credit; it says what happens, and asks."""
    say = _("%(amount)s of %(number)s no longer settle %(document)s and wait to be applied again.")
    figure = formats.amount(one.amount, currency, code=True)
    words = {"amount": figure, "number": credit, "document": one.name}
    address = f"{address}?allocation={one.allocation_id}"
    return pages.take_back(one.allocation_id, one.name, address, say % words)


def _totals(row: Invoice) -> list[tuple[Any, Any, str]]:
    """Net, each VAT group, total."""
    taxes = [
        (_("VAT %(rate)s %%") % {"rate": f"{group.rate.normalize():f}"}, group.tax, row.currency)
        for group in row.tax_groups.all()
    ]
    return [
        (_("Net"), row.net, row.currency),
        *taxes,
        (_("Total"), row.gross, row.currency),
    ]


def _facts(company: Company, row: Invoice) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("Date"), row.issued_on),
        (_("Date of supply"), row.supplied_on),
        (_("Customer's order number"), row.customer_reference),
    ]
    if row.is_credit_note:
        facts += [(_("Reason"), row.reason)]
        facts += [(_("Billed again"), _("Yes") if row.gives_back else _("No"))]
    else:
        facts += [*_due(company, row), (_("Payment terms"), on_screen(row.terms_text))]
        facts += [(_("Payment reference"), row.payment_reference)]
    if row.fx_rate != 1:
        rate = f"1 {company.currency} = {row.fx_rate.normalize():f} {row.currency}"
        facts.append((_("Rate of exchange"), rate))
    return [*facts, (_("Sent"), _sent(row))]


def _due(company: Company, row: Invoice) -> list[tuple[Any, Any]]:
    """When it is due; where a part is late, since when, and when the last part is due."""
    late_since = getattr(row, "late_since", None)
    if late_since is None:
        return [(_("Due"), row.due_on)]
    since = formats.day_html(late_since, formats.age(late_since, clock.today(company)))
    late = format_html('<span class="text-late">{}</span>', since)
    if late_since == row.due_on:
        return [(_("Due"), late)]
    return [(_("A part is due"), late), (_("Last part due"), row.due_on)]


def _sent(row: Invoice) -> Any:
    """When it left; without a mail server it went no further than the built-in mailbox."""
    if row.sent_at and not settings.EMAIL_HOST:
        return _("to the built-in mailbox, %(when)s") % {"when": formats.day(row.sent_at)}
    return row.sent_at or _("not yet")


def _deeds(request: Request, company: Company, row: Invoice) -> list[Deed]:
    """The PDF first, then what the reader may do."""
    name, granted = row.name, rights(request.user)
    made = pdf_of("invoice", row.pk)
    if made:
        pdf = Deed("pdf", _("PDF"), made, primary=True, method="get")
    else:
        pdf = Deed("pdf", _("PDF"), url("render_invoice", company, name), primary=True)
    deeds = [pdf]
    if granted.may("invoicing.send", company.pk):
        deeds.append(_sending(company, row))
    if granted.may("invoicing.credit", company.pk):
        deeds.append(_correcting(company, row))
    return deeds


def _sending(company: Company, row: Invoice) -> Deed:
    """Asks first, and names who gets it; who has it already does not get it again."""
    to, had = addresses([row])[row.customer.partner_id], sent_to([row])[row.pk]
    left = [address for address in to if address not in had]
    words = {"number": row.name, "customer": row.customer, "to": ", ".join(left or to)}
    refusal = ""
    if not to:
        refusal = _("%(customer)s has no address for invoices. Add one at the customer.") % words
    elif not left:
        refusal = _("It was mailed already to %(to)s.") % words
    ask = _("Send %(number)s to %(to)s?") % words
    address = url("send_invoice", company, row.name)
    return Deed("send", _("Send by e-mail"), address, refusal, confirm=ask)


def _correcting(company: Company, row: Invoice) -> Deed:
    if not row.is_credit_note:
        return Deed("credit", _("Credit"), url("credit_invoice", company, row.name), method="get")
    refusal = "" if row.open_amount else _("All of it is applied.")
    address = url("apply_credit", company, row.name)
    return Deed("apply", _("Apply to invoices"), address, refusal, method="get")


@door("invoicing.view", POST)
def render_invoice(request: Request, company: Company, name: str) -> HttpResponse:
    """Draws the PDF where it is not there yet, and hands it over."""
    row = invoice_of(request, company, name)
    made = render_documents(company, "invoice", [row.pk], by=request.user)
    if made and made[0].file_id:
        return redirect("documents:file", company.slug, made[0].file_id)
    problem = made[0].problem if made else ""
    raise Refused("pdf.waits", problem or _("The PDF cannot be made now. Try again later."))


@door("invoicing.send", POST)
def send_invoice(request: Request, company: Company, name: str) -> HttpResponse:
    """Queues the mail that brings one document."""
    row = invoice_of(request, company, name)
    confirmed = "confirmed" in request.POST
    actions.send_invoices(company, [row.pk], by=request.user, confirmed=confirmed)
    messages.success(request, _("%(number)s is on its way.") % {"number": row.name})
    return redirect("invoicing:invoice", company.slug, row.name)


@door("invoicing.send", POST)
def send_invoices(request: Request, company: Company) -> HttpResponse:
    """Queues the mail of the ticked documents."""
    ids = lists.chosen(request, queries.invoices(request.user, company))
    confirmed = "confirmed" in request.POST
    sent = actions.send_invoices(company, ids, by=request.user, confirmed=confirmed)
    count = len(sent)
    words = ngettext("%(count)d document is on its way.", "%(count)d are on their way.", count)
    messages.success(request, words % {"count": count})
    return redirect("invoicing:invoices", company.slug)
