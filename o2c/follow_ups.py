"""What follows what: the choreography of the whole product on one page.

verb of the event → the handlers that are called with the documents it is named after.
"""

FOLLOW_UPS: dict[str, tuple[str, ...]] = {
    "order.submitted": ("orders.tasks.confirm_what_nothing_holds",),
    "hold.released": ("orders.tasks.confirm_what_nothing_holds",),
    "order.cancelled": ("orders.tasks.serve_from_orders",),
    "order.closed_short": ("orders.tasks.serve_from_orders",),
    "stock.received": ("orders.tasks.serve_from_stock",),
    "stock.adjusted": ("orders.tasks.serve_from_stock",),
    "shipment.shipped": ("invoicing.tasks.invoice_shipments",),
    "invoice.issued": ("orders.tasks.close_billed_orders", "invoicing.tasks.send_invoices"),
    "credit_note.issued": ("invoicing.tasks.send_invoices",),
    "transaction.received": ("payments.tasks.record_received",),
    "receipt.recorded": ("payments.tasks.match_receipts",),
    "receipt.identified": ("payments.tasks.match_receipts",),
    "message.queued": ("documents.tasks.send_messages",),
    "message.sent": ("invoicing.tasks.note_sent_invoices",),
    "proof.asked": ("analytics.tasks.prove_books",),
}

# Handlers that make files or reach people; the demo company's past does without them.
OUTWARD = {
    "invoicing.tasks.send_invoices",
    "documents.tasks.send_messages",
}
