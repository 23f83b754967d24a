"""What follows what: the choreography of the whole product on one page.

verb of the event → the handlers that are called with the documents it is named after.
"""

from django.utils.translation import gettext_lazy as _

FOLLOW_UPS: dict[str, tuple[str, ...]] = {
    "order.submitted": ("orders.tasks.confirm_what_nothing_holds",),
    "order.checked": ("orders.tasks.confirm_what_nothing_holds",),
    "customer.limit_set": ("orders.tasks.check_what_credit_holds",),
    "customer.unblocked": ("orders.tasks.check_what_credit_holds",),
    "hold.released": ("orders.tasks.confirm_what_nothing_holds",),
    "order.cancelled": ("orders.tasks.serve_from_orders",),
    "order.closed_short": ("orders.tasks.serve_from_orders",),
    "stock.received": ("orders.tasks.serve_from_stock",),
    "stock.taken_over": ("orders.tasks.serve_from_stock",),
    "stock.adjusted": ("orders.tasks.serve_from_stock",),
    "stock.reversed": ("orders.tasks.serve_from_stock",),
    "shipment.shipped": ("invoicing.tasks.invoice_shipments",),
    "invoice.issued": ("orders.tasks.close_billed_orders", "invoicing.tasks.send_invoices"),
    "credit_note.issued": ("invoicing.tasks.send_invoices",),
    "transaction.received": ("payments.tasks.record_received",),
    "receipt.recorded": ("payments.tasks.match_receipts",),
    "receipt.identified": ("payments.tasks.match_receipts",),
    "pdfs.asked": ("documents.tasks.draw_asked",),
    "message.queued": ("documents.tasks.send_messages",),
    "message.sent": ("invoicing.tasks.note_sent_invoices",),
    "proof.asked": ("analytics.tasks.prove_books",),
}

# Handlers that make files or reach people; the demo company's past does without them.
OUTWARD = {
    "documents.tasks.draw_asked",
    "invoicing.tasks.send_invoices",
    "documents.tasks.send_messages",
}

# What each was to do, for whoever looks after what was left undone.
WORDS = {
    "orders.tasks.confirm_what_nothing_holds": _("Confirm the order"),
    "orders.tasks.check_what_credit_holds": _("Check again what is held for its credit"),
    "orders.tasks.serve_from_orders": _("Serve backorders with goods an order gave back"),
    "orders.tasks.serve_from_stock": _("Serve backorders from stock"),
    "orders.tasks.close_billed_orders": _("Close the order if all of it is invoiced"),
    "invoicing.tasks.invoice_shipments": _("Invoice the delivery"),
    "invoicing.tasks.send_invoices": _("Send the invoice"),
    "invoicing.tasks.note_sent_invoices": _("Note that the invoice was sent"),
    "payments.tasks.record_received": _("Record the receipt"),
    "payments.tasks.match_receipts": _("Look for what the receipt pays"),
    "documents.tasks.draw_asked": _("Make the PDFs"),
    "documents.tasks.send_messages": _("Send the e-mail"),
    "analytics.tasks.prove_books": _("Prove the books"),
}
