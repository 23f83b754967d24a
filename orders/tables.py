"""The lists of orders and shipments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import lists


class TotalColumn(lists.MoneyColumn):
    """A draft has no total yet: prices and tax are frozen when it is submitted."""

    def show(self, value: Any, record: Any, table: Any) -> object:
        return "—" if record.state == "draft" else super().show(value, record, table)


class OrderTable(lists.Table):
    """Orders of customers."""

    name = lists.NameColumn(_("Order"), accessor="name", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="customer__partner__name")
    customer_reference = lists.TextColumn(_("Customer's order number"))
    ordered_on = lists.DayColumn(_("Ordered"))
    requested_on = lists.DayColumn(_("Wanted on"))
    net = lists.MoneyColumn(_("Net"))
    gross = TotalColumn(_("Total"))
    state = lists.StateColumn(_("State"))
    warehouse = lists.TextColumn(_("Warehouse"), accessor="warehouse__title")
    kind = "order"
    order = "-ordered_on"
    total = "gross"
    hidden = ("net", "warehouse")


class ShipmentTable(lists.Table):
    """Goods that left."""

    name = lists.NameColumn(_("Shipment"), accessor="name", orderable=False)
    order_number = lists.TextColumn(_("Order"), accessor="order__number")
    customer = lists.TextColumn(_("Customer"), accessor="order__customer__partner__name")
    shipped_on = lists.DayColumn(_("Shipped"))
    delivered_on = lists.DayColumn(_("Delivered"))
    warehouse = lists.TextColumn(_("Warehouse"), accessor="warehouse__title")
    state = lists.StateColumn(_("State"))
    kind = "shipment"
    order = "-shipped_on"
