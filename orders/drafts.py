"""What an order is made from, whoever says it: a screen, a spreadsheet, another program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO
from orders.models import Order


@dataclass(frozen=True)
class DraftLine:
    """One position; without a price of its own it takes the price of the list."""

    product_id: int
    quantity: Decimal
    unit_price: Decimal | None = None
    discount_percent: Decimal = ZERO


@dataclass(frozen=True)
class OrderDraft:
    """An order to be. What is left out follows from the customer and the company."""

    customer_id: int
    lines: Sequence[DraftLine]
    customer_reference: str = ""
    channel: str = Order.Channel.SCREEN
    ordered_on: date | None = None
    requested_on: date | None = None
    warehouse_id: int | None = None
    ship_to_id: int | None = None
    note: str = ""


def reference_key(reference: str) -> str:
    """A customer's order number without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", reference).upper()
