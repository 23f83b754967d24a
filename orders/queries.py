"""Reads across orders: for screens, and for the follow-ups that look for work."""

from collections.abc import Sequence

from django.db import connection

from core.models import Company, DocumentLink

# Orders that wait for products of which something is free, most urgent first. `waits` counts
# what those before an order need, so that only those come back that will get something.
WAITING = """
WITH freed AS (
     SELECT s.id, s.warehouse_id, s.product_id, s.on_hand - s.reserved AS free
       FROM inventory_stock s
      WHERE s.company_id = %(company)s AND s.on_hand > s.reserved AND s.id IN ({stock})),
waiting AS (
     SELECT o.id, coalesce(o.requested_on, o.ordered_on) AS wanted_on, o.ordered_on, f.free,
            sum(need.quantity) OVER (
                PARTITION BY f.id
                ORDER BY coalesce(o.requested_on, o.ordered_on), o.ordered_on, o.id
            ) - need.quantity AS waits
       FROM freed f
       JOIN orders_orderline l ON l.product_id = f.product_id
       JOIN orders_order o ON o.id = l.order_id AND o.company_id = %(company)s
                          AND o.warehouse_id = f.warehouse_id AND o.state = 'confirmed'
       LEFT JOIN inventory_reservation r
              ON r.source_kind = 'order_line' AND r.source_id = l.id
      CROSS JOIN LATERAL (
            SELECT l.quantity - l.shipped - l.cancelled - coalesce(r.quantity, 0) AS quantity
      ) need
      WHERE need.quantity > 0
        AND NOT EXISTS (
            SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.state = 'open'))
SELECT id FROM waiting WHERE waits < free
 GROUP BY id, wanted_on, ordered_on
 ORDER BY wanted_on, ordered_on, id
"""
OF_DOCUMENTS = """
SELECT m.stock_id FROM inventory_move m
 WHERE m.source_kind = 'stock_document' AND m.source_id = ANY(%(ids)s)
"""
OF_ORDERS = """
SELECT s2.id FROM orders_orderline l2 JOIN orders_order o2 ON o2.id = l2.order_id
  JOIN inventory_stock s2 ON s2.product_id = l2.product_id AND s2.warehouse_id = o2.warehouse_id
 WHERE l2.order_id = ANY(%(ids)s)
"""


def waiting_for_documents(company: Company, document_ids: Sequence[int]) -> list[int]:
    """Orders to serve from what stock documents brought, most urgent first."""
    return _waiting(company, OF_DOCUMENTS, document_ids)


def waiting_for_orders(company: Company, order_ids: Sequence[int]) -> list[int]:
    """Orders to serve from what other orders gave back, most urgent first."""
    return _waiting(company, OF_ORDERS, order_ids)


def _waiting(company: Company, stock: str, ids: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING.format(stock=stock), {"company": company.pk, "ids": list(ids)})
        return [pk for (pk,) in cursor.fetchall()]


def billed_by(company: Company, invoice_ids: Sequence[int]) -> list[int]:
    """The orders that invoices bill, by the links between them."""
    return list(
        DocumentLink.objects.filter(
            company=company, to_kind="invoice", to_id__in=invoice_ids, from_kind="order"
        )
        .values_list("from_id", flat=True)
        .distinct()
    )
