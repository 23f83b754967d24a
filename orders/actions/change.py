"""Taking submitted orders back to the desk, to change them."""

from collections.abc import Sequence

from core import clock, events, in_hand, states
from core.actions import action
from core.models import rights
from core.refusals import Refused
from orders import holds
from orders.locking import company_of, lock_orders
from orders.models import Hold, Order
from partners.exposure import Moves
from users.models import User


@action
def change_orders(ids: Sequence[int], reason: str = "", *, by: User) -> list[Order]:
    """Makes submitted orders drafts again: holds and their releases are void, credit is free.

    Whoever may lift an open hold may send its order back instead, and says why.
    """
    if not ids:
        return []
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.take_back", company.pk)
    facts = {"reason": reason.strip()} if reason.strip() else {}
    known = holds.read(order.pk for order in orders)
    refused = {
        order.pk: refusal
        for order in orders
        if (refusal := _refusal(order, known[order.pk].open, by))
    }
    in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    moves = Moves()
    for order in good:
        order.version += 1
        if not known[order.pk].credit:
            account_id = order.customer.credit_account_id
            moves.add(account_id, order.currency, open_orders=-order.gross)
    holds.supersede([hold for order in good for hold in known[order.pk].open], clock.now())
    states.apply(good, Order.change, ("version",))
    moves.write()
    events.record(
        company,
        "order.taken_back",
        [events.Fact([("order", o.pk), ("customer", o.customer_id)], facts) for o in good],
        by=by,
    )
    return good


def _refusal(order: Order, held: Sequence[Hold], by: User) -> Refused | None:
    if order.state != Order.State.SUBMITTED:
        return states.not_allowed(order, "change")
    return holds.not_yours_to_send_back(order, held, rights(by))
