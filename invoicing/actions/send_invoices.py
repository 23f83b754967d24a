"""Sending invoices and credit notes by mail, and noting that they left."""

from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from core import in_hand
from core.actions import action
from core.locks import lock
from core.models import Company, rights
from core.refusals import NeedsConfirmation, Refused
from documents import renderings
from documents.models import Message
from documents.outbox import Letter, queue_messages
from invoicing.letters import addresses, letters, missing_reference, sent_to
from invoicing.models import Invoice
from users.models import User

OUT = (Invoice.State.ISSUED, Invoice.State.SETTLED)


@action
def send_invoices(
    company: Company, invoice_ids: Sequence[int], *, by: User, confirmed: bool = False
) -> list[Invoice]:
    """Asks for the PDFs and queues a mail to each address the customer keeps for invoices.

    Refuses a customer without an address and a document that went to all of them; an invoice
    without the order number its customer wants needs confirmation.
    """
    rights(by).require("invoicing.send", company.pk)
    rows = lock(
        Invoice.objects.visible_to(by)
        .filter(company=company, pk__in=invoice_ids, state__in=OUT)
        .select_related("customer__partner")
    )
    if len(rows) < len(set(invoice_ids)):
        raise Refused("mail.not_issued", _("Only issued documents that you may see can be sent."))
    to, before = addresses(rows), sent_to(rows)
    wanted: list[Letter] = []
    refused = {}
    for row in rows:
        try:
            _ask_first(row, confirmed)
            new = letters(company, row, to[row.customer.partner_id])
            wanted += _unsent(row, new, before[row.pk])
        except Refused as refusal:
            refused[row.pk] = refusal
    in_hand.turn_away(refused)
    renderings.ask(company, "invoice", [(row.pk, row.name) for row in rows])
    queue_messages(company, wanted, by=by)
    return rows


def _ask_first(row: Invoice, confirmed: bool) -> None:
    if not confirmed and (question := missing_reference(row)):
        raise NeedsConfirmation("mail.no_order_number", question)


def _unsent(row: Invoice, new: Sequence[Letter], before: set[str]) -> list[Letter]:
    left = [letter for letter in new if letter.to not in before]
    if not left and not in_hand.following_up():
        raise Refused(
            "mail.sent_already",
            _("%(number)s was mailed already to %(to)s.")
            % {"number": row.name, "to": ", ".join(letter.to for letter in new)},
        )
    return left


@action
def note_sent_invoices(company: Company, message_ids: Sequence[int], *, by: User) -> list[Invoice]:
    """Notes on invoices when their first mail left."""
    sent = Message.objects.filter(
        company=company, pk__in=message_ids, source_kind="invoice", sent_at__isnull=False
    )
    rows = lock(Invoice.objects.filter(pk__in=sent.values("source_id"), sent_at=None))
    first = sent.filter(source_id=OuterRef("pk")).order_by("sent_at").values("sent_at")[:1]
    Invoice.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=Subquery(first))
    return rows
