"""Making drafts binding: prices and tax frozen, checked in turn, held where a check fails."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import clock, events, in_hand, numbering, states
from core.actions import inside_transaction
from core.models import Company
from core.refusals import Refused
from orders import credit, holds, pricing
from orders.checks import Findings, find_problems
from orders.credit import CreditDesk
from orders.locking import company_of
from orders.models import Order
from partners.exposure import Standing
from users.models import User

FROZEN = ("number", "submitted_at", "submitted_by_id", "net", "tax", "gross")


@inside_transaction
def submit(
    company: Company, orders: Sequence[Order], locked: dict[int, Standing], by: User
) -> list[Order]:
    """Submits locked drafts whose credit accounts are locked too; returns those that were.

    What has no price or tax, or is no draft, is refused, or parked by the runner.
    """
    refused = _not_drafts(orders)
    priced = pricing.price(company, [order for order in orders if order.pk not in refused])
    refused |= priced.refused
    in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    desk = credit.open_desk(company, locked)
    claims = {order.pk: order.gross for order in good}
    found = find_problems(good, priced.lines, desk, claims, by)
    _freeze(good, priced, by)
    desk.moves.write()
    events.record(
        company,
        "order.submitted",
        [_fact(order, found[order.pk], desk) for order in good],
        by=by,
    )
    holds.open_holds(company, [(o, f) for o in good for f in found[o.pk]], by=by)
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
        elif order.warehouse.archived_at:
            rule = _("%s is archived and ships no more. Let another warehouse serve the order.")
            refused[order.pk] = Refused("order.warehouse_archived", rule % order.warehouse)
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


def _fact(order: Order, found: Findings, desk: CreditDesk) -> events.Fact:
    """The order's worth, what was found, and the credit position right after its check."""
    facts = {
        "gross": order.gross,
        "holds": [finding.code for finding in found],
        "credit": desk.seen[order.pk],
    }
    return events.Fact([("order", order.pk), ("customer", order.customer_id)], facts)
