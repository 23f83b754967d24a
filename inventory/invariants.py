"""What must always be true of stock."""

from core.invariants import Invariant, numbers

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I10a",
        "Stock on hand and its value are the sums of its movements, and never below zero",
        """
        SELECT s.id, s.on_hand, sum(m.quantity), s.value, sum(m.value)
          FROM inventory_stock s LEFT JOIN inventory_move m ON m.stock_id = s.id
         GROUP BY s.id
        HAVING s.on_hand <> coalesce(sum(m.quantity), 0) OR s.value <> coalesce(sum(m.value), 0)
            OR s.on_hand < 0 OR s.value < 0 OR (s.on_hand = 0 AND s.value <> 0)
        """,
    ),
    Invariant(
        "I10b",
        "What is promised of a stock row is the sum of its reservations, and is there",
        """
        SELECT s.id, s.reserved, sum(r.quantity)
          FROM inventory_stock s LEFT JOIN inventory_reservation r ON r.stock_id = s.id
         GROUP BY s.id
        HAVING s.reserved <> coalesce(sum(r.quantity), 0)
            OR s.reserved < 0 OR s.reserved > s.on_hand
        """,
    ),
    Invariant(
        "I04i",
        "The inventory account of each company is the value of its stock",
        """
        WITH books AS (
          SELECT a.company_id, sum(l.base_amount) AS amount
            FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id
           WHERE a.role = 'INVENTORY' GROUP BY a.company_id),
        stock AS (SELECT company_id, sum(value) AS amount FROM inventory_stock GROUP BY company_id)
        SELECT company_id, books.amount, stock.amount
          FROM books FULL JOIN stock USING (company_id)
         WHERE coalesce(books.amount, 0) <> coalesce(stock.amount, 0)
        """,
    ),
    Invariant(
        "I04j",
        "The movements of a stock document or shipment are what its entry posts to inventory",
        """
        WITH moved AS (
          SELECT source_kind, source_id, sum(value) AS value
            FROM inventory_move GROUP BY source_kind, source_id),
        posted AS (
          SELECT e.source_kind, e.source_id, sum(l.base_amount) AS value
            FROM ledger_entry e
            JOIN ledger_entryline l ON l.entry_id = e.id
            JOIN ledger_account a ON a.id = l.account_id AND a.role = 'INVENTORY'
           WHERE e.source_kind IN ('shipment', 'stock_document')
           GROUP BY e.source_kind, e.source_id)
        SELECT source_kind, source_id, m.value, p.value
          FROM moved m FULL JOIN posted p USING (source_kind, source_id)
         WHERE coalesce(m.value, 0) <> coalesce(p.value, 0)
        """,
    ),
    numbers(
        "I08s",
        "Numbers of stock documents have no gap and no twin",
        "inventory_stockdocument",
        "stock_document",
    ),
    Invariant(
        "I22s",
        "No stock row stands in another company's warehouse",
        """
        SELECT s.id FROM inventory_stock s JOIN inventory_warehouse w ON w.id = s.warehouse_id
         WHERE s.company_id <> w.company_id
        """,
    ),
)
