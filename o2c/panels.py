"""What higher apps show on the pages of lower ones: kind of document → functions that make a panel.

Each is called as `panel(request, company, document)` and returns a `core.pages.Panel`, or None
where there is nothing to show or the reader may not see it.
"""

PANELS: dict[str, tuple[str, ...]] = {
    "hold": ("dunning.queries.late_items",),
    "customer": ("dunning.queries.customer_ageing", "catalog.queries.price_list_of_customer"),
    "open_item": ("invoicing.views.applying.uses_of_item",),
    "period": ("analytics.closing.still_open",),
    "stock": ("orders.queries.reserved_for",),
    "product": ("inventory.queries.stock_of_product",),
}
