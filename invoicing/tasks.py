"""What invoicing does when something happened: the handlers of `o2c/follow_ups.py`."""

from core.models import Company
from invoicing import actions
from users.models import User


def invoice_shipments(company: Company, ids: list[int], by: User) -> None:
    """After goods left: bills them, or lets them wait to be collected."""
    actions.bill_shipments(company, ids, by=by)


def send_invoices(company: Company, ids: list[int], by: User) -> None:
    """After invoices or credit notes were issued: PDFs and mail."""
    actions.send_invoices(company, ids, by=by)


def note_sent_invoices(company: Company, ids: list[int], by: User) -> None:
    """After mail left: notes it on the invoices it brought."""
    actions.note_sent_invoices(company, ids, by=by)
