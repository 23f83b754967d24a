"""Steps on stock rows: promise, give back, take out at moving average, put in.

Stock rows are locked in product order, after every document and before number series. Each step
takes a set and costs the same number of statements for one line as for a thousand.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from core import bulk
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from inventory.models import Move, Stock
from inventory.valuation import cost_of_issue

Place = tuple[int, int]  # warehouse, product

LOCK = """
SELECT id, warehouse_id, product_id, on_hand, reserved, value
  FROM inventory_stock
 WHERE (warehouse_id, product_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
 ORDER BY product_id, warehouse_id
   FOR NO KEY UPDATE
"""
OPEN_ROWS = """
INSERT INTO inventory_stock (company_id, warehouse_id, product_id, on_hand, reserved, value)
SELECT %s, warehouse_id, product_id, 0, 0, 0
  FROM unnest(%s::bigint[], %s::bigint[]) AS place (warehouse_id, product_id)
 ORDER BY product_id, warehouse_id
    ON CONFLICT (warehouse_id, product_id) DO NOTHING
"""
PROMISE = """
INSERT INTO inventory_reservation AS r (stock_id, source_kind, source_id, quantity)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::numeric[])
    ON CONFLICT (source_kind, source_id) DO UPDATE SET quantity = r.quantity + excluded.quantity
"""
# A reservation that is used up goes, one that is used in part shrinks; a lesser one stays as it
# is, so that the count tells.
USE = """
WITH used AS (
       SELECT * FROM unnest(%s::text[], %s::bigint[], %s::numeric[])
                  AS u (source_kind, source_id, quantity)),
     gone AS (
       DELETE FROM inventory_reservation r USING used u
        WHERE r.source_kind = u.source_kind AND r.source_id = u.source_id
          AND r.quantity = u.quantity
    RETURNING r.id),
     less AS (
       UPDATE inventory_reservation r SET quantity = r.quantity - u.quantity FROM used u
        WHERE r.source_kind = u.source_kind AND r.source_id = u.source_id
          AND r.quantity > u.quantity
    RETURNING r.id)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM less)
"""


class Want(NamedTuple):
    """A quantity of a product in a warehouse that a row (an order line) reserves or uses."""

    source_kind: str
    source_id: int
    warehouse_id: int
    product_id: int
    quantity: Decimal


@dataclass
class Level:
    """A locked stock row, changed in memory step by step, and by how much."""

    id: int
    on_hand: Decimal
    reserved: Decimal
    value: Decimal
    d_on_hand: Decimal = ZERO
    d_reserved: Decimal = ZERO
    d_value: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        return self.on_hand - self.reserved

    def change(
        self, *, on_hand: Decimal = ZERO, reserved: Decimal = ZERO, value: Decimal = ZERO
    ) -> None:
        self.on_hand += on_hand
        self.d_on_hand += on_hand
        self.reserved += reserved
        self.d_reserved += reserved
        self.value += value
        self.d_value += value


class Issued(NamedTuple):
    """What left a stock row, and its cost in the company's currency."""

    stock_id: int
    quantity: Decimal
    cost: Decimal


class Movement(NamedTuple):
    """A line of the stock ledger: signed quantity and value, and the document behind it."""

    stock_id: int
    quantity: Decimal
    value: Decimal
    moved_on: date
    source: tuple[str, int, str]


@inside_transaction
def lock_levels(places: Iterable[Place]) -> dict[Place, Level]:
    """The stock rows of these places, locked in product order; places without a row are absent."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, _columns(set(places), 2))
        return {
            (warehouse, product): Level(pk, on_hand, reserved, value)
            for pk, warehouse, product, on_hand, reserved, value in cursor.fetchall()
        }


@inside_transaction
def lock_or_open_levels(company: Company, places: Collection[Place]) -> dict[Place, Level]:
    """As `lock_levels`, with an empty row for each place that has none yet."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ROWS, [company.pk, *_columns(set(places), 2)])
    return lock_levels(places)


@inside_transaction
def write_levels(levels: Iterable[Level]) -> None:
    """Writes what changed of locked rows, in one statement; the constraints guard the result."""
    changed = [x for x in levels if x.d_on_hand or x.d_reserved or x.d_value]
    columns = ("id", "on_hand", "reserved", "value")
    rows = [(x.id, x.d_on_hand, x.d_reserved, x.d_value) for x in changed]
    if bulk.update(Stock, columns, rows, add=columns[1:]) != len(rows):
        raise Refused("stock.changed", _("The stock changed meanwhile. Please try again."))


@inside_transaction
def reserve(company: Company, wanted: Sequence[Want]) -> list[Decimal]:
    """Promises what is free, in the given order; the rest is backorder. Never refuses.

    Returns what each want got; a row that has a reservation already gets more of it.
    """
    if not wanted:
        return []
    levels = lock_levels((want.warehouse_id, want.product_id) for want in wanted)
    got: list[Decimal] = []
    promised: list[tuple[int, str, int, Decimal]] = []
    for want in wanted:
        level = levels.get((want.warehouse_id, want.product_id))
        granted = min(want.quantity, level.free) if level else ZERO
        if level and granted > 0:
            level.change(reserved=granted)
            promised.append((level.id, want.source_kind, want.source_id, granted))
        got.append(max(granted, ZERO))
    if promised:
        with connection.cursor() as cursor:
            cursor.execute(PROMISE, _columns(promised, 4))
        write_levels(levels.values())
    return got


@inside_transaction
def release(company: Company, given_back: Sequence[Want]) -> None:
    """Gives reserved quantities back to the free stock."""
    taken = [want for want in given_back if want.quantity]
    if not taken:
        return
    levels = lock_levels((want.warehouse_id, want.product_id) for want in taken)
    for want in taken:
        levels[want.warehouse_id, want.product_id].change(reserved=-want.quantity)
    _use(taken)
    write_levels(levels.values())


@inside_transaction
def issue(company: Company, taken: Sequence[Want]) -> list[Issued]:
    """Takes reserved goods out at moving average, in the given order.

    The deed writes the movements (`write_movements`) once its document has a number.
    """
    if not taken:
        return []
    levels = lock_levels((want.warehouse_id, want.product_id) for want in taken)
    issued = []
    for want in taken:
        level = levels[want.warehouse_id, want.product_id]
        cost = cost_of_issue(want.quantity, level.on_hand, level.value, company.currency)
        level.change(on_hand=-want.quantity, reserved=-want.quantity, value=-cost)
        issued.append(Issued(level.id, want.quantity, cost))
    _use(taken)
    write_levels(levels.values())
    return issued


@inside_transaction
def write_movements(movements: Sequence[Movement]) -> None:
    """Writes the lines of the stock ledger, in one statement."""
    bulk.insert(
        Move,
        (
            "stock_id",
            "quantity",
            "value",
            "moved_on",
            "source_kind",
            "source_id",
            "source_name",
        ),
        [(m.stock_id, m.quantity, m.value, m.moved_on, *m.source) for m in movements if m.quantity],
    )


def _use(taken: Sequence[Want]) -> None:
    """Takes quantities off their reservations; refuses when one holds less than that."""
    rows = [(want.source_kind, want.source_id, want.quantity) for want in taken]
    with connection.cursor() as cursor:
        cursor.execute(USE, _columns(rows, 3))
        if cursor.fetchone()[0] != len(rows):
            raise Refused("stock.not_reserved", _("More was to leave than is reserved."))


def _columns(rows: Iterable[tuple[object, ...]], width: int) -> list[str]:
    """Rows of plain values as one array literal per column, the cheapest way to the server."""
    columns = list(zip(*rows, strict=True)) or [()] * width
    return ["{" + ",".join(map(str, column)) + "}" for column in columns]
