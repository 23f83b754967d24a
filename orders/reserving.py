"""Promising stock to order lines, and taking the promise back: steps of several deeds."""

from collections.abc import Sequence

from core.actions import inside_transaction
from core.models import Company
from inventory import stock
from orders import holds
from orders.locking import LineRow, Lines, company_of
from orders.models import Order


@inside_transaction
def reserve_lines(company: Company, orders: Sequence[Order], lines: Lines) -> set[int]:
    """Reserves what is free for the open lines, order by order; returns who is left waiting.

    The ids returned are those of orders with something on backorder.
    """
    short = [(order, line) for order in orders for line in lines[order.pk] if line.backorder > 0]
    got = stock.reserve(
        company, [line.want(order.warehouse_id, line.backorder) for order, line in short]
    )
    for (_order, line), granted in zip(short, got, strict=True):
        line.reserved += granted
    return {order.pk for order, line in short if line.backorder > 0}


@inside_transaction
def reserve_what_is_free_again(orders: Sequence[Order], lines: Lines) -> None:
    """Goods for orders that were confirmed already and held since, such as reopened ones."""
    confirmed = [order for order in orders if order.state == Order.State.CONFIRMED]
    if confirmed:
        known = holds.read(order.pk for order in confirmed)
        free = [order for order in confirmed if not known[order.pk].open]
        reserve_lines(company_of(confirmed), free, lines)


@inside_transaction
def release_lines(company: Company, orders: Sequence[Order], lines: Lines) -> None:
    """Gives back all that these orders hold reserved."""
    held: list[tuple[Order, LineRow]] = [
        (order, line) for order in orders for line in lines[order.pk] if line.reserved > 0
    ]
    stock.release(company, [line.want(order.warehouse_id, line.reserved) for order, line in held])
    for _order, line in held:
        line.reserved -= line.reserved
