"""Billables, and the documents that bill them.

Foreign keys without a constraint (`db_constraint=False`) either repeat what another row proves
already, each says which, or point at the row's own document: there a trigger checks all rows of a
statement at once (`0002_laws.sql`). Checked row by row they would cost a third of a bulk run.
`invoicing.invariants` proves that none dangles.
"""

from invoicing.models.billables import Billable, BillingRule
from invoicing.models.documents import Invoice, Status
from invoicing.models.parts import Instalment, InvoiceLine, TaxGroup

__all__ = [
    "Billable",
    "BillingRule",
    "Instalment",
    "Invoice",
    "InvoiceLine",
    "Status",
    "TaxGroup",
]
