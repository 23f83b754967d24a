"""The order of statements: by day, and within a day as one balance leads to the next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from payments.statements.parsed import Statement


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """By first day; those of one account and day follow each other, however the bank lists them."""
    by_day = sorted(statements, key=lambda one: (*_day(one), one.to_date))
    return [one for _of, of_day in groupby(by_day, _day) for one in _linked(list(of_day))]


def _day(one: Statement) -> tuple[date, str, str]:
    return one.from_date, one.account, one.currency


def _linked(left: Sequence[Statement]) -> list[Statement]:
    """Each behind the one that closes as it opens, those without entries first.

    Where none does so, one that begins anew.
    """
    linked: list[Statement] = []
    while left:
        follows = [one for one in left if linked and one.opening == linked[-1].closing]
        following = min(follows or _beginnings(left) or left, key=_moves)
        linked.append(following)
        left = [one for one in left if one is not following]
    return linked


def _beginnings(statements: Sequence[Statement]) -> list[Statement]:
    """Those that open as no other closes."""
    closings = Counter(one.closing for one in statements)
    return [one for one in statements if closings[one.opening] == (not _moves(one))]


def _moves(one: Statement) -> bool:
    return one.opening != one.closing
