"""The credit check: what a customer owes and will owe, against the limit, under its lock.

Rules: docs/algorithms/credit.md. Exposure is gross, includes disputed and overdue invoices, and
equality passes. An order that a check holds does not use credit until someone releases it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, formats
from core.models import Company
from core.money import ZERO, Money, round_amount
from ledger.rates import rate
from orders.holds import Finding, Rule
from orders.models import Order
from partners.exposure import Moves, Standing, Totals
from partners.models import CreditAccount

Position = dict[str, Any]

OLDEST_DUE = """
SELECT c.credit_account_id, min(i.due_on)
  FROM partners_customer c
  JOIN ledger_openitem i ON i.customer_id = c.id
 WHERE c.credit_account_id = ANY(%s) AND i.company_id = %s
   AND i.open_amount <> 0 AND i.side = 'debit' AND NOT i.is_disputed
 GROUP BY c.credit_account_id
"""


def convert_at(company: Company, on: date) -> Callable[[Decimal, str, str], Decimal]:
    """Converts amounts between currencies at the rates of a day, each rate asked for once."""
    known: dict[str, Decimal] = {company.currency: Decimal(1)}

    def rate_of(currency: str) -> Decimal:
        if currency not in known:
            known[currency] = rate(company, currency, on)
        return known[currency]

    def convert(amount: Decimal, given: str, wanted: str) -> Decimal:
        if given == wanted or not amount:
            return amount
        return round_amount(amount / rate_of(given) * rate_of(wanted), wanted)

    return convert


@dataclass
class CreditDesk:
    """The locked credit accounts of one deed: checks orders in turn, and keeps count.

    What it says is kept with the hold and read on later days, so its figures name their day.
    """

    company: Company
    standings: dict[int, Standing]
    oldest_due: dict[int, date]
    moves: Moves = field(default_factory=Moves)
    seen: dict[int, Position] = field(default_factory=dict)  # by order, after its check

    def __post_init__(self) -> None:
        self.today = clock.today(self.company)
        self.convert = convert_at(self.company, self.today)

    def admit(self, order: Order, gross: Decimal) -> Finding | None:
        """Checks what an order claims and lets it use credit if it passes."""
        account_id = order.customer.credit_account_id
        problem = self.check(account_id, order.currency, gross)
        if problem is None:
            self.use(account_id, order.currency, gross)
        self.seen[order.pk] = self.position(account_id)
        return problem

    def use(self, account_id: int, currency: str, gross: Decimal) -> None:
        """Notes that open orders of the account grow (or, below zero, shrink)."""
        totals = self.standings[account_id].totals.setdefault(currency, Totals())
        totals.open_orders += gross
        self.moves.add(account_id, currency, open_orders=gross)

    def position(self, account_id: int) -> Position:
        """The figures of an account as a hold and its release keep them."""
        standing = self.standings[account_id]
        return {
            "currency": standing.account.currency,
            "limit": standing.account.limit,
            "exposure": standing.exposure(self.convert),
        }

    def check(self, account_id: int, currency: str, gross: Decimal = ZERO) -> Finding | None:
        """What forbids to use `gross` more credit; None when nothing does.

        All that is wrong is in one finding, since one release answers for it.
        """
        account = self.standings[account_id].account
        exposure = self._exposure_with(account_id, currency, gross)
        over = exposure - account.limit
        days = self._days_late(account_id)
        problems: list[tuple[str, str]] = []
        if account.blocked:
            problems.append(("credit.blocked", _("The credit account is blocked.")))
        if over > 0:
            problems.append(("credit.over_limit", self._over_limit(account, exposure, over)))
        if days > account.max_overdue_days:
            problems.append(("credit.overdue", self._overdue(days, account.max_overdue_days)))
        if not problems:
            return None
        numbers = {
            **self.position(account_id),
            "exposure_with_order": exposure,
            "over": max(over, ZERO),
            "days_overdue": days,
            "max_overdue_days": account.max_overdue_days,
            "blocked": account.blocked,
        }
        words = " ".join(text for _code, text in problems)
        return Finding(Rule.CREDIT, problems[0][0], words, numbers)

    def _exposure_with(self, account_id: int, currency: str, gross: Decimal) -> Decimal:
        standing = self.standings[account_id]
        totals = standing.totals.setdefault(currency, Totals())
        totals.open_orders += gross
        exposure = standing.exposure(self.convert)
        totals.open_orders -= gross
        return exposure

    def _days_late(self, account_id: int) -> int:
        due = self.oldest_due.get(account_id)
        return max((self.today - due).days, 0) if due else 0

    def _over_limit(self, account: CreditAccount, exposure: Decimal, over: Decimal) -> str:
        currency = account.currency
        return _(
            "Exposure with this order: %(exposure)s on %(day)s; limit: %(limit)s; %(over)s too"
            " much. It passes with an order smaller by %(over)s, a payment of as much, or a higher"
            " limit."
        ) % {
            "exposure": Money(exposure, currency),
            "day": formats.day(self.today),
            "limit": Money(account.limit, currency),
            "over": Money(over, currency),
        }

    def _overdue(self, days: int, allowed: int) -> str:
        return ngettext(
            "Oldest open invoice: %(days)s day late on %(day)s; %(allowed)s allowed."
            " It passes once what is later than that is paid.",
            "Oldest open invoice: %(days)s days late on %(day)s; %(allowed)s allowed."
            " It passes once what is later than that is paid.",
            days,
        ) % {"days": days, "day": formats.day(self.today), "allowed": allowed}


def open_desk(company: Company, locked: dict[int, Standing]) -> CreditDesk:
    """The desk for locked accounts, with their oldest overdue item: one statement."""
    return CreditDesk(company, locked, oldest_due(company, locked))


def oldest_due(company: Company, account_ids: Collection[int]) -> dict[int, date]:
    """The due date of the oldest undisputed open item of each credit account."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_DUE, [list(account_ids), company.pk])
        return dict(cursor.fetchall())
