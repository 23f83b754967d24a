"""What can be true of a customer's number, limit and mail address: pure checks that refuse."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.checks import own_address, text, word
from core.money import minor_digits
from core.refusals import Refused
from partners.models import Contact, Customer


def account_number(kind: str, number: str) -> str:
    """A customer's or supplier's number, or none yet."""
    return own_address(kind, word(text(Customer, "number", number)))


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


def email(address: str) -> str:
    """A mail address that could exist."""
    bare = address.strip()
    try:
        validate_email(bare)
    except ValidationError:
        rule = _("“%(address)s” is no e-mail address.")
        raise Refused("partners.email", rule % {"address": address[:60]}) from None
    return text(Contact, "email", bare)
