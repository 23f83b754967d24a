"""The prices in a list: set, change on the grid, raise; and who buys from which list."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.drafts import PriceDraft
from catalog.models import Price, PriceList, PriceListAssignment
from catalog.pricing import (
    locked_list,
    next_version,
    refuse_archived,
    refuse_taken,
    refuse_wrong,
    write_prices,
)
from catalog.raising import nothing_to_raise, questions, raise_amounts, refuse_change
from core import bulk, events
from core.actions import action, inside_transaction
from core.history import recorded
from core.locks import lock
from core.models import Company, rights
from core.money import minor_digits
from core.refusals import Refused
from partners.models import Customer
from users.models import User


@action
def set_prices(
    company: Company, price_list_id: int, prices: Sequence[PriceDraft], *, by: User
) -> PriceList:
    """Sets prices of a list; one for the same product, quantity and first day is replaced."""
    rights(by).require("catalog.prices", company.pk)
    price_list = locked_list(company, price_list_id, by)
    refuse_archived(price_list)
    refuse_wrong(prices)
    with recorded(by):
        write_prices(price_list, prices)
        _told(price_list, {"prices": len(prices)}, by)
    return price_list


@action
def change_prices(
    price_list: PriceList,
    wanted: Sequence[tuple[int | None, PriceDraft]],
    *,
    removed: Sequence[int] = (),
    seen: int,
    by: User,
) -> PriceList:
    """Changes lines of a list as its grid shows them: row id, or None for a new line, and draft.

    Lines not named stay. Raises Refused `changed_meanwhile` when the grid showed an older version.
    """
    rights(by).require("catalog.prices", price_list.company_id)
    row = locked_list(price_list.company, price_list.pk, by, seen=seen)
    refuse_archived(row)
    own = {pk for pk, _draft in wanted if pk} | set(removed)
    drafts = [draft for _pk, draft in wanted]
    refuse_wrong(drafts)
    refuse_taken(row, drafts, own)
    there = {p.pk: p for p in Price.objects.filter(price_list=row, pk__in=own)}
    moved = [pk for pk, draft in wanted if pk in there and _key(there[pk]) != draft.key]
    fresh = [d for pk, d in wanted if pk not in there or pk in moved or _differs(there[pk], d)]
    with recorded(by):
        Price.objects.filter(price_list=row, pk__in=[*removed, *moved]).delete()
        write_prices(row, fresh)
        if fresh or removed:
            _told(row, {"prices": len(fresh), "removed": len(removed)}, by)
    return row


def _key(price: Price) -> tuple[int, Decimal, date]:
    return price.product_id, price.min_quantity, price.valid_from


def _differs(price: Price, draft: PriceDraft) -> bool:
    return (price.amount, price.valid_to) != (draft.amount, draft.valid_to)


@action
def raise_prices(
    price_list: PriceList,
    percent: Decimal,
    on: date,
    *,
    by: User,
    seen: int | None = None,
    confirmed: bool = False,
) -> PriceList:
    """Raises (or below zero lowers) all prices of a list from a day on; what was, stays before.

    Prices agreed for later go up as well. A campaign over a standing price keeps its own. Asks
    first where the change is large, or the second from the same day on. Raises Refused
    `changed_meanwhile` when the list is not at the version that was `seen`.
    """
    rights(by).require("catalog.prices", price_list.company_id)
    row = locked_list(price_list.company, price_list.pk, by, seen=seen)
    refuse_archived(row)
    digits = minor_digits(row.currency)
    refuse_change(percent, digits)
    if not confirmed:
        for question in questions(row, percent, on):
            raise question
    with recorded(by):
        count = raise_amounts(row, percent=percent, on=on, digits=digits)
        if not count:
            raise nothing_to_raise(on)
        _told(row, {"prices": count, "percent": str(percent), "on": str(on)}, by)
    return row


@inside_transaction
def _told(price_list: PriceList, facts: dict[str, object], by: User) -> None:
    next_version(price_list)
    happened = [events.Fact([("price_list", price_list.pk)], facts)]
    events.record(price_list.company, "price_list.prices_set", happened, by=by)


@action
def assign_price_list(
    company: Company, customer_ids: Sequence[int], price_list_id: int | None, *, by: User
) -> list[Customer]:
    """Gives customers a list of their own, or with None the default list again.

    Raises Refused when one of them buys in another currency: its prices would never be found.
    """
    rights(by).require("catalog.prices", company.pk)
    rows = Customer.objects.visible_to(by).filter(pk__in=customer_ids, company=company)
    customers = lock(rows.select_related("partner"))
    if len(customers) < len(set(customer_ids)):
        raise Refused("catalog.no_customer", _("One of the customers is not there for you."))
    price_list = locked_list(company, price_list_id, by) if price_list_id else None
    if price_list:
        refuse_archived(price_list)
        _refuse_currency(price_list, customers)
    with recorded(by):
        PriceListAssignment.objects.filter(customer__in=customers).delete()
        if price_list:
            bulk.insert(
                PriceListAssignment,
                ("company_id", "customer_id", "price_list_id"),
                [(company.pk, customer.pk, price_list.pk) for customer in customers],
            )
        subjects = [("price_list", price_list.pk)] if price_list else []
        facts = [events.Fact([("customer", c.pk), *subjects]) for c in customers]
        events.record(company, "customer.price_list_assigned", facts, by=by)
    return customers


def _refuse_currency(price_list: PriceList, customers: Sequence[Customer]) -> None:
    for customer in customers:
        if customer.currency != price_list.currency:
            rule = _(
                "%(customer)s buys in %(theirs)s, and “%(name)s” has prices in %(currency)s. "
                "Choose a list in %(theirs)s."
            )
            words = {"customer": customer, "theirs": customer.currency}
            words |= {"name": price_list.name, "currency": price_list.currency}
            raise Refused("catalog.other_currency", rule % words, field="price_list")
