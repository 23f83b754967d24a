"""What must always be true of billables, invoices and credit notes."""

from core.invariants import Invariant, numbers

# Billed less given back: every later generation of a billable was given back by a credit note.
BILLED = """
SELECT l.order_id, sum(CASE WHEN b.invoice_id IS NOT NULL THEN b.net ELSE 0 END)
                   - sum(CASE WHEN b.generation > 1 THEN b.net ELSE 0 END) AS net
  FROM invoicing_billable b JOIN orders_orderline l ON l.id = b.order_line_id
 GROUP BY l.order_id
"""

# What the accounts of an entry's lines have ever been used for, since a role may move to another
# account later. That leaves no doubt: lines of control accounts alone name an open item, and a role
# of income never moves to the balance sheet, where VAT is.
BOOKED = """
WITH used AS (SELECT DISTINCT pgh_obj_id AS account_id, role FROM ledger_accountevent),
booked AS (
    SELECT l.entry_id, u.role, sum(l.amount) AS amount, sum(l.base_amount) AS base_amount
      FROM ledger_entryline l
      JOIN used u
        ON u.account_id = l.account_id
       AND (u.role IN ('AR_CONTROL', 'UNAPPLIED_RECEIPTS')) = (l.open_item_id IS NOT NULL)
     GROUP BY 1, 2)"""

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I07a",
        "Totals are the sums of the lines by VAT group, and tax is rounded once per group",
        """
        WITH lines AS (
            SELECT l.invoice_id, t.category, t.rate, sum(l.net) AS net
              FROM invoicing_invoiceline l JOIN ledger_taxcode t ON t.id = l.tax_code_id
             GROUP BY 1, 2, 3)
        SELECT 'group', coalesce(g.invoice_id, l.invoice_id), g.net, l.net, g.tax
          FROM invoicing_taxgroup g
          FULL JOIN lines l USING (invoice_id, category, rate)
          LEFT JOIN invoicing_invoice i ON i.id = g.invoice_id
         WHERE g.net IS DISTINCT FROM l.net
            OR (i.kind = 'invoice'
                AND g.tax <> round(g.net * g.rate / 100, core_minor_digits(i.currency)))
        UNION ALL
        SELECT 'total', i.id, i.net, sum(g.net), i.tax
          FROM invoicing_invoice i LEFT JOIN invoicing_taxgroup g ON g.invoice_id = i.id
         GROUP BY i.id
        HAVING i.net <> sum(g.net) OR i.tax <> sum(g.tax) OR i.gross <> i.net + i.tax
            OR i.base_tax <> sum(g.base_tax) OR i.base_gross <> sum(g.base_net + g.base_tax)
            OR count(g.id) = 0
        """,
    ),
    Invariant(
        "I07b",
        "The journal of a document says what the document says, in both currencies",
        f"""
        {BOOKED},
        said AS (
            SELECT i.entry_id, i.number, x.role, x.amount, x.base_amount
              FROM invoicing_invoice i,
                   LATERAL (VALUES
                     ('AR_CONTROL', i.gross, i.base_gross, 'invoice'),
                     ('REVENUE', -i.net, i.base_tax - i.base_gross, 'invoice'),
                     ('VAT_OUTPUT', -i.tax, -i.base_tax, 'invoice'),
                     ('UNAPPLIED_RECEIPTS', -i.gross, -i.base_gross, 'credit_note'),
                     ('REVENUE_RETURNS', i.net, i.base_gross - i.base_tax, 'credit_note'),
                     ('VAT_OUTPUT', i.tax, i.base_tax, 'credit_note')
                   ) AS x(role, amount, base_amount, kind)
             WHERE x.kind = i.kind AND i.entry_id IS NOT NULL)
        SELECT s.number, s.role, s.amount, b.amount
          FROM said s
          LEFT JOIN booked b ON b.entry_id = s.entry_id AND b.role = s.role
         WHERE s.amount <> coalesce(b.amount, 0) OR s.base_amount <> coalesce(b.base_amount, 0)
        """,
    ),
    numbers(
        "I08i",
        "Numbers of invoices and credit notes have no gap and no twin",
        "invoicing_invoice",
        "invoice",
        "credit_note",
    ),
    Invariant(
        "I08j",
        "Numbers of invoices and credit notes follow the days",
        """
        SELECT company_id, kind, number
          FROM (SELECT company_id, kind, number, issued_on,
                       lag(issued_on) OVER (
                           PARTITION BY company_id, kind, split_part(number, '-', 2)
                           ORDER BY split_part(number, '-', 3)::bigint) AS before
                  FROM invoicing_invoice WHERE number IS NOT NULL) AS in_order
         WHERE issued_on < before
        """,
    ),
    Invariant(
        "I09b",
        "What was shipped is billed at most once",
        """
        SELECT x.id, x.quantity, b.quantity
          FROM invoicing_billable b
          LEFT JOIN orders_shipmentline x ON x.id = b.source_id
         WHERE b.source_kind = 'shipment_line' AND b.generation = 1
           AND b.quantity IS DISTINCT FROM x.quantity
        UNION ALL
        SELECT b.id, b.quantity, l.quantity
          FROM invoicing_billable b
          LEFT JOIN invoicing_invoiceline l ON l.billable_id = b.id AND l.invoice_id = b.invoice_id
         WHERE b.invoice_id IS NOT NULL
           AND (l.quantity IS DISTINCT FROM b.quantity OR l.net <> b.net)
        """,
    ),
    Invariant(
        "I09c",
        "No line and no VAT group is credited for more than was invoiced",
        """
        SELECT 'line', l.id, l.quantity, sum(c.quantity)
          FROM invoicing_invoiceline c JOIN invoicing_invoiceline l ON l.id = c.corrects_id
         GROUP BY l.id
        HAVING sum(c.quantity) > l.quantity OR sum(c.net) > l.net
            OR (sum(c.quantity) = l.quantity) <> (sum(c.net) = l.net) AND l.net > 0
               AND sum(c.quantity) = l.quantity
        UNION ALL
        SELECT 'group', g.id, g.tax, sum(c.tax)
          FROM invoicing_taxgroup g
          JOIN invoicing_invoice n ON n.corrects_id = g.invoice_id
          JOIN invoicing_taxgroup c
            ON c.invoice_id = n.id AND c.category = g.category AND c.rate = g.rate
         GROUP BY g.id
        HAVING sum(c.net) > g.net OR sum(c.tax) > g.tax
            OR sum(c.base_net) > g.base_net OR sum(c.base_tax) > g.base_tax
            OR (sum(c.net) = g.net
                AND (sum(c.tax), sum(c.base_net), sum(c.base_tax))
                    <> (g.tax, g.base_net, g.base_tax))
        """,
    ),
    Invariant(
        "I09d",
        "Nothing is billed again that no credit note gave back",
        """
        WITH again AS (
            SELECT source_kind, source_id, sum(quantity) AS quantity, sum(net) AS net
              FROM invoicing_billable WHERE generation > 1 GROUP BY 1, 2),
        given AS (
            SELECT b.source_kind, b.source_id, sum(c.quantity) AS quantity, sum(c.net) AS net
              FROM invoicing_invoice n
              JOIN invoicing_invoiceline c ON c.invoice_id = n.id
              JOIN invoicing_invoiceline l ON l.id = c.corrects_id
              JOIN invoicing_billable b ON b.id = l.billable_id
             WHERE n.gives_back GROUP BY 1, 2)
        SELECT source_kind, source_id, a.quantity, g.quantity
          FROM again a FULL JOIN given g USING (source_kind, source_id)
         WHERE a.quantity IS DISTINCT FROM g.quantity OR a.net IS DISTINCT FROM g.net
        """,
    ),
    Invariant(
        "I12i",
        "Every issued document has its one entry, and every entry of a document its document",
        """
        SELECT i.number, e.number
          FROM invoicing_invoice i
          FULL JOIN (SELECT * FROM ledger_entry WHERE source_kind = 'invoice' AND event = 'issued')
            AS e ON e.source_id = i.id
         WHERE (i.id IS NULL OR i.entry_id IS DISTINCT FROM e.id
                OR (e.id IS NULL) <> (i.gross = 0) OR e.posting_date <> i.issued_on
                OR e.company_id <> i.company_id)
           AND coalesce(i.state, 'issued') IN ('issued', 'settled')
        """,
    ),
    Invariant(
        "I16i",
        "A document's open amount is that of its open items, and its instalments make its total",
        """
        SELECT 'open', i.number, i.open_amount, sum(o.open_amount)
          FROM invoicing_invoice i
          LEFT JOIN ledger_openitem o ON o.source_kind = 'invoice' AND o.source_id = i.id
         WHERE i.state IN ('issued', 'settled')
         GROUP BY i.id
        HAVING i.open_amount <> coalesce(sum(o.open_amount), 0)
            OR i.gross <> coalesce(sum(o.amount), 0)
            OR i.base_gross <> coalesce(sum(o.base_amount), 0)
        UNION ALL
        SELECT 'instalment', i.number, i.gross, sum(p.amount)
          FROM invoicing_invoice i
          JOIN invoicing_instalment p ON p.invoice_id = i.id
          LEFT JOIN ledger_openitem o
            ON o.id = p.open_item_id AND o.amount = p.amount AND o.due_on = p.due_on
               AND o.source_kind = 'invoice' AND o.source_id = i.id AND o.position = p.position
         GROUP BY i.id
        HAVING i.gross <> sum(p.amount) OR i.due_on <> max(p.due_on) OR count(o.id) <> count(*)
        """,
    ),
    Invariant(
        "I16j",
        "What an order says is billed of it is what its billables add up to",
        f"""
        SELECT o.number, o.billed_net, b.net
          FROM orders_order o FULL JOIN ({BILLED}) AS b ON b.order_id = o.id
         WHERE coalesce(o.billed_net, 0) <> coalesce(b.net, 0)
        """,
    ),
    Invariant(
        "I18i",
        "Every message and PDF about an invoice is about one that exists",
        """
        SELECT m.id, m.source_id FROM documents_message m
          LEFT JOIN invoicing_invoice i ON i.id = m.source_id AND i.company_id = m.company_id
         WHERE m.source_kind = 'invoice' AND i.number IS DISTINCT FROM m.source_name
        UNION ALL
        SELECT r.id, r.source_id FROM documents_rendering r
          LEFT JOIN invoicing_invoice i ON i.id = r.source_id AND i.company_id = r.company_id
         WHERE r.source_kind = 'invoice' AND i.number IS DISTINCT FROM r.source_name
        """,
    ),
    Invariant(
        "I22i",
        "No invoice, line or billable links two companies, and none names a row that is missing",
        """
        SELECT 'invoice', i.id FROM invoicing_invoice i
          LEFT JOIN partners_customer c ON c.id = i.customer_id
          LEFT JOIN invoicing_invoice o ON o.id = i.corrects_id
         WHERE c.company_id IS DISTINCT FROM i.company_id
            OR (o.id IS NOT NULL AND (o.company_id, o.customer_id, o.currency)
                                     <> (i.company_id, i.customer_id, i.currency))
        UNION ALL
        SELECT 'line', l.id FROM invoicing_invoiceline l
          LEFT JOIN invoicing_invoice i ON i.id = l.invoice_id
          LEFT JOIN ledger_taxcode t ON t.id = l.tax_code_id AND t.company_id = i.company_id
          LEFT JOIN catalog_product p ON p.id = l.product_id
          LEFT JOIN invoicing_billable b ON b.id = l.billable_id
         WHERE t.id IS NULL OR (p.id IS NULL) <> (l.product_id IS NULL)
            OR (b.id IS NULL) <> (l.billable_id IS NULL) OR b.company_id <> i.company_id
        UNION ALL
        SELECT 'billable', b.id FROM invoicing_billable b
          LEFT JOIN partners_customer c ON c.id = b.customer_id
          LEFT JOIN invoicing_invoice i ON i.id = b.invoice_id
          LEFT JOIN orders_orderline l ON l.id = b.order_line_id
          LEFT JOIN orders_order o ON o.id = l.order_id
         WHERE c.company_id IS DISTINCT FROM b.company_id
            OR (i.id IS NULL) <> (b.invoice_id IS NULL) OR i.customer_id <> b.customer_id
            OR (o.id IS NULL) <> (b.order_line_id IS NULL) OR o.customer_id <> b.customer_id
        UNION ALL
        SELECT 'group', g.id FROM invoicing_taxgroup g
          LEFT JOIN invoicing_invoice i ON i.id = g.invoice_id WHERE i.id IS NULL
        UNION ALL
        SELECT 'instalment', p.id FROM invoicing_instalment p
          LEFT JOIN invoicing_invoice i ON i.id = p.invoice_id
          LEFT JOIN ledger_openitem o ON o.id = p.open_item_id
         WHERE i.id IS NULL OR o.id IS NULL
        """,
    ),
    Invariant(
        "I24i",
        "Amounts of documents are numbers, and never finer than their currency",
        """
        SELECT 'invoice', id FROM invoicing_invoice
         WHERE 'NaN'::numeric IN (net, tax, gross, base_gross, base_tax, open_amount, fx_rate)
            OR fx_rate <= 0
        UNION ALL
        SELECT 'line', l.id
          FROM invoicing_invoiceline l JOIN invoicing_invoice i ON i.id = l.invoice_id
         WHERE l.net <> round(l.net, core_minor_digits(i.currency))
            OR 'NaN'::numeric IN (l.net, l.quantity, l.unit_price)
        UNION ALL
        SELECT 'group', g.id
          FROM invoicing_taxgroup g
          JOIN invoicing_invoice i ON i.id = g.invoice_id
          JOIN core_company c ON c.id = i.company_id
         WHERE (g.net, g.tax) <> (round(g.net, core_minor_digits(i.currency)),
                                  round(g.tax, core_minor_digits(i.currency)))
            OR (g.base_net, g.base_tax) <> (round(g.base_net, core_minor_digits(c.currency)),
                                            round(g.base_tax, core_minor_digits(c.currency)))
        """,
    ),
)
