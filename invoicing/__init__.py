"""Invoices and credit notes, made from billables alone.

shipment, fee, period … ──> Billable ── issue_invoices ──> Invoice ──< InvoiceLine
                                                             ├──< TaxGroup      (EN 16931)
                                                             └──< Instalment ── OpenItem

issued ⇄ settled        (draft → issued, draft → cancelled once a deed drafts one)
settled ⇔ nothing open; paid, partly paid, credited, overdue and sent are derived.
"""
