"""What an order is made from, whoever says it: a screen, a spreadsheet, another program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from core import formats
from core.money import ZERO
from orders.models import Order

LATEST_WANTED = timedelta(days=731)  # a day beyond is a slip of the keyboard


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


def wanted_problem(wanted_on: date | None, ordered_on: date) -> str:
    """What is wrong with the day the customer wants the goods; nothing for a good one."""
    if wanted_on is None:
        return ""
    said = {"day": formats.day(ordered_on), "latest": formats.day(ordered_on + LATEST_WANTED)}
    if wanted_on < ordered_on:
        return _("The goods cannot be wanted before the order's day, %(day)s.") % said
    if wanted_on > ordered_on + LATEST_WANTED:
        return _("The goods cannot be wanted later than %(latest)s, two years ahead.") % said
    return ""


def reference_key(reference: str) -> str:
    """A customer's order number without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", reference).upper()
