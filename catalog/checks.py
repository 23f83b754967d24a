"""Articles and prices to be added, held against what is there."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
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
    codes = [draft.code for draft, _found in pairs]
    taken = set(Product.objects.filter(code__in=codes).values_list("code", flat=True))
    seen: dict[str, int] = {}
    for place, (draft, found) in enumerate(pairs):
        said = {"code": draft.code}
        if draft.code in taken:
            rule = _("The article number %(code)s is taken. Choose another one.")
            found.add("code", Refused("catalog.code_taken", rule % said))
        elif draft.code and seen.setdefault(draft.code, place) != place:
            rule = _("The article number %(code)s stands in this list twice. Remove one line.")
            found.add("code", Refused("catalog.twice", rule % said))
    wrong = {place: found for place, (_draft, found) in enumerate(pairs) if found}
    return [draft for draft, _found in pairs], wrong


def products_by_code(codes: Sequence[str]) -> dict[str, Product]:
    """Articles in use by their numbers, whatever the case; one statement."""
    bare = {code.strip() for code in codes} - {""}
    wanted = Q(code__in=bare) | Q(upper__in={code.upper() for code in bare})
    rows = Product.objects.filter(archived_at=None).annotate(upper=Upper("code")).filter(wanted)
    found: list[Product] = list(rows.select_related("unit"))
    return {row.code.upper(): row for row in found} | {row.code: row for row in found}


def product_of(code: str, known: Mapping[str, Product]) -> Product:
    """The article of a number, or Refused."""
    bare = code.strip()
    found = known.get(bare) or known.get(bare.upper())
    if found is None:
        rule = _("There is no article “%(code)s” in use. Compare it with the list of products.")
        raise Refused("catalog.no_product", rule % {"code": bare[:40]}, field="product")
    return found
