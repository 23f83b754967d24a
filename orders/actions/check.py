"""Checking held orders again: what passes today holds no more, what does not says today's words."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from core import clock, events, in_hand
from core.actions import action, inside_transaction
from core.models import rights
from core.refusals import Refused
from orders import amounts, checks, credit, holds, pricing
from orders.checks import References
from orders.credit import CreditDesk
from orders.holds import Finding, Known, Rule
from orders.locking import Lines, company_of, lock_credit, lock_orders, read_lines
from orders.models import Hold, Order
from orders.pricing import PricedLine
from orders.reserving import reserve_what_is_free_again
from users.models import User

Found = dict[Hold, Finding | None]


@action
def check_orders(ids: Sequence[int], *, by: User) -> list[Order]:
    """Runs the checks that hold orders again, in turn, on what is known today.

    A hold that passes is superseded, and an order whose credit passes uses it; the others keep
    their place in the queue, with today's words and figures. For whoever may enter orders or lift
    a hold of the order. Returns the orders that nothing holds any more.
    """
    if not ids:
        return []
    locked = lock_credit(ids)
    orders = lock_orders(ids, by, ("company", "customer__partner", "ship_to"))
    rights(by).require("orders.take_back", company_of(orders).pk)
    known = holds.read(order.pk for order in orders)
    refused = {o.pk: no for o in orders if (no := _refusal(o, known[o.pk], by))}
    in_hand.turn_away(refused)
    good = [order for order in orders if order.pk not in refused]
    if not good:
        return []
    desk, lines = credit.open_desk(company_of(good), locked), read_lines([o.pk for o in good])
    found = _check(good, known, lines, desk)
    passed = [hold for hold, finding in found.items() if finding is None]
    holds.supersede(passed, clock.now())
    holds.renew([(hold, finding) for hold, finding in found.items() if finding])
    reserve_what_is_free_again(good, lines)
    desk.moves.write()
    _record(good, known, found, by)
    return [order for order in good if all(found[h] is None for h in known[order.pk].open)]


def _refusal(order: Order, known: Known, by: User) -> Refused | None:
    if not known.open:
        return Refused("order.not_held", _("Nothing holds %s any more.") % order.name)
    granted = rights(by)
    wanted = ["orders.enter", *(hold.permission for hold in known.open)]
    if any(granted.may(permission, order.company_id) for permission in wanted):
        return None
    rule = _("%s is checked again by whoever may enter orders, or lift its hold.")
    return Refused("order.not_yours_to_check", rule % order.name)


def _check(
    orders: Sequence[Order], known: Mapping[int, Known], lines: Lines, desk: CreditDesk
) -> Found:
    """What each open hold finds today; an order that passes the credit check uses credit."""
    priced = pricing.read([order.pk for order in orders])
    keys = {(order.customer_id, order.reference_key) for order in orders if order.reference_key}
    references = checks.orders_under(keys, submitted_only=True)
    found: Found = {}
    for order in orders:
        for hold in known[order.pk].open:
            if hold.rule == Rule.CREDIT:
                claim = amounts.open_gross(order, lines[order.pk])
                found[hold] = desk.admit(order, claim)
            else:
                found[hold] = _finding(hold, order, priced[order.pk], references)
    return found


def _finding(
    hold: Hold, order: Order, lines: Sequence[PricedLine], references: References
) -> Finding | None:
    """A rule other than that of credit; prices are frozen, whoever looks at them."""
    if hold.rule == Rule.PRICE:
        return checks.check_prices(order, lines)
    if hold.rule == Rule.DUPLICATE:
        return checks.check_reference(order, references)
    return checks.check_data(order)


@inside_transaction
def _record(orders: Sequence[Order], known: Mapping[int, Known], found: Found, by: User) -> None:
    facts = []
    for order in orders:
        of_order = {hold.rule: found[hold] for hold in known[order.pk].open}
        said = {
            "passed": [rule for rule, finding in of_order.items() if finding is None],
            "holds": [finding.code for finding in of_order.values() if finding],
        }
        subjects = [("order", order.pk), ("customer", order.customer_id)]
        facts.append(events.Fact(subjects, said))
    events.record(company_of(orders), "order.checked", facts, by=by)
