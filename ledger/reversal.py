"""Taking wrong items of the system before out of the books again: what speaks against it, and the
item that closes one."""

from datetime import date

from django.utils.translation import gettext as _

from core import formats
from core.refusals import Refused
from ledger.items import NewItem
from ledger.models import AccountRole, OpenItem, Side


def why_not_taken_back(item: OpenItem) -> Refused | None:
    """Why this item cannot leave the books again, if so."""
    if item.taken_back_at:
        return Refused("take_over.taken_back", _("%(item)s was taken back.") % {"item": item})
    if item.open_amount != item.amount:
        used = formats.amount(item.amount - item.open_amount, item.currency, code=True)
        return Refused(
            "take_over.used",
            _("%(used)s of %(item)s are settled. Take that back first.")
            % {"used": used, "item": item},
        )
    return None


def counter_item(item: OpenItem, on: date) -> NewItem:
    """The item that stands against one that leaves the books, and closes it."""
    return NewItem(
        AccountRole(item.account_role),
        Side.CREDIT if item.side == Side.DEBIT else Side.DEBIT,
        (item.source_kind, item.source_id, item.source_name),
        2,
        on,
        on,
        item.currency,
        item.amount,
        item.base_amount,
        item.customer_id,
        item.supplier_id,
    )
