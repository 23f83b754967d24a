"""What moved each day: sold, owed, overdue, paid; from these sums any day's figures follow.

An item is overdue from the day after its due date; an allocation takes its part off again. Both
have one first day on which they count, so what was overdue on a day is a running total, as what
was owed is, and every figure is right for any past day.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from django.db import connection

from analytics.dso import Days, Month, count_back, simple
from core.models import Company

# Rows: what, day, amount. What is owed or late on a day is the sum of all rows up to it.
FLOWS = """
SELECT CASE source_kind WHEN 'invoice' THEN 'sold' ELSE 'cash' END, posted_on,
       sum(CASE WHEN (side = 'debit') = (source_kind = 'invoice')
                THEN base_amount ELSE -base_amount END)
  FROM ledger_openitem
 WHERE company_id = %(company)s AND account_role IN ('AR_CONTROL', 'UNAPPLIED_RECEIPTS')
   AND source_kind IN ('invoice', 'receipt')
 GROUP BY source_kind, posted_on
UNION ALL
SELECT CASE WHEN grouping(posted_on) = 0 THEN 'owed' ELSE 'late' END,
       coalesce(posted_on, late_on), sum(base_amount)
  FROM (SELECT posted_on, greatest(posted_on, due_on + 1) AS late_on, base_amount
          FROM ledger_openitem
         WHERE company_id = %(company)s AND account_role = 'AR_CONTROL' AND side = 'debit') AS item
 GROUP BY GROUPING SETS ((posted_on), (late_on))
UNION ALL
SELECT CASE WHEN grouping(posting_date) = 0 THEN 'owed' ELSE 'late' END,
       coalesce(posting_date, late_on), -sum(debit_base)
  FROM (SELECT a.posting_date, greatest(a.posting_date, i.due_on + 1) AS late_on, a.debit_base
          FROM ledger_allocation a JOIN ledger_openitem i ON i.id = a.debit_item_id
         WHERE a.company_id = %(company)s AND i.account_role = 'AR_CONTROL') AS applied
 GROUP BY GROUPING SETS ((posting_date), (late_on))
"""
NAMES = ("sold", "cash", "owed", "late")
MONTHS = 24  # as far back as the count-back looks


class Flow:
    """Sums per day, and their running total."""

    def __init__(self, moves: Iterable[tuple[date, Decimal]]) -> None:
        sums: dict[date, Decimal] = {}
        for day, amount in moves:
            sums[day] = sums.get(day, Decimal(0)) + amount
        self.days = sorted(sums)
        self.totals = [Decimal(0), *accumulate(sums[day] for day in self.days)]

    def up_to(self, day: date) -> Decimal:
        """All that moved until the end of a day."""
        return self.totals[bisect_right(self.days, day)]

    def within(self, first: date, last: date) -> Decimal:
        """What moved from the beginning of one day to the end of another."""
        return self.up_to(last) - self.up_to(first - timedelta(days=1))


@dataclass(frozen=True)
class MonthOfSales:
    """A month, or the part of it that has passed, and what was sold in it."""

    first: date
    last: date
    sales: Decimal


@dataclass(frozen=True)
class Flows:
    """The company's receivables as they moved, in its currency, tax included."""

    sold: Flow
    cash: Flow
    owed: Flow
    late: Flow

    @property
    def begun(self) -> date | None:
        """The first day of which the books know anything."""
        return min((flow.days[0] for flow in (self.sold, self.cash, self.owed) if flow.days),
                   default=None)  # fmt: skip

    def sales(self, on: date, days: int) -> Decimal:
        """Invoices less credit notes of the last `days` days up to `on`."""
        return self.sold.within(on - timedelta(days=days - 1), on)

    def receipts(self, on: date, days: int) -> Decimal:
        """Money received less what was returned, in the last `days` days up to `on`."""
        return self.cash.within(on - timedelta(days=days - 1), on)

    def dso(self, on: date, days: int) -> Decimal | None:
        return simple(self.owed.up_to(on), self.sales(on, days), days)

    def best_dso(self, on: date, days: int) -> Decimal | None:
        """The DSO if everybody paid on the due day."""
        return simple(self.owed.up_to(on) - self.late.up_to(on), self.sales(on, days), days)

    def dso_count_back(self, on: date) -> Days:
        sold = (Month(month.sales, month.last.day) for month in self.months(on))
        return count_back(self.owed.up_to(on), sold)

    def months(self, on: date) -> Iterable[MonthOfSales]:
        """The month so far, and the months before it as far as anything was sold."""
        last = on
        for _month in range(MONTHS):
            first = last.replace(day=1)
            if not self.sold.days or last < self.sold.days[0]:
                return
            yield MonthOfSales(first, last, self.sold.within(first, last))
            last = first - timedelta(days=1)


def flows(company: Company) -> Flows:
    """Everything that ever moved, in one statement; a row per day, not per document."""
    with connection.cursor() as cursor:
        cursor.execute(FLOWS, {"company": company.pk})
        found = cursor.fetchall()
    return Flows(*(Flow((day, moved) for n, day, moved in found if n == name) for name in NAMES))
