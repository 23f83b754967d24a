"""What a person says about products and prices before it is stored, and whether it can be true."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import PriceList, Product, TaxClass
from catalog.units import UNITS
from core.checks import currency, own_address, text
from core.money import ZERO
from core.refusals import Refused
from partners.drafts import Findings

AMOUNT_PLACES, QUANTITY_PLACES = 8, 6
WHOLE_DIGITS = 12


@dataclass(frozen=True)
class ProductDraft:
    """An article. `unit` is a code of UN/ECE Recommendation 20, `names` are by language."""

    code: str
    name: str
    unit: str = "C62"
    tax_class: str = TaxClass.STANDARD
    is_stocked: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PriceListDraft:
    name: str
    currency: str
    is_default: bool = False


@dataclass(frozen=True)
class PriceDraft:
    """The price of one unit from `min_quantity` on, valid on the days given."""

    product_id: int
    amount: Decimal
    valid_from: date
    min_quantity: Decimal = ZERO
    valid_to: date | None = None

    @property
    def key(self) -> tuple[int, Decimal, date]:
        """What tells one price of a list from another."""
        return self.product_id, self.min_quantity, self.valid_from


def checked_product(draft: ProductDraft) -> tuple[ProductDraft, Findings]:
    """The draft as it would be stored, and what speaks against it."""
    found = Findings()
    code = found.value("code", product_code, draft.code, otherwise="")
    name = found.value("name", text, Product, "name", draft.name, True, otherwise="")
    unit = found.value("unit", unit_code, draft.unit, otherwise="C62")
    tax = found.value("tax_class", tax_class, draft.tax_class, otherwise=TaxClass.STANDARD.value)
    names = {
        language: found.value("names", text, Product, "name", said, otherwise="")
        for language, said in draft.names.items()
        if said.strip()
    }
    return replace(draft, code=code, name=name, unit=unit, tax_class=tax, names=names), found


def checked_price_list(draft: PriceListDraft) -> tuple[PriceListDraft, Findings]:
    """The same for a price list."""
    found = Findings()
    name = found.value("name", text, PriceList, "name", draft.name, True, otherwise="")
    money = found.value("currency", currency, draft.currency, otherwise="")
    return replace(draft, name=name, currency=money), found


def checked_price(draft: PriceDraft) -> Findings:
    """What speaks against a price by itself."""
    found = Findings()
    if not fits(draft.amount, AMOUNT_PLACES):
        rule = _("A price is from 0 to below 1,000,000,000,000, with at most 8 decimals.")
        found.add("amount", Refused("catalog.amount", rule))
    if not fits(draft.min_quantity, QUANTITY_PLACES):
        rule = _("A quantity is from 0 to below 1,000,000,000,000, with at most 6 decimals.")
        found.add("min_quantity", Refused("catalog.min_quantity", rule))
    if draft.valid_to and draft.valid_to < draft.valid_from:
        rule = _("The price would end on %(to)s, before it begins on %(from)s.")
        said = {"to": draft.valid_to, "from": draft.valid_from}
        found.add("valid_to", Refused("catalog.days", rule % said))
    return found


def fits(value: Decimal, places: int) -> bool:
    """Whether a number from zero on fits its column without being rounded."""
    if not value.is_finite() or value < 0 or value >= 10**WHOLE_DIGITS:
        return False
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -places


def product_code(code: str) -> str:
    """An article number: part of addresses, so without slash, question mark and number sign."""
    bare = text(Product, "code", code, True)
    if any(sign in bare for sign in "/\\?#%;\"'<>") or bare.strip(".") == "":
        rule = _("“%(code)s” is no article number: leave out / \\ ? # %% ; and quotation marks.")
        raise Refused("catalog.code", rule % {"code": bare})
    return own_address("product", bare)


def unit_code(code: str) -> str:
    """A unit by its code, or by its English name."""
    bare = code.strip()
    by_name = {unit.name: known for known, unit in UNITS.items()}
    found = bare.upper() if bare.upper() in UNITS else by_name.get(bare.lower())
    if not found:
        rule = _("“%(code)s” is no unit we know. Use one of: %(known)s.")
        said = {"code": code[:20], "known": ", ".join(UNITS)}
        raise Refused("catalog.unit", rule % said)
    return found


def tax_class(word: str) -> str:
    """One of the tax classes."""
    bare = word.strip().lower() or TaxClass.STANDARD.value
    if bare not in TaxClass.values:
        rule = _("“%(word)s” is no tax class. Use one of: %(known)s.")
        said = {"word": word[:20], "known": ", ".join(TaxClass.values)}
        raise Refused("catalog.tax_class", rule % said)
    return bare
