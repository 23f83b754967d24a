"""What was supplied and is to be billed: locked orders with their buyers, and shipped lines.

Two statements for any number of shipments or billables, read as tuples: a model instance per line
would cost more than writing the line does.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from core.actions import inside_transaction
from core.models import Company

SHIPMENT_LINE = "shipment_line"

# The address a bill goes to, and the one the goods went to.
ADDRESS = """
  LEFT JOIN LATERAL (
       SELECT a.addressee, a.street, a.street2, a.postcode, a.city, a.country
         FROM partners_address a
        WHERE {choice} AND a.archived_at IS NULL
        ORDER BY a.id LIMIT 1) AS {name} ON TRUE
"""

ORDERS = f"""
SELECT o.id, o.number, o.customer_id, o.customer_reference, o.currency, o.payment_terms_id,
       o.net, o.gross, o.billed_net, c.credit_account_id, p.language, c.po_number_required,
       coalesce(r.rhythm, 'at_once'), coalesce(shipping.country, p.country),
       json_build_object(
         'number', c.number, 'name', p.name, 'legal_name', p.legal_name, 'country', p.country,
         'vat_id', p.vat_id, 'registration_id', p.registration_id, 'language', p.language,
         'address', row_to_json(billing), 'ship_to', row_to_json(shipping))::text
  FROM orders_order o
  JOIN partners_customer c ON c.id = o.customer_id
  JOIN partners_partner p ON p.id = c.partner_id
  LEFT JOIN invoicing_billingrule r ON r.customer_id = c.id
{ADDRESS.format(name="billing", choice="a.partner_id = p.id AND a.purpose = 'billing'")}
{ADDRESS.format(name="shipping", choice="a.id = o.ship_to_id")}
 WHERE o.id = ANY(ARRAY({{orders}})) AND o.company_id + 0 = %s
 ORDER BY o.id
   FOR NO KEY UPDATE OF o
"""  # company + 0: found by their keys, however many orders the company has
OF_SHIPMENTS = "SELECT order_id FROM orders_shipment WHERE id = ANY(%s)"
OF_BILLABLES = """
SELECT l.order_id FROM invoicing_billable b JOIN orders_orderline l ON l.id = b.order_line_id
 WHERE b.id = ANY(%s)
"""

# A shipment is billed as a whole, so its first line tells. What was billed of an order line by
# other shipments is added up only where a shipment took a part; what a credit note gave back is a
# later generation and does not count again. OFFSET 0 keeps the planner to this order of steps, and
# "+ 0" from walking the whole primary key in search of the first line.
SHIPPED = """
SELECT l.order_id, s.id, s.number, s.shipped_on, x.id, x.quantity, NULL::bigint, NULL::numeric,
       l.id, l.quantity, l.net, l.unit_price, l.discount_percent, l.description, l.product_id,
       p.code, u.code, l.tax_code_id, done.quantity, s.is_billed
  FROM (SELECT s.id, s.number, s.shipped_on,
               EXISTS (SELECT FROM invoicing_billable b
                        WHERE b.source_kind = 'shipment_line' AND b.generation = 1
                          AND b.source_id = (SELECT min(y.id + 0) FROM orders_shipmentline y
                                              WHERE y.shipment_id = s.id)) AS is_billed
          FROM orders_shipment s
         WHERE s.id = ANY(%s) AND s.company_id + 0 = %s AND s.state IN ('shipped', 'delivered')
        OFFSET 0) AS s
  JOIN orders_shipmentline x ON x.shipment_id = s.id
  JOIN orders_orderline l ON l.id = x.order_line_id
  JOIN catalog_product p ON p.id = l.product_id
  JOIN catalog_unit u ON u.id = p.unit_id
  LEFT JOIN LATERAL (
       SELECT sum(b.quantity) AS quantity
         FROM (SELECT y.id FROM orders_shipmentline y
                WHERE x.quantity <> l.quantity AND y.order_line_id = l.id OFFSET 0) AS y
         JOIN LATERAL (
              SELECT b.quantity FROM invoicing_billable b
               WHERE b.source_kind = 'shipment_line' AND b.source_id = y.id AND b.generation = 1
              OFFSET 0) AS b ON TRUE) AS done ON TRUE
 ORDER BY s.id, l.position
"""
WAITING = """
SELECT l.order_id, s.id, s.number, b.supplied_on, b.source_id, b.quantity, b.id, b.net,
       l.id, l.quantity, l.net, l.unit_price, l.discount_percent, l.description, l.product_id,
       p.code, u.code, l.tax_code_id, NULL, b.invoice_id IS NOT NULL
  FROM invoicing_billable b
  JOIN orders_orderline l ON l.id = b.order_line_id
  JOIN orders_shipment s ON s.id = b.shipment_id
  JOIN catalog_product p ON p.id = l.product_id
  JOIN catalog_unit u ON u.id = p.unit_id
 WHERE b.id = ANY(%s) AND b.company_id = %s
 ORDER BY l.order_id, s.id, l.position, b.id
"""


class Order(NamedTuple):
    """A locked order with what an invoice takes over from it; `buyer` is frozen as JSON text."""

    id: int
    number: str
    customer_id: int
    customer_reference: str
    currency: str
    terms_id: int
    net: Decimal
    gross: Decimal
    billed_net: Decimal
    credit_account_id: int
    language: str
    po_number_required: bool
    rhythm: str
    goes_to: str  # country
    buyer: str


class Supply(NamedTuple):
    """One line to be billed: a shipment line, or a billable that waits (`billable_id`, `net`)."""

    order_id: int
    shipment_id: int
    shipment: str
    supplied_on: date
    source_id: int
    quantity: Decimal
    billable_id: int | None
    net: Decimal | None
    line_id: int
    line_quantity: Decimal
    line_net: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    description: str
    product_id: int
    product_code: str
    unit_code: str
    tax_code_id: int
    done: Decimal | None
    is_billed: bool


@inside_transaction
def of_shipments(
    company: Company, shipment_ids: Sequence[int]
) -> tuple[dict[int, Order], list[Supply]]:
    """The lines of shipments that left, and their orders, locked."""
    return _read(company, shipment_ids, OF_SHIPMENTS, SHIPPED)


@inside_transaction
def of_billables(
    company: Company, billable_ids: Sequence[int]
) -> tuple[dict[int, Order], list[Supply]]:
    """The billables with what their order lines say, and their orders, locked."""
    return _read(company, billable_ids, OF_BILLABLES, WAITING)


def _read(
    company: Company, ids: Sequence[int], of_orders: str, of_lines: str
) -> tuple[dict[int, Order], list[Supply]]:
    with connection.cursor() as cursor:
        cursor.execute(ORDERS.format(orders=of_orders), [list(ids), company.pk])
        orders = {row[0]: Order._make(row) for row in cursor.fetchall()}
        cursor.execute(of_lines, [list(ids), company.pk])
        return orders, [Supply._make(row) for row in cursor.fetchall()]
