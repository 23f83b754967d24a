"""Tags for prices of one unit, which may have more decimals than amounts."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from catalog.models import Price, Validity
from core import formats
from core.templatetags.o2c import badge

register = template.Library()


@register.simple_tag
def unit_price(value: Decimal | None, currency: str) -> str:
    """The price with its currency: at least the currency's decimals, at most eight."""
    if value is None:
        return "—"
    return f"{formats.price(value, currency)}\N{NO-BREAK SPACE}{currency}"


@register.simple_tag
def validity(price: Price) -> SafeString:
    """What a price is on the day it was read for."""
    found: str = price.state  # type: ignore[attr-defined]
    return badge(found, Validity(found).label)
