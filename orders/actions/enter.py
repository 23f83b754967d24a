"""Entering and editing drafts: what the customer wants, before it binds anyone."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, events
from core.actions import action
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
from orders import entering
from orders.drafts import OrderDraft
from orders.entering import LINE_COLUMNS, ORDER_COLUMNS
from orders.locking import lock_orders
from orders.models import Order, OrderLine
from users.models import User


@action
def enter_orders(company: Company, drafts: Sequence[OrderDraft], *, by: User) -> list[Order]:
    """Writes drafts as they were said; prices are those of the list for now.

    Raises Refused when a customer, product, warehouse or address is not known here, or a figure
    cannot be meant.
    """
    rights(by).require("orders.enter", company.pk)
    return entering.enter(company, drafts, by)


@action
def edit_order(order_id: int, draft: OrderDraft, *, version: int, by: User) -> Order:
    """Replaces what a draft says. A form that was opened on an older version is refused."""
    (order,) = lock_orders([order_id], by)
    company = order.company
    rights(by).require("orders.enter", company.pk)
    if order.state != Order.State.DRAFT:
        raise Refused(
            "order.not_a_draft", _("%s is not a draft any more. Take it back first.") % order
        )
    if order.version != version:
        raise Refused(
            "order.changed_meanwhile",
            _("Someone changed this order while you were editing. Reload it and enter it again."),
            version=order.version,
        )
    buyers, articles = entering.look_up(company, [draft], by)
    (columns,), (lines,) = entering.rows_of(company, [draft], [order.pk], buyers, articles)
    for name, value in zip(ORDER_COLUMNS, columns, strict=True):
        setattr(order, name, value)
    order.version, order.edited_by = order.version + 1, by
    order.tax = order.gross = ZERO
    order.save()
    order.lines.all().delete()
    bulk.insert(OrderLine, LINE_COLUMNS, lines)
    events.record(
        company,
        "order.changed",
        [events.Fact([("order", order.pk), ("customer", order.customer_id)])],
        by=by,
    )
    return order
