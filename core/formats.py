"""How amounts, quantities and days read in the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import NumberPattern, parse_pattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, to_locale

from core.money import minor_digits

# Plain "en" is read all over the world: day before month and 24 hours, as most readers write.
WORLD_ENGLISH = "en_GB"


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(WORLD_ENGLISH if language == "en" else to_locale(language))


@lru_cache(maxsize=256)
def _pattern(language: str, least: int, most: int) -> NumberPattern:
    pattern = parse_pattern(_locale(language).decimal_formats[None].pattern)
    pattern.frac_prec = (least, most)
    return pattern


def number(value: Decimal | int, least: int, most: int) -> str:
    """`value` with at least and at most so many decimals, grouped as the reader expects.

    Below zero with the minus sign, for people; files write amounts by themselves, with a hyphen.
    """
    language = get_language() or "en"
    written = str(_pattern(language, least, most).apply(value, _locale(language)))
    return written.replace("-", "\N{MINUS SIGN}")


def amount(value: Decimal, currency: str, *, code: bool = False) -> str:
    """An amount with the decimals of its currency, followed by the code where asked."""
    digits = minor_digits(currency) if currency else 2
    text = number(value, digits, digits)
    return f"{text}\N{NO-BREAK SPACE}{currency}" if code and currency else text


def price(value: Decimal, currency: str, *, code: bool = False) -> str:
    """The price of one unit: at least the currency's decimals, at most eight."""
    text = number(value, minor_digits(currency) if currency else 2, 8)
    return f"{text}\N{NO-BREAK SPACE}{currency}" if code and currency else text


def quantity(value: Decimal) -> str:
    return number(value, 0, 6)


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    return format_date(value, "medium", locale=_locale(language))


def day(value: date | datetime) -> str:
    """A day in words of the reader; of a moment, also the time in the current zone."""
    language = get_language() or "en"
    if not isinstance(value, datetime):
        return _day(value, language)
    local = value.astimezone(timezone.get_current_timezone())
    clock_time = format_time(local, "short", locale=_locale(language))
    return f"{_day(local.date(), language)}, {clock_time}"


def day_html(value: date | datetime, text: str = "") -> SafeString:
    """The day with its ISO form on hover; `text` replaces what is shown."""
    iso = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"
    title = f"{day(value)} · {iso}" if text else iso
    machine = value.isoformat()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', machine, title, text or day(value)
    )


def age(due: date, today: date) -> str:
    """How far a due day is: "12 d late", "today", "in 5 d"."""
    days = (today - due).days
    if days > 0:
        return gettext("%(days)d d late") % {"days": days}
    return gettext("in %(days)d d") % {"days": -days} if days else gettext("today")
