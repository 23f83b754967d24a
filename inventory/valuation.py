"""What stock is worth: moving average, exact to the last piece. Pure arithmetic."""

from decimal import Decimal

from core.money import ZERO, round_amount


def average_cost(on_hand: Decimal, value: Decimal) -> Decimal:
    """What one piece cost on average, unrounded; zero when there is none."""
    return value / on_hand if on_hand else ZERO


def cost_of_issue(quantity: Decimal, on_hand: Decimal, value: Decimal, currency: str) -> Decimal:
    """What leaves the value with `quantity` of `on_hand`; the last piece takes all that is left.

    Never more than `value`, so that nothing on hand means nothing of value.
    """
    if quantity == on_hand:
        return value
    return min(value, round_amount(value * quantity / on_hand, currency))
