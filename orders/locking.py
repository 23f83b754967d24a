"""Locked orders with their lines, as deeds read them: a fixed number of statements for a set."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actions import inside_transaction
from core.locks import lock, refuse_several_companies
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from inventory.stock import Want
from orders.models import Order
from partners.exposure import Standing, standings
from partners.models import CreditAccount
from users.models import User

RESERVING = "order_line"  # the kind under which order lines hold reservations

LINES = """
SELECT l.id, l.order_id, l.product_id, p.code, p.is_stocked, u.digits, l.quantity, l.net, l.shipped,
       l.cancelled, coalesce(r.quantity, 0)
  FROM orders_orderline l
  JOIN catalog_product p ON p.id = l.product_id
  JOIN catalog_unit u ON u.id = p.unit_id
  LEFT JOIN inventory_reservation r ON r.source_kind = 'order_line' AND r.source_id = l.id
 WHERE l.order_id = ANY(%s)
 ORDER BY l.order_id, l.position
"""


@dataclass
class LineRow:
    """An order line with its reservation, kept up to date in memory by the deed at work."""

    id: int
    order_id: int
    product_id: int
    product_code: str
    is_stocked: bool
    digits: int
    quantity: Decimal
    net: Decimal
    shipped: Decimal
    cancelled: Decimal
    reserved: Decimal

    @property
    def open(self) -> Decimal:
        """Neither shipped nor cancelled."""
        return self.quantity - self.shipped - self.cancelled

    @property
    def backorder(self) -> Decimal:
        """Open and not promised from stock either."""
        return self.open - self.reserved if self.is_stocked else ZERO

    @property
    def ready(self) -> Decimal:
        """May leave now: what is reserved, and services as ordered."""
        return self.reserved if self.is_stocked else self.open

    def want(self, warehouse_id: int, quantity: Decimal) -> Want:
        return Want(RESERVING, self.id, warehouse_id, self.product_id, quantity)


Lines = dict[int, list[LineRow]]


@inside_transaction
def lock_orders(
    ids: Sequence[int], by: User, related: Sequence[str] = ("company", "customer")
) -> list[Order]:
    """The orders in the given order, locked, read with `related` rows and no more.

    Refuses what is missing, and several companies.
    """
    wanted = list(dict.fromkeys(ids))
    rows: QuerySet[Order] = Order.objects.visible_to(by).filter(pk__in=wanted)
    found = {order.pk: order for order in lock(rows.select_related(*related))}
    if len(found) < len(wanted):
        raise Refused("order.not_found", _("An order was not found, or is not yours to see."))
    refuse_several_companies(found.values())
    return [found[pk] for pk in wanted]


@inside_transaction
def lock_credit(ids: Sequence[int]) -> dict[int, Standing]:
    """The credit accounts of these orders, locked before the orders, and what they owe."""
    accounts = Order.objects.filter(pk__in=ids).values("customer__credit_account")
    return standings(lock(CreditAccount.objects.filter(pk__in=accounts)))


def read_lines(order_ids: Iterable[int]) -> Lines:
    """The lines of orders by order, in one statement."""
    lines: Lines = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LINES, [list(order_ids)])
        for row in cursor.fetchall():
            line = LineRow(*row)
            lines[line.order_id].append(line)
    return lines


def company_of(orders: Iterable[Order]) -> Company:
    """The company of a set of locked orders."""
    return next(iter(orders)).company
