"""The orders app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from core import kinds, numbering

        numbering.register_series("order", "SO")
        numbering.register_series("shipment", "SH")
        kinds.register(
            kinds.Kind("order", "orders.Order", _("Order"), _("Orders"), "orders:order"),
            {
                "order.entered": _("Entered"),
                "order.changed": _("Changed"),
                "order.taken_back": _("Taken back to be changed"),
                "order.submitted": _("Submitted"),
                "order.held": _("On hold"),
                "order.checked": _("Checked again"),
                "order.confirmed": _("Confirmed"),
                "order.served": _("Backorder served"),
                "order.closed": _("Closed"),
                "order.closed_short": _("Closed short"),
                "order.reopened": _("Reopened"),
                "order.cancelled": _("Cancelled"),
                "hold.released": _("Hold released"),
            },
        )
        kinds.register(
            kinds.Kind(
                "shipment", "orders.Shipment", _("Shipment"), _("Shipments"), "orders:shipment"
            ),
            {
                "shipment.shipped": _("Shipped"),
                "shipment.delivered": _("Delivered"),
            },
        )
