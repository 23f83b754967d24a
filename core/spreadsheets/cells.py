"""What stands in a cell: numbers and days as people type them. Nothing is guessed."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import minor_digits
from core.refusals import Refused

MINUS = "-\N{MINUS SIGN}"
BETWEEN = " '\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
NUMBER = re.compile(rf"[{MINUS}+]?[0-9]+(?:[.,][0-9]+)*", re.ASCII)
EARLIEST, LATEST = 1900, 2200
YES, NO = {"yes", "y", "true", "1", "x", "ja"}, {"no", "n", "false", "0", "nein"}


class Figure(str):
    """Text of a cell that was a number in the file, so that its point is a decimal point."""

    __slots__ = ()


def refused(code: str, rule: str, /, **numbers: Any) -> Refused:
    return Refused(f"spreadsheet.{code}", rule % numbers if numbers else rule, **numbers)


def parse_number(text: str, *, places: int, digits: int = 20) -> Decimal:
    """The number a person meant, or Refused: nothing is guessed and nothing rounded."""
    bare = text.strip().translate(dict.fromkeys(map(ord, BETWEEN)))
    if not NUMBER.fullmatch(bare):
        raise _no_number(text)
    whole, fraction = _parts(bare.lstrip(f"+{MINUS}"), text)
    if len(whole.lstrip("0")) + places > digits or len(fraction.rstrip("0")) > places:
        rule = _("“%(text)s” has too many digits: at most %(whole)d, and %(places)d decimals.")
        raise refused("digits", rule, text=text[:40], whole=digits - places, places=places)
    return Decimal(f"{'-' if bare[0] in MINUS else ''}{whole}.{fraction or 0}")


def _parts(bare: str, text: str) -> tuple[str, str]:
    """Digits before and after the decimal sign. A lone group of three is refused, not guessed."""
    first, *groups = re.split(r"[.,]", bare)
    signs = [sign for sign in bare if sign in ".,"]
    if len(signs) < 2:
        rest = "".join(groups)
        if len(rest) != 3 or len(first) > 3 or first[0] == "0" or isinstance(text, Figure):
            return first, rest
        rule = _("“%(text)s” can mean %(large)s or %(small)s. Write %(large)s or %(small)s0.")
        raise refused("ambiguous", rule, text=text, large=first + rest, small=f"{first}.{rest}")
    fraction = groups.pop() if signs[-1] != signs[0] else ""
    if len(set(signs[: len(groups)])) > 1 or len(first) > 3 or any(len(g) != 3 for g in groups):
        raise _no_number(text)
    return "".join([first, *groups]), fraction


def _no_number(text: str) -> Refused:
    rule = _("“%(text)s” is no number. Write it like 1234.50.")
    return refused("number", rule, text=text[:40])


def parse_quantity(text: str) -> Decimal:
    """A quantity that is not negative, with up to six decimals."""
    value = parse_number(text, places=6)
    if value < 0:
        rule = _("The quantity %(text)s is negative. Write one from zero on.")
        raise refused("negative", rule, text=text)
    return value


def parse_amount(text: str, currency: str) -> Decimal:
    """An amount with no more decimals than its currency has."""
    return parse_number(text, places=minor_digits(currency), digits=16 + minor_digits(currency))


def parse_date(text: str) -> date:
    """A day written 2026-12-31 or 31.12.2026; 12/31/2026 only where it can be read one way."""
    bare = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", bare, re.ASCII):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d\d?)([./])(\d\d?)\2(\d{4})", bare, re.ASCII):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "/" and day != month and max(day, month) <= 12:
            rule = _("“%(text)s” can mean two days. Write it like 2026-12-31.")
            raise refused("ambiguous", rule, text=text)
        if found[2] == "/" and month > 12:
            day, month = month, day
    else:
        raise _no_day(text)
    if not EARLIEST <= year <= LATEST:
        raise _no_day(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> Refused:
    return refused("date", _("“%(text)s” is no day. Write it like 2026-12-31."), text=text[:40])


def parse_yes(text: str) -> bool:
    """What people write for yes and no."""
    bare = text.strip().lower()
    if bare not in YES | NO:
        raise refused("yes_or_no", _("“%(text)s” is neither yes nor no."), text=text[:20])
    return bare in YES
