"""The price of a line: the customer's own list first, then the default list of the currency.

In a list the highest quantity break reached counts, and of its prices valid on the day the one
that began last; so a campaign price is simply entered over the standing one and ends by itself.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from core.models import Company

# customer, currency, product, quantity, day
Wanted = tuple[int | None, str, int, Decimal, date]

FITS = """
SELECT p.amount
  FROM catalog_price p
 WHERE p.price_list_id = {list} AND p.product_id = w.product_id AND p.min_quantity <= w.quantity
   AND p.valid_from <= w.on_day AND (p.valid_to IS NULL OR p.valid_to >= w.on_day)
 ORDER BY p.min_quantity DESC, p.valid_from DESC
 LIMIT 1
"""
FIND = f"""
SELECT coalesce(own.amount, std.amount)
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


def find_prices(company: Company, wanted: Sequence[Wanted]) -> list[Decimal | None]:
    """The price of one unit for each (customer, currency, product, quantity, day), or None.

    One statement for any number of lines.
    """
    if not wanted:
        return []
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*wanted, strict=True)]
        cursor.execute(FIND, [*columns, company.pk, company.pk])
        return [amount for (amount,) in cursor.fetchall()]
