"""The deeds of orders, one file per verb."""

from orders.actions.cancel import cancel_orders, close_short_orders
from orders.actions.change import change_orders
from orders.actions.check import check_orders
from orders.actions.close import close_orders, reopen_orders
from orders.actions.confirm import confirm_orders
from orders.actions.deliver import deliver_shipments
from orders.actions.enter import edit_order, enter_orders
from orders.actions.import_orders import import_orders
from orders.actions.release import release_holds
from orders.actions.serve import serve_backorders
from orders.actions.ship import Parcel, ship_orders
from orders.actions.submit import submit_orders

__all__ = [
    "Parcel",
    "cancel_orders",
    "change_orders",
    "check_orders",
    "close_orders",
    "close_short_orders",
    "confirm_orders",
    "deliver_shipments",
    "edit_order",
    "enter_orders",
    "import_orders",
    "release_holds",
    "reopen_orders",
    "serve_backorders",
    "ship_orders",
    "submit_orders",
]
