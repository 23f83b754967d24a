"""What can be true of a name, a country, a currency, an account: pure checks that refuse.

Each returns the value in its stored form, or raises Refused with the rule and the remedy.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from babel import Locale
from babel.numbers import get_territory_currencies
from django.db.models import Model
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.util import get_cc_module

from core.kinds import KINDS
from core.refusals import Refused

NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()
) - frozenset(NO_COUNTRIES)
EU_PREFIXES = frozenset(code.upper() for code in eu_vat.MEMBER_STATES) | {"EL", "XI"}
CURRENCIES = frozenset(code for land in COUNTRIES for code in get_territory_currencies(land))

Value = TypeVar("Value")


def beside(field: str, check: Callable[[str], Value], said: str) -> Value:
    """What a check makes of a field; its refusal says which field it is about."""
    try:
        return check(said)
    except Refused as refusal:
        raise Refused(refusal.code, refusal.message, **refusal.numbers, field=field) from None


def text(model: type[Model], field: str, value: str, needed: bool = False) -> str:
    """Text that fits its column: trimmed, without control characters, not too long."""
    column = model._meta.get_field(field)
    label = getattr(column, "verbose_name", field)
    bare = " ".join(value.split())
    if needed and not bare:
        raise Refused("value.missing", _("The %(field)s is missing.") % {"field": label})
    if any(not sign.isprintable() for sign in bare):
        rule = _("The %(field)s holds damaged characters. Type it again.")
        raise Refused("value.damaged", rule % {"field": label})
    most = getattr(column, "max_length", None)
    if most and len(bare) > most:
        rule = _("The %(field)s has %(long)d characters; there is room for %(most)d.")
        said = {"field": label, "long": len(bare), "most": most}
        raise Refused("value.too_long", rule % said, long=len(bare), most=most)
    return bare


def word(code: str) -> str:
    """A code that may stand in an address: letters and digits, parted by dots and dashes."""
    if code and not all(part.isalnum() for part in re.split(r"[._-]", code)):
        rule = _("“%(code)s” is no code: use letters and digits, parted by dots or dashes.")
        raise Refused("value.number", rule % {"code": code})
    return code


def own_address(kind: str, name: str) -> str:
    """A number whose address leads to its document, and to no page such as “new” or “find”."""
    url = KINDS[kind].url
    if name and resolve(reverse(url, args=["-", name])).view_name != url:
        rule = _("“%(name)s” is the address of another page. Choose another number.")
        raise Refused("value.reserved", rule % {"name": name}, field="number")
    return name


def one_of(known: Sequence[str], value: str) -> str:
    bare = value.strip().lower()
    if bare not in known:
        rule = _("“%(value)s” is not known here. Use one of: %(known)s.")
        said = {"value": value[:30], "known": ", ".join(known)}
        raise Refused("value.unknown_word", rule % said)
    return bare


def country(code: str) -> str:
    """An ISO 3166 country code."""
    bare = code.strip().upper()
    if bare not in COUNTRIES:
        rule = _("“%(code)s” is no country code. Write two letters, such as DE or US.")
        raise Refused("value.country", rule % {"code": code[:20]})
    return bare


def currency(code: str) -> str:
    """An ISO 4217 currency code."""
    bare = code.strip().upper()
    if bare not in CURRENCIES:
        rule = _("“%(code)s” is no currency code. Write three letters, such as EUR or USD.")
        raise Refused("value.currency", rule % {"code": code[:20]})
    return bare


def vat_number(number: str, land: str) -> str:
    """A tax number in its full form, with the country's letters where it is a VAT number."""
    bare = "".join(sign for sign in number.upper() if sign not in " .-/")
    if not bare:
        return ""
    wrong = Refused(
        "value.vat_id",
        _("“%(number)s” is no valid VAT number for %(country)s. Compare it with the VAT register.")
        % {"number": number[:30], "country": bare[:2] if bare[:2] in EU_PREFIXES else land},
    )
    try:
        if bare[:2] in EU_PREFIXES:
            return str(eu_vat.validate(bare))
        if land in EU_PREFIXES or land == "GR":
            return str(eu_vat.validate(("EL" if land == "GR" else land) + bare))
        return _foreign_number(bare, land)
    except BadNumber:
        raise wrong from None


def _foreign_number(bare: str, land: str) -> str:
    module = get_cc_module(land, "vat") if land else None
    if module:
        compact = str(module.validate(bare))
        return compact if compact.startswith(land) else land + compact
    if len(bare) > 20 or not bare.isascii() or not bare.isalnum():
        raise BadNumber
    return bare


def iban(number: str) -> IBAN:
    """An account number with the right length and check digits for its country."""
    try:
        return IBAN(number)
    except (SchwiftyException, ValueError):
        rule = _("“%(iban)s” is no valid IBAN: its length or check digits are wrong.")
        raise Refused("value.iban", rule % {"iban": number[:40]}) from None


def bic(code: str) -> str:
    """A bank's code."""
    try:
        return str(BIC(code))
    except (SchwiftyException, ValueError):
        rule = _("“%(bic)s” is no valid BIC. It has 8 or 11 letters and digits.")
        raise Refused("value.bic", rule % {"bic": code[:20]}) from None
