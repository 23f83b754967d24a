"""Tags for prices of one unit, which may have more decimals than amounts."""

from decimal import Decimal

from django import template

from core import formats
from core.money import minor_digits

register = template.Library()


@register.simple_tag
def unit_price(value: Decimal | None, currency: str) -> str:
    """The price with its currency: at least the currency's decimals, at most eight."""
    if value is None:
        return "—"
    return f"{formats.number(value, minor_digits(currency), 8)}\N{NO-BREAK SPACE}{currency}"
