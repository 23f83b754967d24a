"""What the lists of stock can be asked for."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import lists
from inventory.models import StockDocument


class Level(lists.Choice):
    """How much there is."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if "none" in value:
            rows = rows.filter(free__lte=0)
        if "some" in value:
            rows = rows.filter(on_hand__gt=0)
        return rows


class StockFilters(lists.Filters):
    """By product, warehouse and level."""

    search = ("product__code", "product__name")
    views = (
        (_("All"), {}),
        (_("On hand"), {"only": "some"}),
        (_("Nothing free"), {"only": "none"}),
    )
    product = lists.Words(_("Product"), "product__code", "product__name")
    warehouse = lists.Words(_("Warehouse"), "warehouse__title", "warehouse__code")
    only = Level(_("Level"), "", (("some", _("On hand")), ("none", _("Nothing free"))))


class DocumentFilters(lists.Filters):
    """By kind, day and reason."""

    search = ("number", "reason")
    views = (
        (_("All"), {}),
        (_("Receipts"), {"what": "receipt"}),
        (_("Adjustments"), {"what": "adjustment"}),
    )
    what = lists.Choice(_("Kind"), "kind", StockDocument.Kind.choices)
    moved = lists.Days(_("Date"), "moved_on")


class Use(lists.Choice):
    """What was put away shows only where it is asked for."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return rows.filter(archived_at__isnull="archived" not in value)


class WarehouseFilters(lists.Filters):
    """By name and code."""

    search = ("title", "code")
    views = ((_("All"), {}), (_("Archived"), {"only": "archived"}))
    only = Use(_("Use"), "", (("archived", _("Archived")),))
