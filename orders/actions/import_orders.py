"""Orders from a spreadsheet: entered and submitted as one, all or nothing."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from core.actions import action
from core.models import Company, rights
from core.refusals import Refused
from orders import entering, submitting
from orders.checks import orders_under
from orders.drafts import OrderDraft, reference_key
from orders.locking import lock_credit, lock_orders
from orders.models import Order
from users.models import User


@action
def import_orders(company: Company, drafts: Sequence[OrderDraft], *, by: User) -> list[Order]:
    """Enters and submits orders together; one that was imported before refuses them all.

    Raises Refused `order.imported_before` when a customer's order number is known already.
    """
    rights(by).require("orders.enter", company.pk)
    if not drafts:
        return []
    _refuse_known(drafts)
    said = [replace(draft, channel=Order.Channel.SPREADSHEET) for draft in drafts]
    ids = [order.pk for order in entering.enter(company, said, by)]
    locked = lock_credit(ids)
    orders = lock_orders(ids, by, ("company", "customer__partner", "ship_to", "warehouse"))
    return submitting.submit(company, orders, locked, by)


def _refuse_known(drafts: Sequence[OrderDraft]) -> None:
    keys = [(draft.customer_id, reference_key(draft.customer_reference)) for draft in drafts]
    known = orders_under({key for key in keys if key[1]})
    for draft, key in zip(drafts, keys, strict=True):
        if known.get(key):
            raise Refused(
                "order.imported_before",
                _("%(reference)s of this customer is here already, as %(order)s.")
                % {
                    "reference": draft.customer_reference,
                    "order": next(iter(known[key].values())),
                },
            )
