"""Opening items: what is owed enters the subledger together with the entry that says so."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import inside_transaction
from core.models import Company
from core.refusals import Refused
from ledger.models import AccountRole, OpenItem, Side
from ledger.posting import Source

COLUMNS = (
    "id",
    "company_id",
    "account_role",
    "side",
    "source_kind",
    "source_id",
    "source_name",
    "position",
    "posted_on",
    "due_on",
    "currency",
    "amount",
    "open_amount",
    "base_amount",
    "open_base_amount",
    "customer_id",
    "supplier_id",
    "payment_reference",
    "recorded_at",
)


class NewItem(NamedTuple):
    """What an open item is made of. Amounts are above zero on their `side`.

    `posted_on` is the posting date of its entry, and the entry's line on the account of
    `account_role` carries the item's id.
    """

    account_role: AccountRole
    side: Side
    source: Source
    position: int
    posted_on: date
    due_on: date
    currency: str
    amount: Decimal
    base_amount: Decimal
    customer_id: int | None = None
    supplier_id: int | None = None
    payment_reference: str = ""


@inside_transaction
def open_items(
    company: Company, items: Sequence[NewItem], ids: Sequence[int] | None = None
) -> list[int]:
    """Writes open items in one statement, with ids the deed has taken already or new ones."""
    if not items:
        return []
    ids = ids if ids is not None else bulk.take_ids({OpenItem: len(items)})[OpenItem]
    now = clock.now()
    bulk.insert(
        OpenItem,
        COLUMNS,
        [
            (
                pk,
                company.pk,
                item.account_role.value,
                item.side.value,
                *item.source,
                item.position,
                item.posted_on,
                item.due_on,
                item.currency,
                item.amount,
                item.amount,
                item.base_amount,
                item.base_amount,
                item.customer_id,
                item.supplier_id,
                item.payment_reference,
                now,
            )
            for pk, item in zip(ids, items, strict=True)
        ],
    )
    return list(ids)


@inside_transaction
def identify(owners: Mapping[int, int | None]) -> None:
    """Gives open items (id → customer id, or None) to those they are found to belong to.

    Only for items of which nothing is settled. Allocations that were taken back stay as they were
    made: history joins the item to those it was settled with for its customer of that time.
    """
    changed = bulk.update(
        OpenItem,
        ("id", "customer_id"),
        sorted(owners.items()),
        where="t.open_amount = t.amount AND t.supplier_id IS NULL",
    )
    if changed != len(owners):
        raise Refused(
            "items.settled_in_part",
            _("Part of this is settled already. Take that back first, then change the customer."),
        )
