"""The price of a line: the customer's own list first, then the default list of the currency.

In a list the highest quantity break reached counts, and of its prices valid on the day the one
that began last; so a campaign price is simply entered over the standing one and ends by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from core.models import Company

# customer, currency, product, quantity, day
Wanted = tuple[int | None, str, int, Decimal, date]

FITS = """
SELECT p.amount, p.min_quantity, p.valid_from, p.price_list_id
  FROM catalog_price p
 WHERE p.price_list_id = {list} AND p.product_id = w.product_id AND p.min_quantity <= w.quantity
   AND p.valid_from <= w.on_day AND (p.valid_to IS NULL OR p.valid_to >= w.on_day)
 ORDER BY p.min_quantity DESC, p.valid_from DESC
 LIMIT 1
"""
FIND = f"""
SELECT coalesce(own.amount, std.amount), coalesce(own.min_quantity, std.min_quantity),
       coalesce(own.valid_from, std.valid_from), coalesce(own.price_list_id, std.price_list_id),
       coalesce(CASE WHEN own.amount IS NOT NULL THEN o.name END, d.name)
  FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::numeric[], %s::date[])
       WITH ORDINALITY AS w(customer_id, currency, product_id, quantity, on_day, place)
  LEFT JOIN catalog_pricelistassignment a ON a.customer_id = w.customer_id AND a.company_id = %s
  LEFT JOIN catalog_pricelist o
         ON o.id = a.price_list_id AND o.currency = w.currency AND o.archived_at IS NULL
  LEFT JOIN catalog_pricelist d
         ON d.company_id = %s AND d.currency = w.currency AND d.is_default
        AND d.archived_at IS NULL
  LEFT JOIN LATERAL ({FITS.format(list="o.id")}) own ON TRUE
  LEFT JOIN LATERAL ({FITS.format(list="CASE WHEN own.amount IS NULL THEN d.id END")}) std ON TRUE
 ORDER BY w.place
"""


@dataclass(frozen=True)
class Quote:
    """A price and where it comes from."""

    amount: Decimal
    min_quantity: Decimal
    valid_from: date
    price_list_id: int
    price_list: str


def quote(company: Company, wanted: Sequence[Wanted]) -> list[Quote | None]:
    """The price of one unit for each line, with its list, or None; one statement for any number."""
    if not wanted:
        return []
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*wanted, strict=True)]
        cursor.execute(FIND, [*columns, company.pk, company.pk])
        return [Quote(*row) if row[0] is not None else None for row in cursor.fetchall()]


def find_prices(company: Company, wanted: Sequence[Wanted]) -> list[Decimal | None]:
    """The price of one unit for each (customer, currency, product, quantity, day), or None."""
    return [found.amount if found else None for found in quote(company, wanted)]
