"""Which few amounts make a total, as trying all of them finds it."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from payments.sums import summing_up

D = Decimal
SOME = [D(n) for n in (5, 3, 2, 4, 1, 6)]


def tried(amounts, total, most):
    for size in range(2, min(most, len(amounts)) + 1):
        places = combinations(range(len(amounts)), size)
        fits = [chosen for chosen in places if sum(amounts[n] for n in chosen) == total]
        if fits:
            return fits[0], len(fits)
    return (), 0


def test_the_fewest_come_before_the_first():
    assert summing_up(SOME, D(11), 5) == ((0, 5), 1)  # before 5 + 2 + 4


def test_of_as_few_the_first_are_named_and_all_are_counted():
    assert summing_up(SOME, D(7), 5) == ((0, 2), 3)  # 5 + 2, 3 + 4, 1 + 6


def test_no_more_than_asked_for():
    assert summing_up(SOME, D(20), 5) == ((0, 1, 2, 3, 5), 1)
    assert summing_up(SOME, D(20), 4) == ((), 0)


def test_one_amount_is_no_sum():
    assert summing_up([D(1)], D(1), 5) == ((), 0)
    assert summing_up([], D(0), 5) == ((), 0)


@given(st.lists(st.integers(1, 12).map(D), max_size=9), st.integers(1, 40).map(D))
def test_it_finds_what_trying_all_finds(amounts, total):
    assert summing_up(amounts, total, 5) == tried(amounts, total, 5)
