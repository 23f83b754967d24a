"""Adding and changing products, which all companies share; the deed is told which one asks."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, checked_product
from catalog.models import Product
from catalog.units import unit_ids
from core import bulk, events
from core.actions import action
from core.models import Company, rights
from core.refusals import Refused
from partners.drafts import Findings
from partners.history import recorded
from users.models import User

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


def examine_products(
    drafts: Sequence[ProductDraft],
) -> tuple[list[ProductDraft], Mapping[int, Findings]]:
    """The drafts as they would be stored, and by place what speaks against each."""
    pairs = [checked_product(draft) for draft in drafts]
    codes = [draft.code for draft, _found in pairs]
    taken = set(Product.objects.filter(code__in=codes).values_list("code", flat=True))
    seen: dict[str, int] = {}
    for place, (draft, found) in enumerate(pairs):
        said = {"code": draft.code}
        if draft.code in taken:
            rule = _("The article number %(code)s is taken.")
            found.add("code", Refused("catalog.code_taken", rule % said, **said))
        elif draft.code and seen.setdefault(draft.code, place) != place:
            rule = _("The article number %(code)s stands in this list twice. Remove one line.")
            found.add("code", Refused("catalog.twice", rule % said, **said))
    wrong = {place: found for place, (_draft, found) in enumerate(pairs) if found}
    return [draft for draft, _found in pairs], wrong
