"""Balances of accounts as of any day: totals per day, plus the lines above their mark."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from core.models import Company

LINE = """greatest(l.base_amount, 0), greatest(-l.base_amount, 0),
           greatest(l.amount, 0), greatest(-l.amount, 0)"""
TAKEN_OFF = """least(-l.base_amount, 0), least(l.base_amount, 0),
           least(-l.amount, 0), least(l.amount, 0)"""

# The entries above the mark are those of the last minute: OFFSET 0 has their lines looked up one
# entry at a time, where the planner, who cannot know how few they are, would read all lines.
MOVED = f"""
WITH mark AS MATERIALIZED (
    SELECT coalesce(max(entry_id), 0) AS id FROM ledger_totalsmark WHERE company_id = %(company)s
), moved(account_id, currency, day, base_debit, base_credit, debit, credit) AS (
    SELECT t.account_id, t.currency, t.day, t.base_debit, t.base_credit, t.debit, t.credit
      FROM ledger_account a JOIN ledger_daytotal t ON t.account_id = a.id
     WHERE a.company_id = %(company)s AND t.day <= %(on)s {{of_account}}
    UNION ALL
    SELECT l.account_id, l.currency, l.posting_date, {LINE}
      FROM ledger_entry e
     CROSS JOIN LATERAL (SELECT * FROM ledger_entryline WHERE entry_id = e.id OFFSET 0) AS l
      JOIN ledger_account a ON a.id = l.account_id
     WHERE e.company_id = %(company)s AND e.id > (SELECT id FROM mark)
       AND e.posting_date <= %(on)s {{of_account}} {{known}}
    {{unknown}}
)"""
KNOWN = "AND e.recorded_at <= %(known_at)s"
# What was recorded later is in the totals already, so it is taken off again.
UNKNOWN = f"""
    UNION ALL
    SELECT l.account_id, l.currency, l.posting_date, {TAKEN_OFF}
      FROM ledger_entry e
      JOIN ledger_entryline l ON l.entry_id = e.id
      JOIN ledger_account a ON a.id = l.account_id
     WHERE e.company_id = %(company)s AND e.id <= (SELECT id FROM mark)
       AND e.posting_date <= %(on)s AND e.recorded_at > %(known_at)s {{of_account}}"""

TRIAL_BALANCE = """
SELECT a.id, a.number, a.title, a.kind, a.role, {currency},
       sum({debit} - {credit}) FILTER (WHERE m.day < %(since)s),
       sum({debit}) FILTER (WHERE m.day >= %(since)s),
       sum({credit}) FILTER (WHERE m.day >= %(since)s)
  FROM moved m JOIN ledger_account a ON a.id = m.account_id
 GROUP BY a.id, {group}
HAVING sum({debit}) <> 0 OR sum({credit}) <> 0
 ORDER BY a.number, {group}
"""

BALANCE = """
SELECT m.currency, sum(m.base_debit - m.base_credit), sum(m.debit - m.credit)
  FROM moved m GROUP BY m.currency
"""


class Balance(NamedTuple):
    """One account over a span of days: all amounts in `currency`, debit above zero."""

    account_id: int
    number: str
    title: str
    kind: str
    role: str
    currency: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


def trial_balance(
    company: Company,
    on: date,
    *,
    since: date | None = None,
    known_at: datetime | None = None,
    by_currency: bool = False,
) -> list[Balance]:
    """Every account with movement up to `on`: opening before `since`, both sides from then on.

    In the company's currency, or with `by_currency` one row per account and currency of the
    postings. `known_at` leaves out what was recorded after that moment.
    """
    columns = {
        "debit": "m.debit" if by_currency else "m.base_debit",
        "credit": "m.credit" if by_currency else "m.base_credit",
        "currency": "m.currency" if by_currency else "%(base)s",
        "group": "m.currency" if by_currency else "a.number",
    }
    given = {
        "company": company.pk,
        "base": company.currency,
        "on": on,
        "since": since or date.min,
        "known_at": known_at,
    }
    rows = fetch(_moved(known_at) + TRIAL_BALANCE.format(**columns), given)
    return [
        Balance(*row[:6], *(figure if figure is not None else Decimal(0) for figure in row[6:]))
        for row in rows
    ]


class Sum(NamedTuple):
    """The balance of one account in one currency, and the same in the company's."""

    currency: str
    base_amount: Decimal
    amount: Decimal


def account_balance(
    company: Company, account_id: int, on: date, *, known_at: datetime | None = None
) -> list[Sum]:
    """The balance of an account at the end of a day, per currency of its postings."""
    given = {"company": company.pk, "account": account_id, "on": on, "known_at": known_at}
    moved = _moved(known_at, "AND a.id = %(account)s")
    return [Sum(*row) for row in fetch(moved + BALANCE, given)]


def _moved(known_at: datetime | None, of_account: str = "") -> str:
    unknown = UNKNOWN.format(of_account=of_account) if known_at else ""
    return MOVED.format(of_account=of_account, known=KNOWN if known_at else "", unknown=unknown)


def fetch(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that begins with WITH.

    Wrapped, so that it begins with SELECT: the keeper of history takes it for a read.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({statement}) AS report", given)
        return list(cursor.fetchall())
