"""The inventory app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Stock")

    def ready(self) -> None:
        from core import kinds, numbering

        numbering.register_series("stock_document", "ST")
        kinds.register(
            kinds.Kind(
                "stock", "inventory.Stock", _("Stock"), _("Stock"), "inventory:stock_row", "pk"
            )
        )
        kinds.register(
            kinds.Kind(
                "warehouse",
                "inventory.Warehouse",
                _("Warehouse"),
                _("Warehouses"),
                "inventory:warehouse",
                "code",
            ),
            {
                "warehouse.added": _("Added"),
                "warehouse.changed": _("Changed"),
                "warehouse.archived": _("Archived"),
                "warehouse.restored": _("Restored"),
            },
        )
        kinds.register(
            kinds.Kind(
                "stock_document",
                "inventory.StockDocument",
                _("Stock document"),
                _("Stock documents"),
                "inventory:document",
            ),
            {
                "stock.received": _("Goods received"),
                "stock.adjusted": _("Stock adjusted"),
                "stock.taken_over": _("Opening stock taken over"),
                "stock.reversed": _("Reversed"),
            },
        )
