"""Tags for prices of one unit, which may have more decimals than amounts."""

from decimal import Decimal

from django import template

from core import formats

register = template.Library()


@register.simple_tag
def unit_price(value: Decimal | None, currency: str) -> str:
    """The price with its currency: at least the currency's decimals, at most eight."""
    if value is None:
        return "—"
    return f"{formats.price(value, currency)}\N{NO-BREAK SPACE}{currency}"
