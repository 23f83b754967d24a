"""What to chase first: points for how much, how late and how long nobody has spoken with them.

A pure function of the figures, so that the order can be explained and tested. The points of a
customer add up to at most 100; rule and worked table: docs/algorithms/chasing.md.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO

AMOUNT, AGE, SILENCE = 40, 35, 25
FULL_AGE, FULL_SILENCE = 60, 14  # days


@dataclass(frozen=True)
class Late:
    """What is known of a customer who is late, in one currency and as of one day."""

    customer_id: int
    overdue: Decimal
    oldest_days: int
    last_contact_on: date | None = None
    next_contact_on: date | None = None
    unapplied: Decimal = ZERO  # money and credit that is applied to nothing yet, below zero


@dataclass(frozen=True)
class Points:
    """Why a customer stands where it stands."""

    amount: int
    age: int
    silence: int

    @property
    def total(self) -> int:
        return self.amount + self.age + self.silence


def rank(late: Sequence[Late], today: date) -> list[tuple[Late, Points]]:
    """The customers with their points, the most urgent first; ties by amount, then by id."""
    overdue = sorted(customer.overdue for customer in late)
    scored = [(customer, _points(customer, overdue, today)) for customer in late]
    return sorted(scored, key=lambda row: (-row[1].total, -row[0].overdue, row[0].customer_id))


def is_waiting(customer: Late, today: date) -> bool:
    """Whether there is nothing to do today: spoken with today, or agreed to come back later."""
    agreed = customer.next_contact_on is not None and customer.next_contact_on > today
    return agreed or customer.last_contact_on == today


def is_to_come_back_to(customer: Late, today: date) -> bool:
    """Whether the day that was agreed has come, and nobody has spoken with them today."""
    return customer.next_contact_on is not None and not is_waiting(customer, today)


def _points(customer: Late, overdue: Sequence[Decimal], today: date) -> Points:
    """The amount counts by its place among all amounts, days count up to a full score."""
    larger = len(overdue) - 1
    place = bisect_left(overdue, customer.overdue) / larger if larger else 1
    silence = FULL_SILENCE
    if customer.last_contact_on:
        silence = (today - customer.last_contact_on).days
    return Points(
        round(AMOUNT * place),
        AGE * min(customer.oldest_days, FULL_AGE) // FULL_AGE,
        SILENCE * min(silence, FULL_SILENCE) // FULL_SILENCE,
    )
