"""What can be true of a name, a currency, an account, a limit: pure checks that refuse.

Countries and tax numbers are checked by `core.companies`, which has both too.
Each returns the value in its stored form, or raises Refused with the rule and the remedy.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from babel.numbers import get_territory_currencies
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from core.companies import COUNTRIES
from core.kinds import KINDS
from core.money import minor_digits
from core.refusals import Refused
from partners.models import Contact, Customer

Value = TypeVar("Value")
CURRENCIES = frozenset(code for land in COUNTRIES for code in get_territory_currencies(land))


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
        raise Refused("partners.missing", _("The %(field)s is missing.") % {"field": label})
    if any(not sign.isprintable() for sign in bare):
        rule = _("The %(field)s holds damaged characters. Type it again.")
        raise Refused("partners.damaged", rule % {"field": label})
    most = getattr(column, "max_length", None)
    if most and len(bare) > most:
        rule = _("The %(field)s has %(long)d characters; there is room for %(most)d.")
        said = {"field": label, "long": len(bare), "most": most}
        raise Refused("partners.too_long", rule % said, long=len(bare), most=most)
    return bare


def currency(code: str) -> str:
    """An ISO 4217 currency code."""
    bare = code.strip().upper()
    if bare not in CURRENCIES:
        rule = _("“%(code)s” is no currency code. Write three letters, such as EUR or USD.")
        raise Refused("partners.currency", rule % {"code": code[:20]})
    return bare


def account_number(kind: str, number: str) -> str:
    """A customer's or supplier's number, or none yet."""
    return own_address(kind, word(text(Customer, "number", number)))


def own_address(kind: str, name: str) -> str:
    """A number whose address leads to its document, and to no page such as “new” or “find”."""
    url = KINDS[kind].url
    if name and resolve(reverse(url, args=["-", name])).view_name != url:
        rule = _("“%(name)s” is the address of another page. Choose another number.")
        raise Refused("partners.reserved", rule % {"name": name}, field="number")
    return name


def word(code: str) -> str:
    """A code that may stand in an address: letters and digits, parted by dots and dashes."""
    if code and not all(part.isalnum() for part in re.split(r"[._-]", code)):
        rule = _("“%(code)s” is no code: use letters and digits, parted by dots or dashes.")
        raise Refused("partners.number", rule % {"code": code})
    return code


def credit_limit(limit: Decimal, money: str) -> Decimal:
    """A limit from zero on, in whole units of its currency's smallest coin."""
    digits = minor_digits(money)
    if not limit.is_finite() or limit < 0 or limit >= 10**15:
        raise Refused(
            "partners.limit", _("A credit limit is an amount from 0 to 999,999,999,999,999.")
        )
    if limit != round(limit, digits):
        rule = _("%(currency)s has %(digits)d decimals; the credit limit has more.")
        raise Refused("partners.limit_digits", rule % {"currency": money, "digits": digits})
    return limit


def iban(number: str) -> IBAN:
    """An account number with the right length and check digits for its country."""
    try:
        return IBAN(number)
    except (SchwiftyException, ValueError):
        rule = _("“%(iban)s” is no valid IBAN: its length or check digits are wrong.")
        raise Refused("partners.iban", rule % {"iban": number[:40]}) from None


def bic(code: str) -> str:
    """A bank's code."""
    try:
        return str(BIC(code))
    except (SchwiftyException, ValueError):
        rule = _("“%(bic)s” is no valid BIC. It has 8 or 11 letters and digits.")
        raise Refused("partners.bic", rule % {"bic": code[:20]}) from None


def email(address: str) -> str:
    """A mail address that could exist."""
    bare = address.strip()
    try:
        validate_email(bare)
    except ValidationError:
        rule = _("“%(address)s” is no e-mail address.")
        raise Refused("partners.email", rule % {"address": address[:60]}) from None
    return text(Contact, "email", bare)


def one_of(known: Sequence[str], value: str) -> str:
    bare = value.strip().lower()
    if bare not in known:
        rule = _("“%(value)s” is not known here. Use one of: %(known)s.")
        said = {"value": value[:30], "known": ", ".join(known)}
        raise Refused("partners.unknown_word", rule % said)
    return bare
