"""What must always hold of statements, receipts and their share of the books."""

from core.invariants import Invariant, numbers

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I04r",
        "What is left of each receipt is its share of unapplied receipts in the books",
        """
        SELECT r.id, r.number, i.open_base_amount, coalesce(b.unapplied, 0)
          FROM payments_receipt r
          JOIN ledger_openitem i ON i.id = r.open_item_id
          LEFT JOIN (SELECT l.open_item_id, -sum(l.base_amount) AS unapplied
                       FROM ledger_entryline l
                       JOIN ledger_account a ON a.id = l.account_id
                      WHERE a.role = 'UNAPPLIED_RECEIPTS'
                      GROUP BY l.open_item_id) AS b ON b.open_item_id = i.id
         WHERE i.open_base_amount <> coalesce(b.unapplied, 0)
        """,
    ),
    Invariant(
        "I05r",
        "Of each receipt, no more is applied than came in, and what is left is the rest",
        """
        SELECT r.id, r.number, r.amount, i.open_amount, coalesce(a.applied, 0)
          FROM payments_receipt r
          JOIN ledger_openitem i ON i.id = r.open_item_id
          LEFT JOIN (SELECT credit_item_id, sum(amount) AS applied
                       FROM ledger_allocation GROUP BY credit_item_id) AS a
            ON a.credit_item_id = i.id
         WHERE coalesce(a.applied, 0) NOT BETWEEN 0 AND r.amount
            OR i.open_amount <> r.amount - coalesce(a.applied, 0)
            OR i.amount <> r.amount OR i.currency <> r.currency
            OR i.customer_id IS DISTINCT FROM r.customer_id
            OR (r.state = 'reversed' AND i.open_amount <> 0)
        """,
    ),
    numbers("I08r", "Numbers of receipts have no gap and no twin", "payments_receipt", "receipt"),
    Invariant(
        "I12p",
        "Each incoming payment that is recorded has one receipt, each booked one its entry",
        """
        SELECT t.id, t.state, t.amount, count(r.id)
          FROM payments_banktransaction t
          LEFT JOIN payments_receipt r
            ON r.transaction_id = t.id AND (r.state = 'recorded' OR r.returned_by_id IS NOT NULL)
          LEFT JOIN payments_receipt back ON back.returned_by_id = t.id
         GROUP BY t.id, back.id
        HAVING (t.state = 'recorded') <> (count(r.id) + (t.entry_id IS NOT NULL)::int
                                          + (back.id IS NOT NULL)::int = 1)
            OR bool_or(r.amount <> t.amount + t.charges OR r.currency <> t.currency)
        """,
    ),
    Invariant(
        "I23a",
        "Each bank statement: opening plus transactions is closing",
        """
        SELECT s.id, s.statement_id, s.opening_balance, s.closing_balance, sum(t.amount)
          FROM payments_bankstatement s
          LEFT JOIN payments_banktransaction t ON t.statement_id = s.id
         GROUP BY s.id
        HAVING s.opening_balance + coalesce(sum(t.amount), 0) <> s.closing_balance
        """,
    ),
    Invariant(
        "I23b",
        "Each bank statement opens with what the one before closed with, and none is missing",
        """
        SELECT id, statement_id, opening_balance, before FROM (
            SELECT id, statement_id, opening_balance, chain_position,
                   lag(closing_balance) OVER w AS before, lag(chain_position) OVER w AS place
              FROM payments_bankstatement
             WHERE chain_position IS NOT NULL
            WINDOW w AS (PARTITION BY bank_account_id ORDER BY chain_position)) AS chained
         WHERE before <> opening_balance OR place <> chain_position - 1
        """,
    ),
    Invariant(
        "I23w",
        "The entries of a statement are withdrawn with it, and only with it",
        """
        SELECT t.id, t.state, s.statement_id, s.chain_position
          FROM payments_banktransaction t
          JOIN payments_bankstatement s ON s.id = t.statement_id
         WHERE (t.state = 'withdrawn') <> (s.chain_position IS NULL)
        """,
    ),
    Invariant(
        "I23c",
        "Each bank transaction is in the currency of its account, and of its company",
        """
        SELECT t.id FROM payments_banktransaction t
          JOIN payments_bankstatement s ON s.id = t.statement_id
          JOIN ledger_bankaccount b ON b.id = s.bank_account_id
         WHERE t.currency <> b.currency OR s.currency <> b.currency
            OR t.company_id <> s.company_id OR b.company_id <> s.company_id
        """,
    ),
)
