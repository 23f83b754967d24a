"""The deeds of orders, one file per verb."""

from orders.actions.confirm import confirm_orders
from orders.actions.enter import edit_order, enter_orders
from orders.actions.ship import Parcel, ship_orders
from orders.actions.submit import submit_orders

__all__ = [
    "Parcel",
    "confirm_orders",
    "edit_order",
    "enter_orders",
    "ship_orders",
    "submit_orders",
]
