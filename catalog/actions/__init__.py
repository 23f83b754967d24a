"""The deeds of the catalogue."""

from catalog.actions.prices import add_price_lists, assign_price_list, set_prices
from catalog.actions.products import add_products

__all__ = ["add_price_lists", "add_products", "assign_price_list", "set_prices"]
