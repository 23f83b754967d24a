"""Steps on price lists: lock one, write and copy the prices in it."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from catalog.drafts import PriceDraft, checked_price
from catalog.models import Price, PriceList, Product
from catalog.raising import refuse_change
from core.actions import inside_transaction
from core.history import changed_meanwhile, changed_since
from core.locks import lock
from core.models import Company
from core.refusals import Refused
from users.models import User

UPSERT = """
INSERT INTO catalog_price (price_list_id, product_id, min_quantity, valid_from, valid_to, amount)
SELECT %s, * FROM unnest(%s::bigint[], %s::numeric[], %s::date[], %s::date[], %s::numeric[])
    ON CONFLICT (price_list_id, product_id, min_quantity, valid_from) DO UPDATE
   SET amount = excluded.amount, valid_to = excluded.valid_to
"""
COPIED = """
INSERT INTO catalog_price (price_list_id, product_id, min_quantity, valid_from, valid_to, amount)
SELECT %(target)s, p.product_id, p.min_quantity, p.valid_from, p.valid_to,
       round(p.amount * (100 + %(percent)s) / 100, %(digits)s)
  FROM catalog_price p
  JOIN catalog_product a ON a.id = p.product_id AND a.archived_at IS NULL
 WHERE p.price_list_id = %(source)s AND (p.valid_to IS NULL OR p.valid_to >= %(on)s)
"""


@inside_transaction
def locked_list(
    company: Company, price_list_id: int, by: User, *, seen: int | None = None
) -> PriceList:
    """A price list in use, locked; refused when it is not there or changed since it was seen."""
    rows = PriceList.objects.visible_to(by).filter(pk=price_list_id, company=company)
    for price_list in lock(rows):
        if seen is not None and price_list.version != seen:
            raise changed_meanwhile(changed_since(PriceList, price_list.pk, seen))
        return price_list
    raise Refused("catalog.no_list", _("This price list is not there for you."))


def refuse_archived(price_list: PriceList) -> None:
    """Refuses to touch the prices of a list that was put away."""
    if price_list.archived_at:
        rule = _("The price list “%(name)s” is archived. Restore it first.")
        raise Refused("catalog.archived", rule % {"name": price_list.name})


@inside_transaction
def write_prices(price_list: PriceList, prices: Sequence[PriceDraft]) -> None:
    """Writes checked prices in one statement, however many."""
    rows = [
        (price.product_id, price.min_quantity, price.valid_from, price.valid_to, price.amount)
        for price in sorted(prices, key=lambda price: price.key)
    ]
    if rows:
        with connection.cursor() as cursor:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(UPSERT, [price_list.pk, *columns])


@inside_transaction
def refuse_wrong(prices: Sequence[PriceDraft]) -> None:
    """Refuses prices that cannot be true, by themselves or beside each other; names the line."""
    seen: dict[object, int] = {}
    for place, price in enumerate(prices):
        if found := checked_price(price):
            found[0].numbers.setdefault("line", place)
            raise found[0]
        if seen.setdefault(price.key, place) != place:
            rule = _("One product has two prices for the same quantity and first day. Remove one.")
            raise Refused("catalog.price_twice", rule, line=place)
    wanted = {price.product_id for price in prices}
    if wanted and Product.objects.filter(pk__in=wanted).count() < len(wanted):
        raise Refused("catalog.no_product", _("One of the products is not there any more."))


@inside_transaction
def refuse_taken(price_list: PriceList, prices: Sequence[PriceDraft], own: Collection[int]) -> None:
    """Refuses prices that would silently replace another line of the list than their own."""
    keys = {price.key: place for place, price in enumerate(prices)}
    rows = Price.objects.filter(
        price_list=price_list, product__in={price.product_id for price in prices}
    ).exclude(pk__in=own)
    for key in rows.values_list("product_id", "min_quantity", "valid_from"):
        if key in keys:
            rule = _("This product has a price from that quantity and day already.")
            raise Refused("catalog.price_there", rule, line=keys[key])


@inside_transaction
def copy_amounts(
    source: PriceList, target: PriceList, *, percent: Decimal, on: date, digits: int
) -> int:
    """Copies the prices that are valid on a day or later, changed by so many percent."""
    refuse_change(percent, digits)
    said: dict[str, Any] = {"source": source.pk, "target": target.pk, "percent": percent, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(COPIED, {**said, "digits": digits})
        return int(cursor.rowcount)


@inside_transaction
def next_version(price_list: PriceList) -> None:
    """Steps the version of a list, since its prices changed."""
    PriceList.objects.filter(pk=price_list.pk).update(version=F("version") + 1)
    price_list.version += 1
