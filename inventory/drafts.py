"""What a stock document is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class StockLine:
    """A product and how much of it came (above zero) or went; cost in the company's currency.

    With `is_count` the quantity is what was counted, and the difference is booked. Without a
    cost the average of what is there counts.
    """

    product_id: int
    quantity: Decimal
    unit_cost: Decimal | None = None
    is_count: bool = False


@dataclass(frozen=True)
class StockChange:
    """One document to be: goods that came, or were counted, in one warehouse on one day."""

    warehouse_id: int
    lines: Sequence[StockLine] = field(default_factory=tuple)
    moved_on: date | None = None
    reason: str = ""
