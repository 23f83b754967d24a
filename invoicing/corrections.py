"""What is left of invoices: locked, with their lines, VAT groups and what was credited before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from core.actions import inside_transaction
from core.models import Company

INVOICES = """
SELECT i.id, i.number, i.kind, i.state, i.customer_id, c.credit_account_id, i.customer_reference,
       i.supplied_from, i.supplied_on, i.currency, i.fx_rate, i.seller::text, i.buyer::text
  FROM invoicing_invoice i JOIN partners_customer c ON c.id = i.customer_id
 WHERE i.id = ANY(%s) AND i.company_id = %s
 ORDER BY i.id
   FOR NO KEY UPDATE OF i
"""
# Each line with what was credited of it, and the billable that a new one would follow.
LINES = """
SELECT l.invoice_id, l.id, l.product_id, l.product_code, l.description, l.quantity, l.unit_code,
       l.unit_price, l.discount_percent, l.net, l.tax_code_id, t.category, t.rate,
       coalesce(done.quantity, 0), coalesce(done.net, 0),
       b.source_kind, b.source_id, b.order_line_id, o.order_id, b.shipment_id, b.supplied_on,
       (SELECT max(g.generation) FROM invoicing_billable g
         WHERE g.source_kind = b.source_kind AND g.source_id = b.source_id),
       u.digits
  FROM invoicing_invoiceline l
  JOIN ledger_taxcode t ON t.id = l.tax_code_id
  LEFT JOIN catalog_product p ON p.id = l.product_id
  LEFT JOIN catalog_unit u ON u.id = p.unit_id
  LEFT JOIN invoicing_billable b ON b.id = l.billable_id
  LEFT JOIN orders_orderline o ON o.id = b.order_line_id
  LEFT JOIN LATERAL (
       SELECT sum(c.quantity) AS quantity, sum(c.net) AS net
         FROM invoicing_invoice n
         JOIN invoicing_invoiceline c ON c.invoice_id = n.id AND c.corrects_id = l.id
        WHERE n.corrects_id = l.invoice_id) AS done ON TRUE
 WHERE l.invoice_id = ANY(%s)
 ORDER BY l.invoice_id, l.position
"""
GROUPS = """
SELECT g.invoice_id, g.category, g.rate, g.net, g.tax, g.base_net, g.base_tax, g.reason,
       coalesce(sum(c.net), 0), coalesce(sum(c.tax), 0),
       coalesce(sum(c.base_net), 0), coalesce(sum(c.base_tax), 0)
  FROM invoicing_taxgroup g
  LEFT JOIN invoicing_invoice n ON n.corrects_id = g.invoice_id
  LEFT JOIN invoicing_taxgroup c
    ON c.invoice_id = n.id AND c.category = g.category AND c.rate = g.rate
 WHERE g.invoice_id = ANY(%s)
 GROUP BY g.id
 ORDER BY g.id
"""


@dataclass(frozen=True)
class Correction:
    """What of an invoice is credited: quantities by line, or all that is left.

    With `gives_back` the billables are free to be billed again.
    """

    invoice_id: int
    quantities: Mapping[int, Decimal] | None = None
    reason: str = ""
    gives_back: bool = False


class Head(NamedTuple):
    """A locked invoice with what its credit note takes over."""

    id: int
    number: str
    kind: str
    state: str
    customer_id: int
    credit_account_id: int
    customer_reference: str
    supplied_from: date
    supplied_on: date
    currency: str
    fx_rate: Decimal
    seller: str
    buyer: str


class Row(NamedTuple):
    """An invoice line, what was credited of it before, and where its billable came from."""

    invoice_id: int
    id: int
    product_id: int | None
    product_code: str
    description: str
    quantity: Decimal
    unit_code: str
    unit_price: Decimal
    discount_percent: Decimal
    net: Decimal
    tax_code_id: int
    category: str
    rate: Decimal
    done: Decimal
    done_net: Decimal
    source_kind: str | None
    source_id: int | None
    order_line_id: int | None
    order_id: int | None
    shipment_id: int | None
    supplied_on: date | None
    generation: int | None
    digits: int | None  # decimals of the product's unit

    @property
    def left(self) -> Decimal:
        return self.quantity - self.done


class Group(NamedTuple):
    """A VAT group of an invoice and what was credited of it before, in both currencies."""

    invoice_id: int
    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    base_net: Decimal
    base_tax: Decimal
    reason: str
    done_net: Decimal
    done_tax: Decimal
    done_base_net: Decimal
    done_base_tax: Decimal


@inside_transaction
def read(
    company: Company, corrections: Sequence[Correction]
) -> tuple[dict[int, Head], dict[int, list[Row]], dict[int, list[Group]]]:
    """The invoices, locked, with their lines and VAT groups; three statements for any number."""
    ids = [correction.invoice_id for correction in corrections]
    rows: dict[int, list[Row]] = {pk: [] for pk in ids}
    groups: dict[int, list[Group]] = {pk: [] for pk in ids}
    heads = {row[0]: Head._make(row) for row in _fetch(INVOICES, [ids, company.pk])}
    for row in _fetch(LINES, [ids]):
        rows[row[0]].append(Row._make(row))
    for group in _fetch(GROUPS, [ids]):
        groups[group[0]].append(Group._make(group))
    return heads, rows, groups


def _fetch(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
