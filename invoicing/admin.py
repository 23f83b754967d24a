"""The rows of invoicing, to look at."""

from core.admin import look_only
from invoicing.models import Billable, BillingRule, Instalment, Invoice, InvoiceLine, TaxGroup

look_only(Billable, BillingRule, Instalment, Invoice, InvoiceLine, TaxGroup)
