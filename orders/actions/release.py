"""Releasing holds: a second person answers for an exception, with a reason."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import clock, events, in_hand, states
from core.actions import action, inside_transaction
from core.locks import lock
from core.models import rights
from core.refusals import Refused
from orders import amounts, credit, holds
from orders.credit import CreditDesk
from orders.holds import Rule
from orders.locking import Lines, company_of, lock_credit, lock_orders, read_lines
from orders.models import Hold, Order
from orders.reserving import reserve_what_is_free_again
from users.models import User


@action
def release_holds(ids: Sequence[int], reason: str, *, by: User) -> list[Hold]:
    """Lifts holds, for the version the order is at and no other; wants a reason.

    Nobody lifts a hold of an order that he or she entered, last edited, submitted or reopened.
    Lifting the credit hold lets the order use credit from now on, and keeps the figures that were
    looked at.
    """
    if not reason.strip():
        raise Refused("hold.reason_missing", _("Say why the hold is released."))
    order_ids = list(Hold.objects.filter(pk__in=ids).values_list("order_id", flat=True))
    if not order_ids:
        raise Refused("hold.not_found", _("The hold was not found."))
    locked = lock_credit(order_ids)
    orders = {order.pk: order for order in lock_orders(order_ids, by)}
    company = company_of(orders.values())
    found = {hold.pk: hold for hold in lock(Hold.objects.filter(pk__in=ids))}
    good = _releasable([found[pk] for pk in dict.fromkeys(ids) if pk in found], orders, by)
    desk = credit.open_desk(company, locked)
    lines = read_lines(orders)
    _use_credit(good, orders, lines, desk)
    states.apply(
        good,
        Hold.release,
        ("closed_at", "closed_by_id", "reason", "numbers"),
        clock.now(),
        by,
        reason.strip()[:200],
    )
    reserve_what_is_free_again(list(orders.values()), lines)
    desk.moves.write()
    _record(good, orders, by)
    return good


@inside_transaction
def _record(released: Sequence[Hold], orders: dict[int, Order], by: User) -> None:
    events.record(
        company_of(orders.values()),
        "hold.released",
        [
            events.Fact(
                [("order", hold.order_id), ("customer", orders[hold.order_id].customer_id)],
                {"rule": hold.rule, "reason": hold.reason},
            )
            for hold in released
        ],
        by=by,
    )


def _releasable(found: Sequence[Hold], orders: dict[int, Order], by: User) -> list[Hold]:
    """The open holds this person may lift; the first that is not raises."""
    granted = rights(by)
    refused: dict[int, Refused] = {}
    for hold in found:
        order = orders[hold.order_id]
        granted.require(hold.permission, order.company_id)
        if hold.state != Hold.State.OPEN:
            refused[hold.pk] = Refused(
                "hold.not_open", _("This hold of %s is not open any more.") % order.name
            )
        elif hold.is_of(by):
            refused[hold.pk] = holds.own_refusal(order, hold)
    in_hand.turn_away(refused)
    return [hold for hold in found if hold.pk not in refused]


def _use_credit(
    released: Sequence[Hold], orders: dict[int, Order], lines: Lines, desk: CreditDesk
) -> None:
    """Lets the orders use credit, and keeps the position with each credit release."""
    for hold in released:
        if hold.rule == Rule.CREDIT:
            order = orders[hold.order_id]
            account_id = order.customer.credit_account_id
            gross = amounts.open_gross(order, lines[order.pk])
            desk.use(account_id, order.currency, gross)
            position = desk.position(account_id)
            hold.numbers = {**hold.numbers, "released": gross, "released_at": position}
