"""What must always be true of the books; each query returns what breaks it."""

from core.invariants import Invariant, numbers

# The end of time and three days within the books: every figure must be true for any past date.
DAYS = """days(d) AS MATERIALIZED (
    SELECT DATE '9999-12-31'
    UNION
    SELECT span.first + (random() * (span.last - span.first))::int
      FROM (SELECT min(posting_date), max(posting_date) FROM ledger_entry) AS span(first, last),
           generate_series(1, 3)
     WHERE span.first IS NOT NULL
)"""

CONTROL = f"""
WITH {DAYS}, booked AS (
    SELECT a.company_id, a.role, days.d, l.currency, sum(l.base_amount) AS base, sum(l.amount) AS x
      FROM ledger_account a
      JOIN ledger_entryline l ON l.account_id = a.id
      JOIN days ON l.posting_date <= days.d
     WHERE a.role IN ({{roles}})
     GROUP BY 1, 2, 3, 4
), moved AS (
    SELECT id, company_id, account_role, currency, side, posted_on, base_amount AS base, amount AS x
      FROM ledger_openitem WHERE account_role IN ({{roles}})
    UNION ALL
    SELECT i.id, i.company_id, i.account_role, i.currency, i.side, l.posting_date,
           -CASE i.id WHEN l.debit_item_id THEN l.debit_base ELSE l.credit_base END, -l.amount
      FROM ledger_allocation l
      JOIN ledger_openitem i ON i.id IN (l.debit_item_id, l.credit_item_id)
     WHERE i.account_role IN ({{roles}})
), items AS (
    SELECT m.company_id, m.account_role, days.d, m.currency,
           sum(CASE m.side WHEN 'debit' THEN m.base ELSE -m.base END) AS base,
           sum(CASE m.side WHEN 'debit' THEN m.x ELSE -m.x END) AS x
      FROM moved m JOIN days ON m.posted_on <= days.d
     GROUP BY 1, 2, 3, 4
)
SELECT coalesce(b.company_id, i.company_id), coalesce(b.role, i.account_role), coalesce(b.d, i.d),
       coalesce(b.currency, i.currency), b.base, i.base, b.x, i.x
  FROM booked b FULL JOIN items i
    ON (i.company_id, i.account_role, i.d, i.currency) = (b.company_id, b.role, b.d, b.currency)
 WHERE (coalesce(b.base, 0), coalesce(b.x, 0)) <> (coalesce(i.base, 0), coalesce(i.x, 0))
"""

ALLOCATED = """
WITH settled AS (
    SELECT item_id, sum(amount) AS amount, sum(base) AS base
      FROM (SELECT debit_item_id, amount, debit_base FROM ledger_allocation
            UNION ALL
            SELECT credit_item_id, amount, credit_base FROM ledger_allocation
           ) AS a(item_id, amount, base)
     GROUP BY item_id
)
SELECT i.id, i.source_name, i.amount, i.open_amount, s.amount
  FROM ledger_openitem i LEFT JOIN settled s ON s.item_id = i.id
 WHERE i.side = '{side}'
   AND (coalesce(s.amount, 0) NOT BETWEEN 0 AND i.amount
        OR i.open_amount <> i.amount - coalesce(s.amount, 0)
        OR i.open_base_amount <> i.base_amount - coalesce(s.base, 0)
        OR (i.open_amount = 0 AND i.open_base_amount <> 0))
"""

TOTALS = """
WITH kept AS (
    SELECT account_id, day, currency, base_debit, base_credit, debit, credit FROM ledger_daytotal
), summed AS (
    SELECT l.account_id, l.posting_date AS day, l.currency,
           sum(greatest(l.base_amount, 0)) AS base_debit,
           sum(greatest(-l.base_amount, 0)) AS base_credit,
           sum(greatest(l.amount, 0)) AS debit, sum(greatest(-l.amount, 0)) AS credit
      FROM ledger_totalsmark m
      JOIN ledger_entry e ON e.company_id = m.company_id AND e.id <= m.entry_id
      JOIN ledger_entryline l ON l.entry_id = e.id
     GROUP BY 1, 2, 3
)
(TABLE kept EXCEPT TABLE summed) UNION ALL (TABLE summed EXCEPT TABLE kept)
"""

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I01",
        "Every entry balances in the company's currency and in each currency it names",
        """
        SELECT entry_id, currency FROM ledger_entryline
         GROUP BY GROUPING SETS ((entry_id), (entry_id, currency))
        HAVING CASE WHEN grouping(currency) = 1 THEN sum(base_amount) ELSE sum(amount) END <> 0
        """,
    ),
    Invariant(
        "I01a",
        "A line in the company's own currency has one value, and no line has two signs",
        """
        SELECT l.id FROM ledger_entryline l
          JOIN ledger_entry e ON e.id = l.entry_id JOIN core_company c ON c.id = e.company_id
         WHERE (l.currency = c.currency AND l.amount <> l.base_amount)
            OR l.amount * l.base_amount < 0
        """,
    ),
    Invariant(
        "I02",
        "The ledger of every company adds up to zero",
        """
        SELECT e.company_id FROM ledger_entry e JOIN ledger_entryline l ON l.entry_id = e.id
         GROUP BY 1 HAVING sum(l.base_amount) <> 0
        """,
    ),
    Invariant(
        "I03",
        "Receivables in the books are the open invoices, at the end and on three past days",
        CONTROL.format(roles="'AR_CONTROL'"),
    ),
    Invariant(
        "I04",
        "Unapplied receipts and payables in the books are their open items",
        CONTROL.format(roles="'UNAPPLIED_RECEIPTS', 'AP_CONTROL'"),
    ),
    Invariant(
        "I05",
        "No receipt or credit is used for more than it is worth, and what is left is as kept",
        ALLOCATED.format(side="credit"),
    ),
    Invariant(
        "I06",
        "No invoice is settled for more than its amount, and what is open is as kept",
        ALLOCATED.format(side="debit"),
    ),
    Invariant(
        "I11i",
        "What credit accounts owe and have unapplied is what is open of their customers' items",
        """
        WITH owed AS (
            SELECT c.credit_account_id, i.currency,
                   sum(CASE i.side WHEN 'debit' THEN i.open_amount ELSE 0 END) AS receivable,
                   sum(CASE i.side WHEN 'credit' THEN i.open_amount ELSE 0 END) AS unapplied
              FROM ledger_openitem i JOIN partners_customer c ON c.id = i.customer_id
             WHERE i.open_amount <> 0
             GROUP BY 1, 2)
        SELECT credit_account_id, currency, e.receivable, o.receivable, e.unapplied, o.unapplied
          FROM partners_exposure e FULL JOIN owed o USING (credit_account_id, currency)
         WHERE (coalesce(e.receivable, 0), coalesce(e.unapplied, 0))
               <> (coalesce(o.receivable, 0), coalesce(o.unapplied, 0))
        """,
    ),
    numbers("I08b", "Entry numbers have no gap and no twin", "ledger_entry", "entry"),
    Invariant(
        "I12",
        "Every entry has a source and at least two lines, every allocation its entry",
        """
        SELECT e.id FROM ledger_entry e
         WHERE e.source_kind = '' OR e.event = ''
            OR (SELECT count(*) FROM ledger_entryline l WHERE l.entry_id = e.id) < 2
        UNION ALL
        SELECT a.id FROM ledger_allocation a LEFT JOIN ledger_entry e ON e.id = a.entry_id
         WHERE e.id IS NULL OR e.posting_date <> a.posting_date OR e.source_kind <> 'allocation'
        """,
    ),
    Invariant(
        "I13",
        "Every entry lies in a period, and none was recorded there after it was closed",
        """
        WITH spans AS (
            SELECT p.*, (SELECT max(v.at) FROM core_eventsubject s
                           JOIN core_event v ON v.id = s.event_id
                          WHERE s.kind = 'period' AND s.subject_id = p.id
                            AND v.verb = 'period.closed') AS closed_at
              FROM ledger_period p
        )
        SELECT e.id FROM ledger_entry e
          LEFT JOIN spans p
            ON p.company_id = e.company_id AND e.posting_date BETWEEN p.starts_on AND p.ends_on
           AND p.module = CASE e.journal WHEN 'sales' THEN 'AR' WHEN 'cash' THEN 'AR'
                          WHEN 'stock' THEN 'INV' WHEN 'purchases' THEN 'AP' ELSE 'GL' END
         WHERE p.id IS NULL
            OR (p.state IN ('closed', 'locked') AND e.recorded_at > p.closed_at)
        """,
    ),
    Invariant("I16", "The totals per account and day are the sums of the lines", TOTALS),
    Invariant(
        "I22",
        "No entry, allocation or open item links two companies, and none in force two partners",
        """
        SELECT 'line', l.id FROM ledger_entryline l
          JOIN ledger_entry e ON e.id = l.entry_id
          LEFT JOIN ledger_account a ON a.id = l.account_id AND a.company_id = e.company_id
         WHERE a.id IS NULL
        UNION ALL
        SELECT 'allocation', x.id FROM ledger_allocation x
          JOIN ledger_openitem d ON d.id = x.debit_item_id
          JOIN ledger_openitem c ON c.id = x.credit_item_id
          JOIN ledger_entry e ON e.id = x.entry_id
         WHERE x.company_id <> ALL (ARRAY[d.company_id, c.company_id, e.company_id])
            OR d.company_id <> c.company_id OR d.company_id <> e.company_id
            OR d.currency <> c.currency
            OR ((d.customer_id IS DISTINCT FROM c.customer_id
                 OR d.supplier_id IS DISTINCT FROM c.supplier_id)
                AND x.reverses_id IS NULL
                AND NOT EXISTS (SELECT FROM ledger_allocation r WHERE r.reverses_id = x.id))
        UNION ALL
        SELECT 'item', i.id FROM ledger_openitem i
          LEFT JOIN partners_customer c ON c.id = i.customer_id
          LEFT JOIN partners_supplier s ON s.id = i.supplier_id
         WHERE i.company_id <> coalesce(c.company_id, s.company_id, i.company_id)
        """,
    ),
    Invariant(
        "I24",
        "No amount in the books is finer than its currency, or no number at all",
        """
        SELECT l.id FROM ledger_entryline l
          JOIN ledger_entry e ON e.id = l.entry_id JOIN core_company c ON c.id = e.company_id
         WHERE l.base_amount <> round(l.base_amount, core_minor_digits(c.currency))
            OR l.amount <> round(l.amount, core_minor_digits(l.currency))
            OR 'NaN' IN (l.base_amount, l.amount)
        """,
    ),
)
