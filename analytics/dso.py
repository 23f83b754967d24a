"""Days sales outstanding, by the book. Pure arithmetic; amounts of one currency, tax included.

Receivables and sales both include tax, credit notes reduce sales: net sales under gross
receivables would show a DSO too high by the tax rate. Rules and vectors: docs/algorithms/dso.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import round_to


@dataclass(frozen=True)
class Month:
    """The sales of one month, or of the part of it that has passed, and its days."""

    sales: Decimal
    days: int


@dataclass(frozen=True)
class Days:
    """A number of days to one decimal; `more` says that the history ends before the answer."""

    value: Decimal
    more: bool = False


def simple(receivable: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Receivable ÷ sales of the last `days` days × days; None where nothing was sold."""
    if sales <= 0:
        return None
    return round_to(receivable / sales * days, 1)


def count_back(receivable: Decimal, months: Iterable[Month]) -> Days:
    """Days needed to use the receivable up with sales, month by month, the latest first.

    A month without sales adds its days; one with more credit notes than sales is counted
    together with the month before it.
    """
    left, days = receivable, Decimal(0)
    for month in _merged(months):
        if left <= 0:
            break
        if month.sales > left:
            return Days(round_to(days + left / month.sales * month.days, 1))
        left, days = left - month.sales, days + month.days
    return Days(round_to(days, 1), more=left > 0)


def _merged(months: Iterable[Month]) -> Iterable[Month]:
    carried = Month(Decimal(0), 0)
    for month in months:
        together = Month(carried.sales + month.sales, carried.days + month.days)
        if together.sales < 0:
            carried = together
            continue
        yield together
        carried = Month(Decimal(0), 0)
