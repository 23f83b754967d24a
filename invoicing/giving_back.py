"""Giving back: what a credit note frees to be billed again becomes billable anew."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from core import bulk
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO
from invoicing.crediting import CreditNote
from invoicing.models import Billable
from orders.amounts import unbilled_change
from orders.models import Order
from partners.exposure import Moves

ORDERS = """
SELECT o.id, o.currency, o.net, o.gross, o.billed_net
  FROM orders_order o
 WHERE o.id = ANY(ARRAY(SELECT l.order_id
                          FROM invoicing_invoiceline x
                          JOIN invoicing_billable b ON b.id = x.billable_id
                          JOIN orders_orderline l ON l.id = b.order_line_id
                         WHERE x.invoice_id = ANY(%s)))
 ORDER BY o.id
   FOR NO KEY UPDATE
"""
COLUMNS = (
    *("company_id", "source_kind", "source_id", "generation", "customer_id", "order_line_id"),
    *("shipment_id", "quantity", "net", "supplied_on"),
)


class OrderTotals(NamedTuple):
    """What of a locked order says how much of its gross is billed."""

    id: int
    currency: str
    net: Decimal
    gross: Decimal
    billed_net: Decimal


@inside_transaction
def lock_orders_of(invoice_ids: Sequence[int]) -> dict[int, OrderTotals]:
    """The orders behind invoices, locked; orders come before invoices in the order of locks."""
    if not invoice_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, [list(invoice_ids)])
        return {row[0]: OrderTotals._make(row) for row in cursor.fetchall()}


@inside_transaction
def give_back(
    company: Company,
    notes: Sequence[CreditNote],
    orders: Mapping[int, OrderTotals],
    moves: Moves,
) -> None:
    """Writes new billables for credited lines that may be billed again, and tells the orders."""
    given = [note for note in notes if note.correction.gives_back]
    bulk.insert(Billable, COLUMNS, _rows(company, given))
    back: dict[int, Decimal] = {}
    for note in given:
        for row, _quantity, net in note.taken:
            if row.order_id:
                order, before = orders[row.order_id], back.get(row.order_id, ZERO)
                change = unbilled_change(order, order.billed_net - before, -net)
                moves.add(note.head.credit_account_id, order.currency, unbilled=change)
                back[row.order_id] = before + net
    rows = [(pk, -net) for pk, net in sorted(back.items())]
    bulk.update(Order, ("id", "billed_net"), rows, add=("billed_net",))


def _rows(company: Company, notes: Sequence[CreditNote]) -> list[tuple[Any, ...]]:
    """New billables; several notes may give back parts of one source, each as a generation."""
    generations: dict[tuple[str | None, int | None], int] = {}
    rows = []
    taken = [(note, *part) for note in notes for part in note.taken]
    for note, line, quantity, net in taken:
        source = (line.source_kind, line.source_id)
        if line.source_id:
            generations[source] = generations.get(source, line.generation or 0) + 1
            rows.append(
                (
                    company.pk,
                    *source,
                    generations[source],
                    note.head.customer_id,
                    line.order_line_id,
                    line.shipment_id,
                    quantity,
                    net,
                    line.supplied_on,
                )
            )
    return rows
