"""The DSO family against the worked examples of the accounting rules."""

from decimal import Decimal

import pytest

from analytics.dso import Days, Month, count_back, simple

D = Decimal


@pytest.mark.parametrize(
    ("receivable", "sales", "days", "expected"),
    [
        ("150", "180", 90, "75.0"),
        ("120", "150", 90, "72.0"),
        ("80", "150", 90, "48.0"),  # best possible: only what is not due yet
        ("0", "150", 90, "0.0"),
    ],
)
def test_simple_dso_by_the_book(receivable, sales, days, expected):
    assert simple(D(receivable), D(sales), days) == D(expected)


def test_average_days_delinquent_is_the_difference():
    assert simple(D(120), D(150), 90) - simple(D(80), D(150), 90) == D("24.0")


@pytest.mark.parametrize("sales", ["0", "-10"])
def test_there_is_no_dso_without_sales(sales):
    assert simple(D(100), D(sales), 90) is None


@pytest.mark.parametrize(
    ("receivable", "months", "expected"),
    [
        ("150", [("60", 31), ("50", 28), ("70", 31)], "76.7"),
        ("120", [("50", 31), ("40", 28), ("60", 31)], "74.5"),
        ("50", [("50", 31), ("40", 28)], "31.0"),
        ("0", [("50", 31)], "0.0"),
        ("30", [("0", 31), ("60", 30)], "46.0"),  # a month without sales adds its days
        ("30", [("-20", 31), ("80", 30)], "30.5"),  # returns count with the month before
    ],
)
def test_count_back_by_the_book(receivable, months, expected):
    history = [Month(D(sales), days) for sales, days in months]
    assert count_back(D(receivable), history) == Days(D(expected))


def test_count_back_says_more_than_when_the_history_ends():
    assert count_back(D(200), [Month(D(50), 31), Month(D(40), 28)]) == Days(D("59.0"), more=True)
