"""Which account stands for which role, and which days are open to post on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.actions import inside_transaction
from core.models import Company, rights
from core.refusals import Refused
from ledger.models import AccountRole, Module, Period
from users.models import User

# Locks the periods of the wanted days against closing, in primary-key order, and reads the chart.
OPEN_BOOKS = """
WITH wanted AS (SELECT * FROM unnest(%(modules)s::text[], %(days)s::date[]) AS w(module, day)),
     held AS (SELECT p.module, p.starts_on, p.ends_on, p.state
                FROM ledger_period p
               WHERE p.company_id = %(company)s
                 AND EXISTS (SELECT FROM wanted w WHERE w.module = p.module
                                AND w.day BETWEEN p.starts_on AND p.ends_on)
               ORDER BY p.id
                 FOR SHARE OF p)
SELECT 'period', module, NULL::bigint, starts_on, ends_on, state FROM held
UNION ALL
SELECT 'account', role, id, NULL, NULL, NULL
  FROM ledger_account WHERE company_id = %(company)s AND role <> ''
"""

NEXT_OPEN = """
SELECT starts_on FROM ledger_period
 WHERE company_id = %s AND module = %s AND starts_on > %s AND state = ANY (%s)
 ORDER BY starts_on LIMIT 1 FOR SHARE
"""


@dataclass(frozen=True)
class Window:
    """A period as posting sees it."""

    module: Module
    starts_on: date
    ends_on: date
    takes_postings: bool


@dataclass
class Books:
    """The chart and the periods that a posting needs; the periods are locked against closing."""

    company: Company
    accounts: dict[str, int]
    windows: list[Window]
    by: User
    _passed_over: dict[Window, date] = field(default_factory=dict)

    def account(self, role: AccountRole | None) -> int:
        """The id of the account that has `role`."""
        try:
            return self.accounts[role or ""]
        except KeyError:
            raise Refused(
                "ledger.role_missing",
                _("No account is used for “%(role)s”. Choose one in the chart of accounts.")
                % {"role": AccountRole(role).label if role else "?"},
            ) from None

    def window(self, module: Module, on: date) -> Window:
        for window in self.windows:
            if window.module == module and window.starts_on <= on <= window.ends_on:
                return window
        raise Refused(
            "period.missing",
            _("There is no period for %(day)s. A controller can open its year.") % {"day": on},
        )

    def check_open(self, module: Module, on: date) -> None:
        """Raises Refused `period.closed` or `period.missing`."""
        if not self.window(module, on).takes_postings:
            raise Refused(
                "period.closed",
                _(
                    "The period of %(day)s is closed. Use a later date, or have a "
                    "controller open it again."
                )
                % {"day": on},
                module=module.value,
            )

    def first_open_day(self, module: Module, on: date) -> date:
        """`on` if its period is open, else the first day of the next one that is."""
        window = self.window(module, on)
        if window.takes_postings:
            return on
        if window not in self._passed_over:
            self._passed_over[window] = self._opens_after(module, on)
        return self._passed_over[window]

    def _opens_after(self, module: Module, on: date) -> date:
        with connection.cursor() as cursor:
            cursor.execute(
                NEXT_OPEN, [self.company.pk, module.value, on, list(_states_open_to(self))]
            )
            row = cursor.fetchone()
        if row:
            opens_on: date = row[0]
            return opens_on
        raise Refused("period.none_open", _("No period after %(day)s is open.") % {"day": on})


def _states_open_to(books: Books) -> Collection[str]:
    """Soft-closed periods take postings from controllers in person, not from the program."""
    by, company = books.by, books.company
    if not by.is_system and rights(by).may("ledger.close", company.pk):
        return {Period.State.OPEN.value, Period.State.SOFT_CLOSED.value}
    return {Period.State.OPEN.value}


@inside_transaction
def open_books(company: Company, wanted: Iterable[tuple[Module, date]], by: User) -> Books:
    """The chart, and the periods of the wanted (module, day), share-locked, in one statement."""
    pairs = sorted(set(wanted))
    given: dict[str, Any] = {
        "modules": [module.value for module, _day in pairs],
        "days": [day for _module, day in pairs],
        "company": company.pk,
    }
    books = Books(company, {}, [], by)
    open_states = _states_open_to(books)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_BOOKS, given)
        for what, name, pk, starts_on, ends_on, state in cursor.fetchall():
            if what == "account":
                books.accounts[name] = pk
            else:
                takes = state in open_states
                books.windows.append(Window(Module(name), starts_on, ends_on, takes))
    return books
