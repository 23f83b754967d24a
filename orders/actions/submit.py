"""Submitting: prices and tax are frozen, every check runs, and what fails is held."""

from collections.abc import Sequence

from core.actions import action
from core.models import rights
from orders import submitting
from orders.locking import company_of, lock_credit, lock_orders
from orders.models import Order
from users.models import User


@action
def submit_orders(ids: Sequence[int], *, by: User) -> list[Order]:
    """Makes drafts binding: freezes prices and tax, numbers them, checks them in turn.

    An order that a check fails is submitted all the same and held, with the rule and its figures;
    if the check is that of credit, it uses none. Raises Refused when a line has no price or tax.
    """
    if not ids:
        return []
    locked = lock_credit(ids)
    orders = lock_orders(ids, by, ("company", "customer__partner", "ship_to", "warehouse"))
    company = company_of(orders)
    rights(by).require("orders.enter", company.pk)
    return submitting.submit(company, orders, locked, by)
