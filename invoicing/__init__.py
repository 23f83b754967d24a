"""Invoices and credit notes, made from billables alone.

shipment, fee, period … ──> Billable ── issue_invoices ──> Invoice ──< InvoiceLine
                                                             ├──< TaxGroup      (EN 16931)
                                                             └──< Instalment ── OpenItem

draft → issued ⇄ settled        draft → cancelled
settled ⇔ nothing open; paid, partly paid, credited, overdue and sent are derived.
"""
