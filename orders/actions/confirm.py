"""Confirming: nothing holds the order, credit is read again under its lock, stock is promised."""

from collections.abc import Sequence

from core import clock, events, in_hand, states
from core.actions import action
from core.models import rights
from orders import credit, holds
from orders.credit import CreditDesk
from orders.holds import Finding, Known, Rule
from orders.locking import company_of, lock_credit, lock_orders, read_lines
from orders.models import Order
from orders.reserving import reserve_lines
from users.models import User


@action
def confirm_orders(ids: Sequence[int], *, by: User) -> list[Order]:
    """Promises the goods: reserves what is free, leaves the rest on backorder.

    An order whose customer's credit has gone since it was submitted is not confirmed but held,
    and gives its credit back. Returns the confirmed ones.
    """
    if not ids:
        return []
    locked = lock_credit(ids)
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.enter", company.pk)
    known = holds.read(order.pk for order in orders)
    ready = _confirmable(orders, known)
    desk = credit.open_desk(company, locked)
    found = [(order, _credit_gone(order, known[order.pk], desk)) for order in ready]
    gone = [(order, finding) for order, finding in found if finding]
    holds.open_holds(company, gone, by=by)
    good = [order for order, finding in found if not finding]
    backordered = reserve_lines(company, good, read_lines([order.pk for order in good]))
    states.apply(good, Order.confirm, ("confirmed_at",), clock.now())
    desk.moves.write()
    events.record(
        company,
        "order.confirmed",
        [
            events.Fact(
                [("order", order.pk), ("customer", order.customer_id)],
                {"backorder": order.pk in backordered},
            )
            for order in good
        ],
        by=by,
    )
    return good


def _confirmable(orders: Sequence[Order], known: dict[int, Known]) -> list[Order]:
    """The submitted orders that nothing holds.

    A person is told of the others; the follow-up leaves alone what was confirmed or held since.
    """
    refused = {}
    for order in orders:
        if order.state != Order.State.SUBMITTED:
            refused[order.pk] = states.not_allowed(order, "confirm")
        elif known[order.pk].open:
            refused[order.pk] = holds.refusal(order, known[order.pk].open[0])
    if not in_hand.following_up():
        in_hand.turn_away(refused)
    return [order for order in orders if order.pk not in refused]


def _credit_gone(order: Order, known: Known, desk: CreditDesk) -> Finding | None:
    """Reads credit again, the order's own gross included; who was released stays released."""
    if known.is_released(Rule.CREDIT, order):
        return None
    account_id = order.customer.credit_account_id
    problem = desk.check(account_id, order.currency)
    if problem:
        desk.use(account_id, order.currency, -order.gross)
    return problem
