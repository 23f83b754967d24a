"""The deeds of the catalogue."""

from catalog.actions.lists import (
    add_price_lists,
    archive_price_list,
    change_price_list,
    copy_price_list,
    restore_price_list,
)
from catalog.actions.prices import assign_price_list, change_prices, raise_prices, set_prices
from catalog.actions.products import (
    add_products,
    archive_products,
    change_product,
    restore_products,
)

__all__ = [
    "add_price_lists",
    "add_products",
    "archive_price_list",
    "archive_products",
    "assign_price_list",
    "change_price_list",
    "change_prices",
    "change_product",
    "copy_price_list",
    "raise_prices",
    "restore_price_list",
    "restore_products",
    "set_prices",
]
