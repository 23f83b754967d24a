"""Sales orders, from entry to shipment.

    draft → submitted → confirmed → closed         draft | submitted | confirmed → cancelled
              │  ▲                    closed → confirmed (reopened)
              ▼  │ holds: rows, several at once; confirming needs none open
            draft (changed)

Partly and fully shipped, partly and fully invoiced are derived from the lines, never stored.
A shipment is written when it leaves and goes shipped → delivered; planned, picked and packed come
before that once a deed plans it (docs/decisions/0006).
"""
