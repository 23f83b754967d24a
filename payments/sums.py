"""Which few of many amounts add up to a total: the first such few, and how many there are. Pure.

Trying every five of thirty takes 142,506 sums. Here all but two are chosen one by one, and the
last two are looked up among the sums of all pairs that come after: some 4,500 look-ups.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

PLACES = 4  # of amounts, as they are stored


def summing_up(
    amounts: Sequence[Decimal], total: Decimal, most: int
) -> tuple[tuple[int, ...], int]:
    """The places of the fewest amounts, two to `most`, that make `total`, the first places first.

    And in how many ways so few of them do; no places and 0 when none do.
    """
    all_of_them, wanted = [_whole(amount) for amount in amounts], _whole(total)
    pairs = _pairs_from(all_of_them)
    for size in range(2, min(most, len(amounts)) + 1):
        first: tuple[int, ...] = ()
        ways = 0
        places = combinations(range(len(amounts)), size - 2)
        for head, values in zip(places, combinations(all_of_them, size - 2), strict=True):
            start, rest = head[-1] + 1 if head else 0, wanted - sum(values)
            if found := pairs[start].get(rest, 0):
                first = first or (*head, *_first_pair(all_of_them, start, rest))
                ways += found
        if ways:
            return first, ways
    return (), 0


def _whole(amount: Decimal) -> int:
    """As whole numbers, amounts are added and looked up four times as fast."""
    return int(amount.scaleb(PLACES))


def _pairs_from(amounts: Sequence[int]) -> list[Counter[int]]:
    """For each place, how often two amounts from there on make each sum."""
    pairs: list[Counter[int]] = [Counter()]
    for place in reversed(range(len(amounts))):
        further = pairs[-1].copy()
        further.update(amounts[place] + other for other in amounts[place + 1 :])
        pairs.append(further)
    return pairs[::-1]


def _first_pair(amounts: Sequence[int], start: int, total: int) -> tuple[int, int]:
    pairs = combinations(range(start, len(amounts)), 2)
    return next((one, two) for one, two in pairs if amounts[one] + amounts[two] == total)
