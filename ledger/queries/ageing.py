"""How late receivables are: what is open, by days past the due date of each instalment.

Due today is not late. Receipts and credits not yet applied stand in a column of their own, so that
the row adds up to the accounts of receivables and unapplied receipts in the books.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.models import Company
from ledger.queries.balances import fetch
from ledger.queries.open_items import opened

AGEING = """
SELECT o.customer_id, {currency},
       {buckets},
       coalesce(sum(o.signed) FILTER (WHERE o.account_role <> 'AR_CONTROL'), 0)
  FROM (SELECT customer_id, currency, account_role, %(on)s - due_on AS days,
               CASE side WHEN 'debit' THEN {open} ELSE -{open} END AS signed
          FROM opened) AS o
 GROUP BY 1, 2
HAVING bool_or(o.signed <> 0)
 ORDER BY 1, 2
"""
BUCKETS = ",\n       ".join(
    f"coalesce(sum(o.signed) FILTER (WHERE o.account_role = 'AR_CONTROL' AND {days}), 0)"
    for days in (
        "o.days <= 0",
        "o.days BETWEEN 1 AND 30",
        "o.days BETWEEN 31 AND 60",
        "o.days BETWEEN 61 AND 90",
        "o.days > 90",
    )
)


class Ageing(NamedTuple):
    """What one customer owes in one currency, by age; `unapplied` is below zero.

    `customer_id` is None for receipts of a payer who is not known yet.
    """

    customer_id: int | None
    currency: str
    not_due: Decimal
    days_1_30: Decimal
    days_31_60: Decimal
    days_61_90: Decimal
    over_90: Decimal
    unapplied: Decimal

    @property
    def overdue(self) -> Decimal:
        return self.days_1_30 + self.days_31_60 + self.days_61_90 + self.over_90

    @property
    def receivable(self) -> Decimal:
        return self.not_due + self.overdue

    @property
    def total(self) -> Decimal:
        return self.receivable + self.unapplied


def ageing(
    company: Company,
    on: date,
    *,
    known_at: datetime | None = None,
    customers: Collection[int] | None = None,
    by_currency: bool = False,
) -> list[Ageing]:
    """A row per customer with anything open at the end of `on`, in one statement.

    In the company's currency, or with `by_currency` a row per customer and currency of the
    documents. `known_at` leaves out what was recorded after that moment.
    """
    beginning, given = opened(company, on, known_at=known_at, customers=customers)
    statement = beginning + AGEING.format(
        currency="o.currency" if by_currency else "%(base)s",
        open="open_amount" if by_currency else "open_base_amount",
        buckets=BUCKETS,
    )
    return [Ageing(*row) for row in fetch(statement, given | {"base": company.currency})]


def added_up(rows: Iterable[Ageing], currency: str) -> Ageing:
    """The foot of an ageing: the sums of rows of one currency."""
    columns = zip(*(row[2:] for row in rows), strict=True)
    sums = [sum(column, Decimal(0)) for column in columns] or [Decimal(0)] * 6
    return Ageing(None, currency, *sums)
