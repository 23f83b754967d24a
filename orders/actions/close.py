"""Closing orders that are done, and reopening closed ones with every check run again."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, clock, events, in_hand, states
from core.actions import action, inside_transaction
from core.models import rights
from core.money import ZERO
from core.refusals import Refused
from ledger.models import Module, Period
from orders import amounts, credit, holds, pricing
from orders.checks import find_problems
from orders.locking import Lines, company_of, lock_credit, lock_orders, read_lines
from orders.models import Order, OrderLine
from orders.reserving import reserve_lines
from users.models import User


@action
def close_orders(ids: Sequence[int], *, by: User) -> list[Order]:
    """Closes confirmed orders of which everything was shipped or cancelled, and billed.

    The follow-up of billing leaves alone what is not done yet.
    """
    if not ids:
        return []
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.close_short", company.pk)
    lines = read_lines(order.pk for order in orders)
    refused = {order.pk: _undone(order) for order in orders if not _is_done(order, lines)}
    if not in_hand.following_up():
        in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    states.apply(good, Order.close, ("closed_at",), clock.now())
    events.record(
        company,
        "order.closed",
        [events.Fact([("order", o.pk), ("customer", o.customer_id)]) for o in good],
        by=by,
    )
    return good


@action
def reopen_orders(ids: Sequence[int], reason: str, *, by: User) -> list[Order]:
    """Brings back what was cancelled of closed orders; all checks run again.

    What fails is held, so that nothing more is shipped; earlier releases are void. Refuses once
    the period of the closing is locked.
    """
    if not ids:
        return []
    locked = lock_credit(ids)
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.close_short", company.pk)
    if not reason.strip():
        raise Refused("order.reason_missing", _("Say why the order is reopened."))
    lines = read_lines(order.pk for order in orders)
    refused = _not_reopenable(orders, lines)
    in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    _bring_back(good, lines)
    desk = credit.open_desk(company, locked)
    claims = {order.pk: amounts.open_gross(order, lines[order.pk]) for order in good}
    found = find_problems(good, pricing.read(o.pk for o in good), desk, claims, by)
    states.apply(good, Order.reopen, ("closed_at", "version"))
    reserve_lines(company, [order for order in good if not found[order.pk]], lines)
    desk.moves.write()
    events.record(
        company,
        "order.reopened",
        [
            events.Fact(
                [("order", o.pk), ("customer", o.customer_id)],
                {"reason": reason.strip(), "holds": [finding.code for finding in found[o.pk]]},
            )
            for o in good
        ],
        by=by,
    )
    problems = [(o, f) for o in good for f in found[o.pk]]
    holds.open_holds(company, problems, by=by, reopened_by=by)
    return good


def _is_done(order: Order, lines: Lines) -> bool:
    of_order = lines[order.pk]
    return (
        order.state == Order.State.CONFIRMED
        and not any(line.open for line in of_order)
        and order.billed_net == amounts.shipped_net(of_order, order.currency)
    )


def _undone(order: Order) -> Refused:
    if order.state != Order.State.CONFIRMED:
        return states.not_allowed(order, "close")
    return Refused("order.not_done", _("%s is not delivered and billed in full.") % order.name)


def _not_reopenable(orders: Sequence[Order], lines: Lines) -> dict[int, Refused]:
    refused = {}
    locked = list(
        Period.objects.filter(
            company=orders[0].company_id, module=Module.RECEIVABLES, state=Period.State.LOCKED
        ).values_list("starts_on", "ends_on")
    )
    for order in orders:
        closed_on = order.closed_at and clock.day_of(order.closed_at, order.company)
        if order.state != Order.State.CLOSED:
            refused[order.pk] = states.not_allowed(order, "reopen")
        elif not any(line.cancelled for line in lines[order.pk]):
            refused[order.pk] = Refused(
                "order.nothing_to_reopen",
                _("%s was delivered in full; enter a new order for more.") % order.name,
            )
        elif any(closed_on and start <= closed_on <= end for start, end in locked):
            refused[order.pk] = Refused(
                "period.locked", _("The period in which %s was closed is locked.") % order.name
            )
    return refused


@inside_transaction
def _bring_back(orders: Sequence[Order], lines: Lines) -> None:
    """Makes cancelled quantities open again; a new version, so that old releases are void."""
    back = [line for order in orders for line in lines[order.pk] if line.cancelled]
    bulk.update(OrderLine, ("id", "cancelled"), [(line.id, ZERO) for line in back])
    for line in back:
        line.cancelled = ZERO
    for order in orders:
        order.version += 1
