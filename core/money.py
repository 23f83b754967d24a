"""Money: exact amounts, one rounding, and the ways a total is shared out.

Rules: docs/algorithms/rounding.md. Amounts are `Decimal`, never float; rounding is half away
from zero to the currency's minor unit, as EN 16931 and PostgreSQL's `round(numeric)` do it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

ZERO = Decimal(0)
# Digits after the point by ISO 4217, as banks and EN 16931 have them, where they are not two. CLDR
# has fewer for some: it says what people write. `core_minor_digits` in the database says the same.
DIGITS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
}  # fmt: skip


def minor_digits(currency: str) -> int:
    """Digits after the point of an amount in `currency` (ISO 4217): EUR 2, JPY 0, KWD 3."""
    return DIGITS.get(currency, 2)


@cache
def unit(digits: int) -> Decimal:
    """One in the last of `digits` decimals: 0.01 for 2."""
    return Decimal(1).scaleb(-digits)


def round_to(value: Decimal, digits: int) -> Decimal:
    """`value` to `digits` decimals, half away from zero. The only rounding in the program."""
    return value.quantize(unit(digits), ROUND_HALF_UP)


def round_amount(value: Decimal, currency: str) -> Decimal:
    """`value` to the minor unit of `currency`."""
    return round_to(value, minor_digits(currency))


def bare(value: Decimal) -> Decimal:
    """`value` without zeros at the end, never in powers of ten: 1.50000000 is 1.5, 100 is 100."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def split(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Shares of `total` in proportion to `weights`, summing to it exactly (largest remainder).

    Each share is floored to the minor unit; missing units go to the largest fractions, ties to
    the earlier share. Weights all zero count as equal.
    """
    if not weights:
        return []
    step = unit(minor_digits(currency))
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [share.quantize(step, ROUND_FLOOR) for share in exact]
    missing = int((total - sum(shares)) / step)
    by_fraction = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_fraction[:missing]:
        shares[i] += step
    return shares


def cumulative(
    total: Decimal, done: Decimal, part: Decimal, whole: Decimal, currency: str
) -> Decimal:
    """The share of `total` due for `part` when `done` of `whole` came before it.

    Rounded cumulative total minus what was due already, so that the last step always closes.
    """
    before = round_amount(total * done / whole, currency)
    return round_amount(total * (done + part) / whole, currency) - before


def relieve(part: Decimal, open_amount: Decimal, open_base: Decimal, base: str) -> Decimal:
    """Base-currency value of `part` of an item; the last piece takes the remainder."""
    if part == open_amount:
        return open_base
    return round_amount(open_base * part / open_amount, base)


class CurrencyMismatch(TypeError):
    """Two amounts of different currencies met in one sum."""


@dataclass(frozen=True, order=False)
class Money:
    """An amount in a currency. Refuses floats and sums over mixed currencies."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}")

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        if isinstance(factor, float):
            raise TypeError("Money is not multiplied by a float")
        return Money(self.amount * factor, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount:,.{minor_digits(self.currency)}f} {self.currency}"
