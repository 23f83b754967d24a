"""Open items as of any day, by posting date and, if asked, by what was recorded up to a moment.

What was open on a day is what is open now plus what was allocated later: near today, which is
where most questions lie, few rows are read.
"""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from core.models import Company
from ledger.models import AccountRole, Side
from ledger.queries.balances import fetch

RECEIVABLE_ROLES = (AccountRole.AR_CONTROL, AccountRole.UNAPPLIED_RECEIPTS)

# `opened` are the items open then, with their open amounts then, above zero on their side.
OPENED = """
WITH later AS (
    SELECT a.item_id, sum(a.amount) AS amount, sum(a.base) AS base
      FROM (SELECT debit_item_id, amount, debit_base FROM ledger_allocation WHERE {later}
            UNION ALL
            SELECT credit_item_id, amount, credit_base FROM ledger_allocation WHERE {later}
           ) AS a(item_id, amount, base)
     GROUP BY a.item_id
    HAVING sum(a.amount) <> 0 OR sum(a.base) <> 0
), opened AS (
    SELECT i.id, i.customer_id, i.supplier_id, i.account_role, i.side, i.source_kind, i.source_id,
           i.source_name, i.position, i.posted_on, i.due_on, i.currency, i.amount,
           i.open_amount + coalesce(l.amount, 0) AS open_amount,
           i.open_base_amount + coalesce(l.base, 0) AS open_base_amount
      FROM ledger_openitem i LEFT JOIN later l ON l.item_id = i.id
     WHERE i.open_amount <> 0 AND {then}
    UNION ALL
    SELECT i.id, i.customer_id, i.supplier_id, i.account_role, i.side, i.source_kind, i.source_id,
           i.source_name, i.position, i.posted_on, i.due_on, i.currency, i.amount,
           l.amount, l.base
      FROM later l JOIN ledger_openitem i ON i.id = l.item_id
     WHERE i.open_amount = 0 AND {then}
)"""

ITEMS = """
SELECT * FROM opened
 WHERE open_amount <> 0 OR open_base_amount <> 0
 ORDER BY due_on, id
"""


class ItemThen(NamedTuple):
    """An item as it stood: amounts above zero on its side."""

    id: int
    customer_id: int | None
    supplier_id: int | None
    account_role: str
    side: str
    source_kind: str
    source_id: int
    source_name: str
    position: int
    posted_on: date
    due_on: date
    currency: str
    amount: Decimal
    open_amount: Decimal
    open_base_amount: Decimal

    @property
    def sign(self) -> int:
        return 1 if self.side == Side.DEBIT else -1


def opened(
    company: Company,
    on: date,
    *,
    known_at: datetime | None = None,
    customers: Collection[int] | None = None,
    roles: Collection[str] = RECEIVABLE_ROLES,
) -> tuple[str, dict[str, Any]]:
    """The beginning of a statement, `WITH … opened AS (…)`, and its parameters."""
    later = "company_id = %(company)s AND (posting_date > %(on)s"
    later += " OR recorded_at > %(known_at)s)" if known_at else ")"
    then = "i.company_id = %(company)s AND i.posted_on <= %(on)s"
    then += " AND i.account_role = ANY (%(roles)s)"
    then += " AND i.recorded_at <= %(known_at)s" if known_at else ""
    then += " AND i.customer_id = ANY (%(customers)s)" if customers is not None else ""
    given = {
        "company": company.pk,
        "on": on,
        "known_at": known_at,
        "customers": list(customers or ()),
        "roles": [str(role) for role in roles],
    }
    return OPENED.format(later=later, then=then), given


def open_items(
    company: Company,
    on: date,
    *,
    known_at: datetime | None = None,
    customers: Collection[int] | None = None,
    roles: Collection[str] = RECEIVABLE_ROLES,
) -> list[ItemThen]:
    """The items open at the end of `on`, the oldest due first."""
    beginning, given = opened(company, on, known_at=known_at, customers=customers, roles=roles)
    return [ItemThen(*row) for row in fetch(beginning + ITEMS, given)]
