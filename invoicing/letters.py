"""The mail that brings an invoice or a credit note, in the customer's language."""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import formats
from core.models import Company
from core.refusals import Refused
from documents.models import Message
from documents.outbox import Letter, objection
from invoicing.models import Invoice
from partners.models import Contact


def addresses(invoices: Sequence[Invoice]) -> dict[int, list[str]]:
    """Where each customer's partner wants its invoices, in one statement."""
    partners = {invoice.customer.partner_id for invoice in invoices}
    found: dict[int, list[str]] = {pk: [] for pk in partners}
    for contact in Contact.objects.filter(
        partner__in=partners, purpose=Contact.Purpose.INVOICES, archived_at=None
    ).order_by("pk"):
        found[contact.partner_id].append(contact.email)
    return found


def letters(company: Company, invoice: Invoice, to: Sequence[str]) -> list[Letter]:
    """One letter for each address. Raises Refused where there is none or one is not good."""
    if not to:
        raise Refused(
            "mail.no_address",
            _("%(customer)s has no address for invoices. Add one at the customer, then try again.")
            % {"customer": invoice.customer},
        )
    with translation.override(invoice.buyer.get("language", company.language)):
        due = formats.day(invoice.due_on) if invoice.due_on else ""
        context = {"invoice": invoice, "company": company, "due": due}
        subject = " ".join(render_to_string("mail/invoice_subject.txt", context).split())
        body = render_to_string("mail/invoice.txt", context)
    source = ("invoice", invoice.pk, invoice.name)
    found = [Letter(source, invoice.kind, address, subject, body) for address in to]
    for letter in found:
        if refusal := objection(letter):
            raise refusal
    return found


def missing_reference(invoice: Invoice) -> str:
    """What to ask before an invoice leaves without the order number its reader wants on it."""
    if not invoice.customer.po_number_required or invoice.customer_reference:
        return ""
    return _("%(customer)s wants its own order number on bills, and %(number)s has none.") % {
        "customer": invoice.customer,
        "number": invoice.name,
    }


def sent_to(invoices: Sequence[Invoice]) -> Mapping[int, set[str]]:
    """The addresses to which each document was queued before."""
    found: dict[int, set[str]] = {invoice.pk: set() for invoice in invoices}
    rows = Message.objects.filter(source_kind="invoice", source_id__in=found)
    for pk, to in rows.values_list("source_id", "to"):
        found[pk].add(to)
    return found
