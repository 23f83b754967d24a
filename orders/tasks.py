"""What orders do when something happened: the handlers of `o2c/follow_ups.py`."""

from core.models import Company
from orders.actions import confirm_orders
from users.models import User


def confirm_what_nothing_holds(company: Company, ids: list[int], by: User) -> None:
    """After `order.submitted`: confirms the orders that nothing holds."""
    confirm_orders(ids, by=by)
