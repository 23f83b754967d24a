"""The lists of orders and shipments, and their lines."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from core import formats, lists
from core.lists.columns import Raw
from core.templatetags.o2c import badge
from orders.models import Hold, Order


class TotalColumn(lists.MoneyColumn):
    """A draft has no total yet, since tax is frozen when it is submitted: its net stands there."""

    def show(self, value: Any, record: Any, table: Any) -> object:
        shown = super().show(value, record, table)
        return __("%s net") % shown if record.state == "draft" else shown


class OrderStateColumn(lists.StateColumn):
    """The state; of an order on hold, that it is and by which rules; and how far it has left."""

    def raw(self, record: Any, name: str) -> Raw:
        if not record.held_by:
            left = record.shipping
            return str(Order.Shipping(left).label) if left else super().raw(record, name)
        return __("On hold: %s") % ", ".join(str(Hold.Rule(rule).label) for rule in record.held_by)

    def draw(self, record: Any, name: str, table: Any) -> object:
        return badge(
            "held" if record.held_by else record.shipping or record.state, self.raw(record, name)
        )


class OrderTable(lists.Table):
    """Orders of customers."""

    name = lists.NameColumn(_("Order"), accessor="name", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="customer__partner__name")
    customer_reference = lists.TextColumn(_("Customer's order number"))
    ordered_on = lists.DayColumn(_("Ordered"))
    requested_on = lists.DayColumn(_("Wanted on"))
    net = lists.MoneyColumn(_("Net"))
    gross = TotalColumn(_("Total"), accessor="worth")
    state = OrderStateColumn(_("State"))
    warehouse = lists.TextColumn(_("Warehouse"), accessor="warehouse__title")
    kind = "order"
    order = "-ordered_on"
    totals = ("gross",)
    hidden = ("net", "warehouse")


class ShipmentTable(lists.Table):
    """Goods that left."""

    name = lists.NameColumn(_("Shipment"), accessor="name", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="order__customer__partner__name")
    order_number = lists.TextColumn(_("Order"), accessor="order__number")
    shipped_on = lists.DayColumn(_("Shipped"))
    delivered_on = lists.DayColumn(_("Delivered"))
    warehouse = lists.TextColumn(_("Warehouse"), accessor="warehouse__title")
    state = lists.StateColumn(_("State"))
    kind = "shipment"
    order = "-shipped_on"


class BackorderColumn(lists.NumberColumn):
    """What waits for stock."""

    def show(self, value: Any, record: Any, table: Any) -> object:
        css = "text-held" if value > 0 else ""
        return format_html('<span class="{}">{}</span>', css, formats.quantity(value))


class ShippedColumn(lists.NumberColumn):
    """What has left, and what never will."""

    def show(self, value: Any, record: Any, table: Any) -> object:
        shipped = formats.quantity(value)
        if not record.cancelled:
            return shipped
        words = {"shipped": shipped, "cancelled": formats.quantity(record.cancelled)}
        return __("%(shipped)s (%(cancelled)s cancelled)") % words


class OrderLineTable(lists.LineTable):
    """The lines of an order."""

    product = lists.ArticleColumn(_("Product"), accessor="description", code="product__code")
    quantity = lists.NumberColumn(_("Quantity"))
    unit = lists.Column(_("Unit"), accessor="product__unit__name")
    reserved = lists.NumberColumn(_("Reserved"))
    backorder = BackorderColumn(_("Backorder"))
    shipped = ShippedColumn(_("Shipped"))
    price = lists.PriceColumn(_("Price"), accessor="unit_price", currency="order__currency")
    discount = lists.PercentColumn(_("Discount"), accessor="discount_percent")
    net = lists.MoneyColumn(_("Net"), currency="order__currency")
    optional = ("discount",)


class ShipmentLineTable(lists.LineTable):
    """The lines of a shipment."""

    product = lists.ArticleColumn(
        _("Product"), accessor="order_line__description", code="order_line__product__code"
    )
    quantity = lists.NumberColumn(_("Quantity"))
    unit = lists.Column(_("Unit"), accessor="order_line__product__unit__name")
    cost = lists.MoneyColumn(_("Cost"), currency="shipment__company__currency")
