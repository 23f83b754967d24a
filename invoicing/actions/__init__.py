"""The deeds of invoicing, one file per verb."""

from invoicing.actions.apply_credits import CreditUse, apply_credits, unapply_credits
from invoicing.actions.bill_shipments import bill_shipments
from invoicing.actions.credit_invoices import credit_invoices
from invoicing.actions.issue_invoices import issue_invoices
from invoicing.actions.send_invoices import note_sent_invoices, send_invoices
from invoicing.actions.set_billing_rules import set_billing_rules
from invoicing.corrections import Correction

__all__ = [
    "Correction",
    "CreditUse",
    "apply_credits",
    "bill_shipments",
    "credit_invoices",
    "issue_invoices",
    "note_sent_invoices",
    "send_invoices",
    "set_billing_rules",
    "unapply_credits",
]
