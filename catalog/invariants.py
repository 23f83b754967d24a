"""This app's share of the proofs."""

from core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "I22c",
        "A customer buys from a price list of its own company",
        """
        SELECT a.id FROM catalog_pricelistassignment a
          JOIN partners_customer c ON c.id = a.customer_id
          JOIN catalog_pricelist l ON l.id = a.price_list_id
         WHERE a.company_id <> c.company_id OR a.company_id <> l.company_id
        """,
    ),
    Invariant(
        "I16c",
        "No customer buys from an archived price list, and no default is archived",
        """
        SELECT l.id FROM catalog_pricelist l
         WHERE l.archived_at IS NOT NULL
           AND (l.is_default OR EXISTS (
                SELECT FROM catalog_pricelistassignment a WHERE a.price_list_id = l.id))
        """,
    ),
    Invariant(
        "I19c",
        "Every price in force stands in the history as it is",
        """
        SELECT p.id FROM catalog_price p
         WHERE NOT EXISTS (SELECT FROM catalog_priceevent e
                            WHERE e.pgh_obj_id = p.id AND e.amount = p.amount
                              AND e.valid_to IS NOT DISTINCT FROM p.valid_to)
        """,
    ),
)
