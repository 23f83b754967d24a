"""The deeds of invoicing, one file per verb."""

from invoicing.actions.bill_shipments import bill_shipments
from invoicing.actions.issue_invoices import issue_invoices

__all__ = ["bill_shipments", "issue_invoices"]
