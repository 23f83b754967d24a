"""What must always be true of orders, holds, shipments and the credit they use."""

from core.invariants import Invariant, numbers

# The gross that belongs to a part of an order's net, and the net of a part of a line: the same
# arithmetic as in orders/amounts.py.
PARTS = """
parts AS (
  SELECT o.id, o.customer_id, o.currency, o.state, o.net, o.gross, o.billed_net,
         core_minor_digits(o.currency) AS digits,
         sum(round(l.net * l.shipped / l.quantity, core_minor_digits(o.currency))) AS shipped_net,
         sum(round(l.net * (l.shipped + l.cancelled) / l.quantity,
                   core_minor_digits(o.currency))) AS gone_net,
         EXISTS (SELECT FROM orders_hold h
                  WHERE h.order_id = o.id AND h.rule = 'credit' AND h.state = 'open') AS no_credit
    FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
   WHERE o.state IN ('submitted', 'confirmed', 'closed')
   GROUP BY o.id),
used AS (
  SELECT c.credit_account_id, p.currency,
         sum(CASE WHEN p.no_credit OR p.state = 'closed' OR p.gone_net = p.net THEN 0
                  ELSE p.gross - round(p.gross * p.gone_net / p.net, p.digits) END) AS open_orders,
         sum(CASE WHEN p.net = 0 THEN 0
                  ELSE round(p.gross * p.shipped_net / p.net, p.digits)
                     - round(p.gross * p.billed_net / p.net, p.digits) END) AS unbilled
    FROM parts p JOIN partners_customer c ON c.id = p.customer_id
   GROUP BY c.credit_account_id, p.currency)
"""

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I11a",
        "Credit used by open and by shipped, unbilled orders is what their rows add up to",
        f"""
        WITH {PARTS}
        SELECT coalesce(e.credit_account_id, u.credit_account_id), coalesce(e.currency, u.currency),
               e.open_orders, u.open_orders, e.unbilled, u.unbilled
          FROM partners_exposure e
          FULL JOIN used u USING (credit_account_id, currency)
         WHERE coalesce(e.open_orders, 0) <> coalesce(u.open_orders, 0)
            OR coalesce(e.unbilled, 0) <> coalesce(u.unbilled, 0)
        """,
    ),
    Invariant(
        "I11b",
        "No order passed its credit check with an exposure above the limit",
        """
        SELECT e.id, e.facts -> 'credit' FROM core_event e
         WHERE e.verb = 'order.submitted'
           AND (e.facts #>> '{credit,exposure}')::numeric > (e.facts #>> '{credit,limit}')::numeric
           AND NOT EXISTS (
               SELECT FROM jsonb_array_elements_text(e.facts -> 'holds') h WHERE h LIKE 'credit.%'
           )
        """,
    ),
    Invariant(
        "I11c",
        "No order was confirmed while a hold was open",
        """
        SELECT o.id, h.id FROM orders_order o JOIN orders_hold h ON h.order_id = o.id
         WHERE o.confirmed_at IS NOT NULL AND h.opened_at < o.confirmed_at
           AND (h.closed_at IS NULL OR h.closed_at > o.confirmed_at)
        """,
    ),
    Invariant(
        "I14a",
        "No hold was released by who entered, last edited, submitted or reopened the order",
        """
        SELECT h.id FROM orders_hold h JOIN orders_order o ON o.id = h.order_id
         WHERE (h.state = 'released'
                AND h.closed_by_id IN (h.entered_by_id, h.edited_by_id, h.caused_by_id))
            OR h.entered_by_id <> o.created_by_id
            OR (h.order_version = o.version AND h.edited_by_id <> o.edited_by_id)
            OR NOT EXISTS (
               SELECT FROM core_eventsubject s JOIN core_event e ON e.id = s.event_id
                WHERE s.kind = 'order' AND s.subject_id = o.id AND e.by_id = h.caused_by_id
                  AND e.verb IN ('order.submitted', 'order.reopened'))
        """,
    ),
    Invariant(
        "I09a",
        "What an order line says was shipped is what its shipments hold, and no more than ordered",
        """
        SELECT l.id, l.shipped, sum(s.quantity)
          FROM orders_orderline l
          LEFT JOIN (orders_shipmentline s
                     JOIN orders_shipment p ON p.id = s.shipment_id
                                           AND p.state IN ('shipped', 'delivered'))
                 ON s.order_line_id = l.id
         GROUP BY l.id
        HAVING l.shipped <> coalesce(sum(s.quantity), 0)
            OR l.shipped + l.cancelled > l.quantity
        """,
    ),
    Invariant(
        "I10c",
        "Stock is promised to open lines of confirmed orders only, and no more than is open",
        """
        SELECT r.id, r.quantity FROM inventory_reservation r
          LEFT JOIN orders_orderline l ON l.id = r.source_id
          LEFT JOIN orders_order o ON o.id = l.order_id
         WHERE r.source_kind = 'order_line'
           AND (o.state IS DISTINCT FROM 'confirmed'
                OR r.quantity > l.quantity - l.shipped - l.cancelled)
        """,
    ),
    Invariant(
        "I04s",
        "The cost of each shipment is what its stock movements and its entry say",
        """
        SELECT p.id, sum(s.cost) FROM orders_shipment p
          JOIN orders_shipmentline s ON s.shipment_id = p.id
         WHERE p.state IN ('shipped', 'delivered')
         GROUP BY p.id
        HAVING sum(s.cost) <> coalesce((SELECT -sum(m.value) FROM inventory_move m
                WHERE m.source_kind = 'shipment' AND m.source_id = p.id), 0)
            OR sum(s.cost) <> coalesce((SELECT sum(l.base_amount) FROM ledger_entryline l
                WHERE l.entry_id = p.entry_id AND l.base_amount > 0), 0)
        """,
    ),
    Invariant(
        "I07o",
        "The totals of an order are those of its lines: net is their sum, gross is net and tax",
        """
        SELECT o.id FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
         WHERE o.state IN ('submitted', 'confirmed', 'closed')
         GROUP BY o.id
        HAVING o.net <> sum(l.net) OR o.gross <> o.net + o.tax
        """,
    ),
    Invariant(
        "I20o",
        "The events of an order end in the state it is in",
        """
        WITH said AS (
          SELECT DISTINCT ON (s.subject_id) s.subject_id AS id,
                 CASE e.verb WHEN 'order.entered' THEN 'draft' WHEN 'order.taken_back' THEN 'draft'
                             WHEN 'order.submitted' THEN 'submitted'
                             WHEN 'order.confirmed' THEN 'confirmed'
                             WHEN 'order.reopened' THEN 'confirmed'
                             WHEN 'order.closed' THEN 'closed'
                             WHEN 'order.closed_short' THEN 'closed'
                             WHEN 'order.cancelled' THEN 'cancelled' END AS state
            FROM core_eventsubject s JOIN core_event e ON e.id = s.event_id
           WHERE s.kind = 'order'
             AND e.verb IN ('order.entered', 'order.taken_back', 'order.submitted',
                            'order.confirmed', 'order.reopened', 'order.closed',
                            'order.closed_short', 'order.cancelled')
           ORDER BY s.subject_id, e.id DESC)
        SELECT o.id, o.state, said.state FROM orders_order o LEFT JOIN said ON said.id = o.id
         WHERE o.state IS DISTINCT FROM said.state
        """,
    ),
    numbers("I08o", "Numbers of orders have no gap and no twin", "orders_order", "order"),
    numbers("I08h", "Numbers of shipments have no gap and no twin", "orders_shipment", "shipment"),
    Invariant(
        "I22o",
        "No order, shipment or stock row links two companies",
        """
        SELECT 'order', o.id FROM orders_order o
          JOIN partners_customer c ON c.id = o.customer_id
          JOIN inventory_warehouse w ON w.id = o.warehouse_id
          JOIN partners_paymentterms t ON t.id = o.payment_terms_id
         WHERE o.company_id NOT IN (c.company_id) OR w.company_id <> o.company_id
            OR t.company_id <> o.company_id
        UNION ALL
        SELECT 'shipment', p.id FROM orders_shipment p
          JOIN orders_order o ON o.id = p.order_id
          JOIN inventory_warehouse w ON w.id = p.warehouse_id
         WHERE p.company_id <> o.company_id OR w.company_id <> p.company_id
        """,
    ),
)
