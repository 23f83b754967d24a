"""How long things take: from order to invoice, and from invoice to cash, as medians."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from core.models import Company

# The days of everything that ended in the last period, and in the one before it.
PERIODS = """
SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY days)
           FILTER (WHERE day > %(middle)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE day <= %(middle)s),
       count(*) FILTER (WHERE day > %(middle)s)
  FROM ({ended}) AS ended(day, days)
"""
ORDER_TO_INVOICE = """
SELECT i.issued_on, i.issued_on - o.ordered_on
  FROM invoicing_invoice i
  JOIN core_documentlink l ON l.to_kind = 'invoice' AND l.to_id = i.id AND l.from_kind = 'order'
  JOIN orders_order o ON o.id = l.from_id
 WHERE i.company_id = %(company)s AND i.kind = 'invoice'
   AND i.issued_on > %(start)s AND i.issued_on <= %(on)s
"""
# One row per payment of an invoice, not counting what was taken back by then.
INVOICE_TO_CASH = """
SELECT a.posting_date, c.posted_on - d.posted_on
  FROM ledger_allocation a
  JOIN ledger_openitem d ON d.id = a.debit_item_id
  JOIN ledger_openitem c ON c.id = a.credit_item_id
 WHERE a.company_id = %(company)s AND a.reverses_id IS NULL
   AND d.source_kind = 'invoice' AND c.source_kind = 'receipt'
   AND a.posting_date > %(start)s AND a.posting_date <= %(on)s
   AND a.id NOT IN (SELECT r.reverses_id FROM ledger_allocation r
                     WHERE r.company_id = %(company)s AND r.reverses_id IS NOT NULL
                       AND r.posting_date <= %(on)s)
"""


@dataclass(frozen=True)
class Pace:
    """Days: half of all took at most `median`, nine in ten at most `most`."""

    median: Decimal | None
    most: Decimal | None
    before: Decimal | None
    count: int


def order_to_invoice(company: Company, on: date, days: int) -> Pace:
    """From the order date to the date of each invoice issued in the last `days` days."""
    return _pace(ORDER_TO_INVOICE, company, on, days)


def invoice_to_cash(company: Company, on: date, days: int) -> Pace:
    """From the invoice date to the day of each payment applied in the last `days` days."""
    return _pace(INVOICE_TO_CASH, company, on, days)


def _pace(ended: str, company: Company, on: date, days: int) -> Pace:
    middle = on - timedelta(days=days)
    given: dict[str, int | date] = {
        "company": company.pk,
        "on": on,
        "middle": middle,
        "start": middle - timedelta(days=days),
    }
    with connection.cursor() as cursor:
        cursor.execute(PERIODS.format(ended=ended), given)
        now, before, count = cursor.fetchone()
    median, most = now or (None, None)
    return Pace(_days(median), _days(most), _days(before), count)


def _days(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 1)))
