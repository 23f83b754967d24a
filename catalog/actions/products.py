"""Adding and changing products, which all companies share; the deed is told which one asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from catalog.checks import examine_products
from catalog.drafts import ProductDraft, checked_product
from catalog.models import Product
from catalog.units import unit_ids
from core import bulk, clock, events
from core.actions import action, inside_transaction
from core.history import changed_meanwhile, changed_since, recorded, write_changes
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from users.models import User

CHANGEABLE = ("name", "names", "tax_class")
COLUMNS = ("code", "name", "names", "tax_class", "is_stocked")


@action
def add_products(company: Company, drafts: Sequence[ProductDraft], *, by: User) -> list[Product]:
    """Adds articles; all of them or, refused, none."""
    rights(by).require("catalog.edit", company.pk)
    checked, wrong = examine_products(drafts)
    for place, found in wrong.items():
        found[0].numbers.setdefault("line", place)
        raise found[0]
    with recorded(by):
        units = unit_ids({draft.unit for draft in checked})
        ids = bulk.take_ids({Product: len(checked)})[Product]
        bulk.insert(
            Product,
            ("id", *COLUMNS, "unit_id"),
            [
                (pk, *(getattr(draft, column) for column in COLUMNS), units[draft.unit])
                for pk, draft in zip(ids, checked, strict=True)
            ],
        )
        facts = [events.Fact([("product", pk)]) for pk in ids]
        events.record(company, "product.added", facts, by=by)
    rows = Product.objects.select_related("unit").in_bulk(ids)
    return [rows[pk] for pk in ids]


@action
def change_product(
    company: Company, product: Product, wanted: ProductDraft, *, seen: int, by: User
) -> Product:
    """Changes an article for orders to come, in all companies.

    Its number, its unit and whether it is kept in stock stay: stock and open orders count on them.
    Raises Refused `changed_meanwhile` when the form showed an older version.
    """
    rights(by).require("catalog.edit", company.pk)
    (row,) = _locked([product.pk], by)
    if row.version != seen:
        raise changed_meanwhile(changed_since(Product, row.pk, seen))
    fit, found = checked_product(replace(wanted, code=row.code, unit=row.unit.code))
    if found:
        raise found[0]
    with recorded(by):
        changed = write_changes(row, {name: getattr(fit, name) for name in CHANGEABLE})
        if changed:
            facts = [events.Fact([("product", row.pk)], {"fields": changed})]
            events.record(company, "product.changed", facts, by=by)
    return row


@action
def archive_products(company: Company, ids: Sequence[int], *, by: User) -> list[Product]:
    """Puts articles away: they are offered no more, stock and documents stay."""
    return _move(company, ids, clock.now(), by)


@action
def restore_products(company: Company, ids: Sequence[int], *, by: User) -> list[Product]:
    """Takes articles out again."""
    return _move(company, ids, None, by)


@inside_transaction
def _move(company: Company, ids: Sequence[int], at: datetime | None, by: User) -> list[Product]:
    rights(by).require("catalog.edit", company.pk)
    products = _locked(ids, by)
    moved = [p for p in products if (p.archived_at is None) != (at is None)]
    with recorded(by):
        rows = Product.objects.filter(pk__in=[product.pk for product in moved])
        rows.update(archived_at=at, version=F("version") + 1)
        verb = "product.archived" if at else "product.restored"
        facts = [events.Fact([("product", product.pk)]) for product in moved]
        events.record(company, verb, facts, by=by)
    return products


@inside_transaction
def _locked(ids: Sequence[int], by: User) -> list[Product]:
    rows = Product.objects.visible_to(by).filter(pk__in=ids).select_related("unit")
    products = lock(rows)
    if len(products) < len(set(ids)):
        raise Refused("catalog.no_product", _("One of the products is not there any more."))
    return products
