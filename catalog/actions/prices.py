"""Price lists and the prices in them."""

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from catalog.drafts import PriceDraft, PriceListDraft, checked_price, checked_price_list
from catalog.models import Price, PriceList, PriceListAssignment, Product
from core import bulk, events
from core.actions import action, inside_transaction
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from partners.history import recorded
from partners.models import Customer
from users.models import User

UPSERT = """
INSERT INTO catalog_price (price_list_id, product_id, min_quantity, valid_from, valid_to, amount)
SELECT %s, * FROM unnest(%s::bigint[], %s::numeric[], %s::date[], %s::date[], %s::numeric[])
    ON CONFLICT (price_list_id, product_id, min_quantity, valid_from) DO UPDATE
   SET amount = excluded.amount, valid_to = excluded.valid_to
"""


@action
def add_price_lists(
    company: Company, drafts: Sequence[PriceListDraft], *, by: User
) -> list[PriceList]:
    """Adds empty price lists; a new default takes the place of the old one of its currency."""
    rights(by).require("catalog.prices", company.pk)
    checked = []
    for draft in drafts:
        fit, found = checked_price_list(draft)
        if found:
            raise found[0]
        checked.append(fit)
    _refuse_known_names(company, [draft.name for draft in checked])
    with recorded(by):
        make_room_for_defaults(company, [d.currency for d in checked if d.is_default])
        ids = bulk.take_ids({PriceList: len(checked)})[PriceList]
        bulk.insert(
            PriceList,
            ("id", "company_id", "name", "currency", "is_default"),
            [
                (pk, company.pk, d.name, d.currency, d.is_default)
                for pk, d in zip(ids, checked, strict=True)
            ],
        )
        facts = [events.Fact([("price_list", pk)]) for pk in ids]
        events.record(company, "price_list.added", facts, by=by)
    rows = PriceList.objects.in_bulk(ids)
    return [rows[pk] for pk in ids]


def _refuse_known_names(company: Company, names: Sequence[str]) -> None:
    known = PriceList.objects.filter(company=company, name__in=names).values_list("name", flat=True)
    twice = [name for name in names if names.count(name) > 1]
    for name in [*known, *twice]:
        rule = _("There is a price list “%(name)s” already. Choose another name.")
        raise Refused("catalog.name_taken", rule % {"name": name}, field="name")


@inside_transaction
def make_room_for_defaults(company: Company, currencies: Sequence[str]) -> None:
    """Takes the mark of default from the lists that have it now."""
    if len(set(currencies)) < len(currencies):
        raise Refused("catalog.two_defaults", _("Only one list per currency can be the default."))
    PriceList.objects.filter(company=company, currency__in=currencies, is_default=True).update(
        is_default=False
    )


@action
def set_prices(
    company: Company, price_list_id: int, prices: Sequence[PriceDraft], *, by: User
) -> PriceList:
    """Sets prices of a list; one for the same product, quantity and first day is replaced."""
    rights(by).require("catalog.prices", company.pk)
    price_list = locked_list(company, price_list_id, by)
    with recorded(by):
        write_prices(price_list, prices)
        facts = [events.Fact([("price_list", price_list.pk)], {"prices": len(prices)})]
        events.record(company, "price_list.prices_set", facts, by=by)
    return price_list


@inside_transaction
def locked_list(company: Company, price_list_id: int, by: User) -> PriceList:
    """A price list of the company, locked; refused when it is archived or not there."""
    rows = PriceList.objects.visible_to(by).filter(pk=price_list_id, company=company)
    for price_list in lock(rows):
        if price_list.archived_at is None:
            return price_list
    raise Refused("catalog.no_list", _("There is no such price list, or it is archived."))


@inside_transaction
def write_prices(price_list: PriceList, prices: Sequence[PriceDraft]) -> None:
    """Checks and writes prices in two statements, however many."""
    for place, price in enumerate(prices):
        if found := checked_price(price):
            found[0].numbers.setdefault("line", place)
            raise found[0]
    by_key = {price.key: price for price in prices}
    if len(by_key) < len(prices):
        rule = _("One product has two prices for the same quantity and first day. Remove one.")
        raise Refused("catalog.price_twice", rule)
    wanted = {price.product_id for price in prices}
    if Product.objects.filter(pk__in=wanted).count() < len(wanted):
        raise Refused("catalog.no_product", _("One of the products is not there any more."))
    rows = [
        (p.product_id, p.min_quantity, p.valid_from, p.valid_to, p.amount)
        for _key, p in sorted(by_key.items())
    ]
    if rows:
        with connection.cursor() as cursor:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(UPSERT, [price_list.pk, *columns])


@action
def assign_price_list(
    company: Company, customer_ids: Sequence[int], price_list_id: int | None, *, by: User
) -> list[Customer]:
    """Gives customers a list of their own, or with None the default list again."""
    rights(by).require("catalog.prices", company.pk)
    customers = lock(Customer.objects.visible_to(by).filter(pk__in=customer_ids, company=company))
    if len(customers) < len(set(customer_ids)):
        raise Refused("catalog.no_customer", _("One of the customers is not there."))
    price_list = locked_list(company, price_list_id, by) if price_list_id else None
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


def count_prices(price_list: PriceList) -> int:
    """How many prices a list has."""
    return Price.objects.filter(price_list=price_list).count()
