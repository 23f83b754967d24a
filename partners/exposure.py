"""What credit accounts owe and will owe: the running totals that deeds move, and their lock.

In the order of `core.locks`, `lock_exposure` locks the credit accounts before all documents, for
deeds that decide by the limit; `Moves.write` moves the totals after the number series, as the last
thing any deed locks.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from core.actions import inside_transaction
from core.locks import lock
from core.money import ZERO
from partners.models import CreditAccount, Exposure

Convert = Callable[[Decimal, str, str], Decimal]  # amount, from currency, to currency

UPSERT = """
INSERT INTO partners_exposure AS e
       (credit_account_id, currency, open_orders, unbilled, receivable, unapplied)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[], %s::numeric[],
                     %s::numeric[])
    ON CONFLICT (credit_account_id, currency) DO UPDATE
   SET open_orders = e.open_orders + excluded.open_orders,
       unbilled = e.unbilled + excluded.unbilled,
       receivable = e.receivable + excluded.receivable,
       unapplied = e.unapplied + excluded.unapplied
"""


@dataclass
class Totals:
    """The four parts of an exposure in one currency, gross; `unapplied` lowers it."""

    open_orders: Decimal = ZERO
    unbilled: Decimal = ZERO
    receivable: Decimal = ZERO
    unapplied: Decimal = ZERO

    @property
    def sum(self) -> Decimal:
        return self.open_orders + self.unbilled + self.receivable - self.unapplied

    def parts(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        return self.open_orders, self.unbilled, self.receivable, self.unapplied


class Moves:
    """Changes of exposure gathered by a deed, for all its documents, and written at once."""

    def __init__(self) -> None:
        self._totals: dict[tuple[int, str], Totals] = defaultdict(Totals)

    def add(
        self,
        credit_account_id: int,
        currency: str,
        *,
        open_orders: Decimal = ZERO,
        unbilled: Decimal = ZERO,
        receivable: Decimal = ZERO,
        unapplied: Decimal = ZERO,
    ) -> None:
        """Notes changes of the four parts, each up (above zero) or down (below)."""
        totals = self._totals[credit_account_id, currency]
        totals.open_orders += open_orders
        totals.unbilled += unbilled
        totals.receivable += receivable
        totals.unapplied += unapplied

    def add_item(self, credit_account_id: int, currency: str, side: str, change: Decimal) -> None:
        """Notes the change of an open item's open amount: debit items are receivable."""
        if side == "debit":
            self.add(credit_account_id, currency, receivable=change)
        else:
            self.add(credit_account_id, currency, unapplied=change)

    @inside_transaction
    def write(self) -> None:
        """Writes all moves in one statement, in key order so that deeds never cross."""
        rows = [(*key, *t.parts()) for key, t in sorted(self._totals.items()) if any(t.parts())]
        self._totals.clear()
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(UPSERT, [list(column) for column in zip(*rows, strict=True)])


@dataclass
class Standing:
    """A credit account as a check sees it: its limit, and its totals by currency."""

    account: CreditAccount
    totals: dict[str, Totals] = field(default_factory=dict)

    def exposure(self, convert: Convert) -> Decimal:
        """The exposure in the currency of the limit."""
        to = self.account.currency
        return sum((convert(t.sum, currency, to) for currency, t in self.totals.items()), ZERO)


@inside_transaction
def lock_exposure(credit_account_ids: Collection[int]) -> dict[int, Standing]:
    """Locks credit accounts and then reads what they owe: two statements for any number."""
    accounts = lock(CreditAccount.objects.filter(pk__in=credit_account_ids))
    return standings(accounts)


def standings(accounts: Collection[CreditAccount]) -> dict[int, Standing]:
    """What credit accounts owe, in one statement."""
    found = {account.pk: Standing(account) for account in accounts}
    rows = Exposure.objects.filter(credit_account__in=found).order_by("currency")
    for row in rows:
        found[row.credit_account_id].totals[row.currency] = Totals(
            row.open_orders, row.unbilled, row.receivable, row.unapplied
        )
    return found
