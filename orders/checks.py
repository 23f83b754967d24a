"""The checks of an order: credit, price authority, duplicates, missing data.

Orders are checked in turn, each seeing those before it, so that a set ends like one by one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from core.models import rights
from core.money import ZERO, round_to
from orders.credit import CreditDesk
from orders.holds import Finding, Rule
from orders.models import Order
from orders.pricing import PricedLine
from users.models import User

Findings = list[Finding]

# How far below the list someone may sell who has no right to lift a price hold, in percent.
PRICE_AUTHORITY = Decimal(10)

# Orders, not cancelled, under the same reference of the same customer.
SAME_REFERENCE = """
SELECT o.customer_id, o.reference_key, o.id, o.number
  FROM unnest(%s::bigint[], %s::text[]) AS asked(customer_id, reference_key)
  JOIN partners_customer c ON c.id = asked.customer_id
  JOIN orders_order o ON o.company_id = c.company_id AND o.customer_id = c.id
                     AND o.reference_key = asked.reference_key
 WHERE o.reference_key <> '' AND o.state <> ALL (%s)
 ORDER BY o.id
"""
References = dict[tuple[int, str], dict[int, str]]  # (customer, reference) → number by order


def find_problems(
    orders: Sequence[Order],
    lines: Mapping[int, Sequence[PricedLine]],
    desk: CreditDesk,
    claims: Mapping[int, Decimal],
    by: User,
) -> dict[int, Findings]:
    """What each order breaks; those that pass the credit check use credit from here on.

    `claims` says by order how much credit it wants to use, gross.
    """
    references = _known_references(orders)
    may_price = bool(orders) and rights(by).may("orders.release_price", orders[0].company_id)
    found: dict[int, Findings] = {}
    for order in orders:
        problems = [
            None if may_price else check_prices(order, lines[order.pk]),
            check_reference(order, references),
            check_data(order),
        ]
        found[order.pk] = [problem for problem in problems if problem]
        if problem := desk.admit(order, claims[order.pk]):
            found[order.pk].append(problem)
    return found


def check_prices(order: Order, lines: Sequence[PricedLine]) -> Finding | None:
    """Whether a price is further below the list than anyone may grant alone."""
    worst, where = max(((_below_list(line), line.position) for line in lines), default=(ZERO, 0))
    if worst <= PRICE_AUTHORITY:
        return None
    return Finding(
        Rule.PRICE,
        "price.below_list",
        _(
            "Line %(line)s is %(percent)s %% below the list; %(most)s %% are allowed."
            " It passes with %(most)s %% or less."
        )
        % {"line": where, "percent": round_to(worst, 2), "most": PRICE_AUTHORITY},
        {"line": where, "percent": round_to(worst, 4), "most": PRICE_AUTHORITY},
    )


def check_reference(order: Order, references: References) -> Finding | None:
    """Whether the customer's order number came before; notes it for the next in turn."""
    if not order.reference_key:
        return None
    same = references.setdefault((order.customer_id, order.reference_key), {})
    others = [number for pk, number in same.items() if pk != order.pk]
    same[order.pk] = order.name
    if not others:
        return None
    return Finding(
        Rule.DUPLICATE,
        "order.duplicate",
        _(
            "The customer's order number %(reference)s came before, with %(other)s."
            " Cancel one of them, or release this one if both are meant."
        )
        % {"reference": order.customer_reference, "other": others[0]},
        {"reference": order.customer_reference, "other": others[0]},
    )


def check_data(order: Order) -> Finding | None:
    """Whether something is missing that the customer insists on."""
    if order.customer.po_number_required and not order.customer_reference:
        return Finding(
            Rule.DATA,
            "order.reference_missing",
            _(
                "This customer wants its own order number on bills, and there is none."
                " Take the order back and enter it."
            ),
        )
    return None


def _below_list(line: PricedLine) -> Decimal:
    """How many percent a line is below the list; zero where there is no list price."""
    if not line.list_price:
        return ZERO
    price = line.unit_price * (1 - line.discount_percent / 100)
    return (1 - price / line.list_price) * 100


def _known_references(orders: Sequence[Order]) -> References:
    keys = {(order.customer_id, order.reference_key) for order in orders if order.reference_key}
    return orders_under(keys, submitted_only=True)


def orders_under(keys: Set[tuple[int, str]], *, submitted_only: bool = False) -> References:
    """Orders, not cancelled, under these (customer, reference key): their names by id."""
    known: References = defaultdict(dict)
    if keys:
        passed_over = ["cancelled", "draft"] if submitted_only else ["cancelled"]
        columns = [list(column) for column in zip(*keys, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(SAME_REFERENCE, [*columns, passed_over])
            for customer_id, key, pk, number in cursor.fetchall():
                known[customer_id, key][pk] = number or f"draft-{pk}"
    return known
