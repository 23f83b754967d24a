"""Serving backorders from stock that came in or was freed."""

from collections.abc import Sequence

from core import events
from core.actions import action
from core.models import rights
from orders import holds
from orders.locking import company_of, lock_orders, read_lines
from orders.models import Order
from orders.reserving import reserve_lines
from users.models import User


@action
def serve_backorders(ids: Sequence[int], *, by: User) -> list[Order]:
    """Reserves free stock for confirmed orders, in the given order of priority.

    Passes over what is held or not confirmed any more. Returns the orders that got something.
    """
    if not ids:
        return []
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.ship", company.pk)
    known = holds.read(order.pk for order in orders)
    waiting = [
        order
        for order in orders
        if order.state == Order.State.CONFIRMED and not known[order.pk].open
    ]
    lines = read_lines(order.pk for order in waiting)
    before = {line.id: line.reserved for group in lines.values() for line in group}
    reserve_lines(company, waiting, lines)
    served = [
        order
        for order in waiting
        if any(line.reserved > before[line.id] for line in lines[order.pk])
    ]
    events.record(
        company,
        "order.served",
        [events.Fact([("order", o.pk), ("customer", o.customer_id)]) for o in served],
        by=by,
    )
    return served
