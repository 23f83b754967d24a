"""Submitting: prices and tax are frozen, every check runs, and what fails is held."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core import clock, events, in_hand, numbering, states
from core.actions import action, inside_transaction
from core.models import rights
from core.refusals import Refused
from orders import credit, holds, pricing
from orders.checks import Findings, find_problems
from orders.credit import CreditDesk
from orders.locking import company_of, lock_credit, lock_orders
from orders.models import Order
from users.models import User

FROZEN = ("number", "submitted_at", "submitted_by_id", "net", "tax", "gross")


@action
def submit_orders(ids: Sequence[int], *, by: User) -> list[Order]:
    """Makes drafts binding: freezes prices and tax, numbers them, checks them in turn.

    An order that a check fails is submitted all the same and held, with the rule and its figures;
    if the check is that of credit, it uses none. Raises Refused when a line has no price or tax.
    """
    if not ids:
        return []
    locked = lock_credit(ids)
    orders = lock_orders(ids, by)
    company = company_of(orders)
    rights(by).require("orders.enter", company.pk)
    refused = _not_drafts(orders)
    priced = pricing.price(company, [order for order in orders if order.pk not in refused])
    refused |= priced.refused
    in_hand.settle(refused)
    good = [order for order in orders if order.pk not in refused]
    desk = credit.open_desk(company, locked)
    claims = {order.pk: order.gross for order in good}
    found = find_problems(good, priced.lines, desk, claims, by)
    _freeze(good, priced, by)
    holds.open_holds([(o, f) for o in good for f in found[o.pk]], clock.now())
    desk.moves.write()
    events.record(
        company,
        "order.submitted",
        [
            events.Fact(
                [("order", order.pk), ("customer", order.customer_id)],
                _facts(order, found[order.pk], desk),
            )
            for order in good
        ],
        by=by,
    )
    return good


def _not_drafts(orders: Sequence[Order]) -> dict[int, Refused]:
    refused = {}
    for order in orders:
        if order.state != Order.State.DRAFT:
            refused[order.pk] = states.not_allowed(order, "submit")
        elif order.customer.archived_at:
            refused[order.pk] = Refused(
                "order.customer_archived",
                _("%s is archived and buys no more. Bring the customer back first.")
                % order.customer,
            )
    return refused


@inside_transaction
def _freeze(orders: Sequence[Order], priced: pricing.Priced, by: User) -> None:
    """Numbers the orders that have none yet and writes totals, state and lines."""
    if not orders:
        return
    company = company_of(orders)
    new = [order for order in orders if not order.number]
    today = clock.today(company)
    numbers = numbering.take(company, {("order", today): len(new)})
    for order, number in zip(new, numbers.get(("order", today), ()), strict=True):
        order.number = number
    pricing.write_lines([line for order in orders for line in priced.lines[order.pk]])
    states.apply(orders, Order.submit, FROZEN, clock.now(), by)


def _facts(order: Order, found: Findings, desk: CreditDesk) -> dict[str, Any]:
    """The order's worth, what was found, and the credit position right after its check."""
    return {
        "gross": order.gross,
        "holds": [finding.code for finding in found],
        "credit": desk.seen[order.pk],
    }
