"""Articles and prices to be added, held against what is there."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, checked_product
from catalog.models import Product
from core.refusals import Refused
from partners.drafts import Findings


def examine_products(
    drafts: Sequence[ProductDraft],
) -> tuple[list[ProductDraft], Mapping[int, Findings]]:
    """The drafts as they would be stored, and by place what speaks against each."""
    pairs = [checked_product(draft) for draft in drafts]
    codes = {draft.code.upper() for draft, _found in pairs}
    rows = Product.objects.annotate(upper=Upper("code")).filter(upper__in=codes)
    taken: set[str] = set(rows.values_list("upper", flat=True))
    seen: dict[str, int] = {}
    for place, (draft, found) in enumerate(pairs):
        said = {"code": draft.code}
        if draft.code.upper() in taken:
            rule = _("The article number %(code)s is taken. Choose another one.")
            found.add("code", Refused("catalog.code_taken", rule % said))
        elif draft.code and seen.setdefault(draft.code.upper(), place) != place:
            rule = _("The article number %(code)s stands in this list twice. Remove one line.")
            found.add("code", Refused("catalog.twice", rule % said))
    wrong = {place: found for place, (_draft, found) in enumerate(pairs) if found}
    return [draft for draft, _found in pairs], wrong


def products_by_code(codes: Iterable[str]) -> dict[str, Product]:
    """Articles in use, with their units, by the numbers as typed, whatever the case.

    One statement.
    """
    typed = {code: code.strip().upper() for code in codes}
    rows = Product.objects.filter(archived_at=None).annotate(upper=Upper("code"))
    found: list[Product] = list(rows.filter(upper__in=set(typed.values())).select_related("unit"))
    known = {row.code.upper(): row for row in found}
    return {code: known[upper] for code, upper in typed.items() if upper in known}


def product_of(code: str, known: Mapping[str, Product]) -> Product:
    """The article of a number, or Refused."""
    if code not in known:
        rule = _("There is no article “%(code)s” in use. Compare it with the list of products.")
        raise Refused("catalog.no_product", rule % {"code": code[:40]}, field="product")
    return known[code]
