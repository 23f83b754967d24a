"""Who is chased first, and why."""

from datetime import date, timedelta
from decimal import Decimal

from dunning.priority import Late, Points, is_waiting, rank

TODAY = date(2026, 4, 1)


def late(pk, overdue, days, silent=None, back=None):
    last = TODAY - timedelta(days=silent) if silent is not None else None
    return Late(pk, Decimal(overdue), days, last, back)


def order(*customers):
    return [customer.customer_id for customer, _points in rank(customers, TODAY)]


def test_points_say_why():
    found = dict(
        rank([late(1, 500, 30, silent=7), late(2, 90, 90), late(3, 10, 1, silent=0)], TODAY)
    )
    assert list(found.values()) == [Points(20, 35, 25), Points(40, 17, 12), Points(0, 0, 0)]
    assert [points.total for points in found.values()] == [80, 69, 0]


def test_the_largest_amount_comes_first_among_equals():
    assert order(late(1, 100, 20), late(2, 900, 20), late(3, 400, 20)) == [2, 3, 1]


def test_the_oldest_comes_first_among_equals():
    assert order(late(1, 100, 20), late(2, 100, 50)) == [2, 1]


def test_silence_counts_up_to_two_weeks():
    assert order(late(1, 100, 20, silent=1), late(2, 100, 20)) == [2, 1]
    (_one, fourteen), (_two, never) = rank([late(1, 100, 20, silent=14), late(2, 100, 20)], TODAY)
    assert fourteen.silence == never.silence == 25


def test_a_single_customer_has_all_points_of_the_amount():
    assert rank([late(1, 5, 60)], TODAY)[0][1] == Points(40, 35, 25)


def test_ties_are_settled_by_amount_and_then_stay_as_they_are():
    assert order(late(2, 100, 60), late(1, 100, 60)) == [1, 2]


def test_who_was_spoken_with_today_or_has_a_later_day_waits():
    assert is_waiting(late(1, 5, 9, silent=0), TODAY)
    assert is_waiting(late(1, 5, 9, silent=3, back=TODAY + timedelta(days=1)), TODAY)
    assert not is_waiting(late(1, 5, 9, silent=3, back=TODAY), TODAY)
    assert not is_waiting(late(1, 5, 9), TODAY)
