"""Cancelling orders of which nothing has left, and closing short those of which some has."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, clock, events, in_hand, states
from core.actions import action, inside_transaction
from core.models import rights
from core.money import ZERO
from core.refusals import Refused
from orders import amounts, holds
from orders.holds import Known
from orders.locking import Lines, company_of, lock_orders, read_lines
from orders.models import Order, OrderLine
from orders.reserving import release_lines
from partners.exposure import Moves
from users.models import User

State = Order.State


@action
def cancel_orders(ids: Sequence[int], reason: str = "", *, by: User) -> list[Order]:
    """Cancels orders of which nothing was shipped or billed; gives back goods and credit.

    A confirmed order wants a reason and a sales manager.
    """
    if not ids:
        return []
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.cancel", company.pk)
    lines = read_lines(order.pk for order in orders)
    refused = _not_cancellable(orders, lines, reason, by)
    in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    _free(good, lines)
    states.apply(good, Order.cancel, ("cancelled_at",), clock.now())
    events.record(
        company,
        "order.cancelled",
        [
            events.Fact([("order", o.pk), ("customer", o.customer_id)], {"reason": reason.strip()})
            for o in good
        ],
        by=by,
    )
    return good


@action
def close_short_orders(ids: Sequence[int], reason: str, *, by: User) -> list[Order]:
    """Closes orders without delivering the rest, which is cancelled. Wants a reason.

    What was shipped has to be billed first.
    """
    if not ids:
        return []
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.close_short", company.pk)
    if not reason.strip():
        raise Refused("order.reason_missing", _("Say why the rest is not delivered."))
    lines = read_lines(order.pk for order in orders)
    refused = _not_closable_short(orders, lines)
    in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    _free(good, lines)
    _cancel_open_quantities(good, lines)
    states.apply(good, Order.close, ("closed_at",), clock.now())
    events.record(
        company,
        "order.closed_short",
        [
            events.Fact([("order", o.pk), ("customer", o.customer_id)], {"reason": reason.strip()})
            for o in good
        ],
        by=by,
    )
    return good


def _not_cancellable(
    orders: Sequence[Order], lines: Lines, reason: str, by: User
) -> dict[int, Refused]:
    refused = {}
    for order in orders:
        if order.state not in (State.DRAFT, State.SUBMITTED, State.CONFIRMED):
            refused[order.pk] = states.not_allowed(order, "cancel")
        elif any(line.shipped for line in lines[order.pk]) or order.billed_net:
            refused[order.pk] = Refused(
                "order.shipped",
                _("Goods of %s have left. Close it short, or take them back.") % order.name,
            )
        elif order.state == State.CONFIRMED:
            rights(by).require("orders.close_short", order.company_id)
            if not reason.strip():
                refused[order.pk] = Refused(
                    "order.reason_missing", _("Say why %s is cancelled.") % order.name
                )
    return refused


def _not_closable_short(orders: Sequence[Order], lines: Lines) -> dict[int, Refused]:
    refused = {}
    for order in orders:
        shipped = amounts.shipped_net(lines[order.pk], order.currency)
        if order.state != State.CONFIRMED:
            refused[order.pk] = states.not_allowed(order, "close_short")
        elif not any(line.shipped for line in lines[order.pk]):
            refused[order.pk] = Refused(
                "order.nothing_shipped",
                _("Nothing of %s was shipped. Cancel it instead.") % order.name,
            )
        elif shipped != order.billed_net:
            refused[order.pk] = Refused(
                "order.unbilled", _("What was shipped of %s is not billed yet.") % order.name
            )
    return refused


@inside_transaction
def _free(orders: Sequence[Order], lines: Lines) -> None:
    """Gives back reserved goods and used credit, and closes open holds."""
    if not orders:
        return
    known = holds.read(order.pk for order in orders)
    _free_credit(orders, lines, known)
    holds.supersede([hold for order in orders for hold in known[order.pk].open], clock.now())
    release_lines(company_of(orders), orders, lines)


@inside_transaction
def _free_credit(orders: Sequence[Order], lines: Lines, known: dict[int, Known]) -> None:
    moves = Moves()
    for order in orders:
        if order.state != State.DRAFT and not known[order.pk].credit:
            moves.add(
                order.customer.credit_account_id,
                order.currency,
                open_orders=-amounts.open_gross(order, lines[order.pk]),
            )
    moves.write()


@inside_transaction
def _cancel_open_quantities(orders: Sequence[Order], lines: Lines) -> None:
    rows = [
        (line.id, line.open) for order in orders for line in lines[order.pk] if line.open > ZERO
    ]
    bulk.update(OrderLine, ("id", "cancelled"), rows, add=("cancelled",))
