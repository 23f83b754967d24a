"""This app's share of the proofs."""

from core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "I11p",
        "No part of an exposure is below zero",
        """
        SELECT id, credit_account_id, currency, open_orders, unbilled, receivable, unapplied
          FROM partners_exposure
         WHERE least(open_orders, unbilled, receivable, unapplied) < 0
        """,
    ),
    Invariant(
        "I11q",
        "Every customer has an exposure in the currency of its limit",
        """
        SELECT c.id FROM partners_customer c
          JOIN partners_creditaccount a ON a.id = c.credit_account_id
         WHERE NOT EXISTS (SELECT FROM partners_exposure e
                            WHERE e.credit_account_id = a.id AND e.currency = a.currency)
        """,
    ),
    Invariant(
        "I22p",
        "Customers and suppliers have terms and credit of their own company",
        """
        SELECT 'customer', c.id FROM partners_customer c
          JOIN partners_creditaccount a ON a.id = c.credit_account_id
          JOIN partners_paymentterms t ON t.id = c.payment_terms_id
         WHERE c.company_id <> a.company_id OR c.company_id <> t.company_id
        UNION ALL
        SELECT 'supplier', s.id FROM partners_supplier s
          JOIN partners_paymentterms t ON t.id = s.payment_terms_id
         WHERE s.company_id <> t.company_id
        """,
    ),
    Invariant(
        "I16p",
        "The instalments of payment terms make 100 percent",
        """
        SELECT t.id FROM partners_paymentterms t
          LEFT JOIN partners_termsinstalment i ON i.terms_id = t.id
         GROUP BY t.id HAVING coalesce(sum(i.percent), 0) <> 100
        """,
    ),
    Invariant(
        "I19p",
        "Every customer's present state stands in the history",
        """
        SELECT c.id FROM partners_customer c
         WHERE NOT EXISTS (SELECT FROM partners_customerevent e
                            WHERE e.pgh_obj_id = c.id AND e.version = c.version)
        """,
    ),
    Invariant(
        "I24p",
        "Limits and exposures have no more digits than their currency",
        """
        SELECT id FROM partners_creditaccount
         WHERE "limit" <> round("limit", core_minor_digits(currency))
        UNION ALL
        SELECT id FROM partners_exposure
         WHERE open_orders + unbilled + receivable - unapplied
               <> round(open_orders + unbilled + receivable - unapplied,
                        core_minor_digits(currency))
        """,
    ),
)
