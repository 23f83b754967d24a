"""Balances of accounts as of any day: totals per day, plus the lines above their mark.

No entry closes a year: what stands on an account of income or expense counts from the first day
of the fiscal year that is asked about, and what came before counts as retained earnings.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from core.models import Company
from ledger.models import Account

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
# Where it stands in the fiscal year that begins on %(year)s.
RESULT = "a.kind IN ('income', 'expense')"
STANDING = f""", standing AS (
    SELECT CASE WHEN {RESULT} AND m.day < %(year)s
                THEN coalesce(kept.id, a.id) ELSE a.id END AS stands_on, m.*
      FROM moved m
      JOIN ledger_account a ON a.id = m.account_id
      LEFT JOIN ledger_account kept
        ON kept.company_id = a.company_id AND kept.role = 'RETAINED_EARNINGS'
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
  FROM standing m JOIN ledger_account a ON a.id = m.stands_on
 GROUP BY a.id, {group}
HAVING sum({debit}) <> 0 OR sum({credit}) <> 0
 ORDER BY a.number, {group}
"""

OF_ACCOUNT = "AND a.id = %(account)s"
BALANCE = """
SELECT m.currency, sum(m.base_debit - m.base_credit), sum(m.debit - m.credit)
  FROM standing m WHERE m.stands_on = %(account)s GROUP BY m.currency
"""

CARRIED = """
SELECT y.first, %(sign)s * coalesce(sum(m.base_debit - m.base_credit), 0)
  FROM unnest(%(years)s::date[]) AS y(first) LEFT JOIN moved m ON m.day < y.first
 GROUP BY y.first
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
    postings. `known_at` leaves out what was recorded after that moment. Income and expenses
    count from the first day of the fiscal year of `on`.
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
        "year": company.year_begins(on),
        "since": since or date.min,
        "known_at": known_at,
    }
    rows = fetch(_moved(known_at) + STANDING + TRIAL_BALANCE.format(**columns), given)
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
    company: Company, account: Account, on: date, *, known_at: datetime | None = None
) -> list[Sum]:
    """The balance of an account at the end of a day, per currency of its postings.

    It is that of the trial balance: within the fiscal year, or with the results of earlier ones.
    """
    given = {
        "company": company.pk,
        "account": account.pk,
        "on": on,
        "year": company.year_begins(on),
        "known_at": known_at,
    }
    wanted = f"AND (a.id = %(account)s OR {RESULT})" if account.keeps_results else OF_ACCOUNT
    return [Sum(*row) for row in fetch(_moved(known_at, wanted) + STANDING + BALANCE, given)]


def carried_over(company: Company, account: Account, years: Iterable[date]) -> dict[date, Decimal]:
    """What an account gains or loses when fiscal years begin, by their first days.

    Income and expenses lose what they had; retained earnings gain the results of all years
    before. In the company's currency, debit above zero.
    """
    firsts = sorted(set(years))
    if not (account.is_result or account.keeps_results):
        return dict.fromkeys(firsts, Decimal(0))
    wanted = f"AND a.id <> %(account)s AND {RESULT}" if account.keeps_results else OF_ACCOUNT
    given = {
        "company": company.pk,
        "account": account.pk,
        "on": firsts[-1],
        "years": firsts,
        "sign": 1 if account.keeps_results else -1,
    }
    return dict(fetch(_moved(None, wanted) + CARRIED, given))


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
