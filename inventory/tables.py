"""The lists of stock."""

from django.utils.translation import gettext_lazy as _

from core import lists


class StockTable(lists.Table):
    """Products by warehouse."""

    name = lists.NameColumn(_("Product"), accessor="product__code")
    product = lists.TextColumn(_("Name"), accessor="product__name")
    warehouse = lists.TextColumn(_("Warehouse"), accessor="warehouse__title")
    on_hand = lists.NumberColumn(_("On hand"))
    reserved = lists.NumberColumn(_("Reserved"))
    free = lists.NumberColumn(_("Free"))
    value = lists.MoneyColumn(_("Value"), currency="company__currency")
    kind = "stock"
    order = "name"
    totals = ("value",)


class DocumentTable(lists.Table):
    """Receipts, adjustments and opening stock."""

    name = lists.NameColumn(_("Document"), accessor="number")
    what = lists.TextColumn(_("Kind"), accessor="get_kind_display", orderable=False)
    warehouse = lists.TextColumn(_("Warehouse"), accessor="warehouse__title")
    moved_on = lists.DayColumn(_("Date"))
    reason = lists.TextColumn(_("Reason"))
    kind = "stock_document"
    order = "-moved_on"


class WarehouseTable(lists.Table):
    """Warehouses."""

    name = lists.NameColumn(_("Warehouse"), accessor="title")
    code = lists.TextColumn(_("Code"))
    kind = "warehouse"
    order = "code"
