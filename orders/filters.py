"""What the lists of orders and shipments can be asked for."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock, lists
from orders import queries
from orders.models import Order, Shipment

State = Shipment.State
# Nothing is planned or picked yet, so nobody is offered to look for it.
SHIPMENT_STATES = [(state.value, state.label) for state in (State.SHIPPED, State.DELIVERED)]


class Waiting(lists.Choice):
    """What an order waits for; several conditions hold at once."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if "mine" in value:
            rows = rows.filter(customer__sales_rep=self.parent.request.user)
        if "held" in value:
            rows = rows.filter(queries.HELD)
        if "to_ship" in value:
            rows = queries.ready_to_ship(rows, clock.today(self.parent.company))
        if "partly_shipped" in value:
            rows = rows.filter(queries.PARTLY_SHIPPED)
        if "backorder" in value:
            rows = rows.filter(queries.BACKORDERED, state="confirmed")
        return rows


class OrderFilters(lists.Filters):
    """By customer, amount, days, state, and what an order waits for."""

    search = ("number", "customer_reference", "customer__partner__name", "customer__number")
    views = (
        (_("All"), {}),
        (_("Mine"), {"only": "mine"}),
        (_("Drafts"), {"state": "draft"}),
        (_("On hold"), {"only": "held"}),
        (_("To ship"), {"only": "to_ship"}),
        (_("Backorders"), {"only": "backorder"}),
    )
    customer = lists.Words(_("Customer"), "customer__partner__name", "customer__number")
    over = lists.Over(_("Total from"), "worth")
    under = lists.Under(_("Total up to"), "worth")
    ordered = lists.Days(_("Ordered"), "ordered_on")
    wanted = lists.Days(_("Wanted on"), "requested_on")
    state = lists.Choice(_("State"), "state", Order.State.choices)
    only = Waiting(
        _("Waiting"),
        "",
        (
            ("mine", _("Mine")),
            ("held", _("On hold")),
            ("to_ship", _("To ship")),
            ("partly_shipped", _("Partly shipped")),
            ("backorder", _("Backorders")),
        ),
    )


class ShipmentFilters(lists.Filters):
    """By customer, order, day and state."""

    search = ("number", "order__number", "order__customer__partner__name")
    views = (
        (_("All"), {}),
        (_("On the way"), {"state": "shipped"}),
        (_("Delivered"), {"state": "delivered"}),
    )
    customer = lists.Words(
        _("Customer"), "order__customer__partner__name", "order__customer__number"
    )
    shipped = lists.Days(_("Shipped"), "shipped_on")
    state = lists.Choice(_("State"), "state", SHIPMENT_STATES)
