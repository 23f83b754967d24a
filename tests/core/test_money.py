"""Rounding and the ways a total is shared out; vectors of docs/algorithms/rounding.md."""

from decimal import Decimal as D

import pycountry
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    CurrencyMismatch,
    Money,
    cumulative,
    minor_digits,
    relieve,
    round_amount,
    split,
)

amounts = st.decimals("0", "999999.99", places=2)


@pytest.mark.parametrize(
    ("value", "currency", "rounded"),
    [
        ("2.665", "EUR", "2.67"),
        ("-2.665", "EUR", "-2.67"),
        ("2.5", "JPY", "3"),
        ("1.2345", "KWD", "1.235"),
        ("0.005", "EUR", "0.01"),
        ("99.99", "RSD", "99.99"),
        ("1.2345", "IQD", "1.235"),
        ("1.23456", "CLF", "1.2346"),
    ],
)
def test_rounding_is_half_away_from_zero_to_the_minor_unit(value, currency, rounded):
    assert round_amount(D(value), currency) == D(rounded)


@pytest.mark.django_db
def test_program_and_database_round_every_currency_of_iso_4217_alike():
    ours = {row.alpha_3: minor_digits(row.alpha_3) for row in pycountry.currencies}
    assert len(ours) > 170
    with connection.cursor() as cursor:
        cursor.execute("SELECT c, core_minor_digits(c) FROM unnest(%s) AS c", [list(ours)])
        assert dict(cursor.fetchall()) == ours


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("100.00", ["1", "1", "1"], ["33.34", "33.33", "33.33"]),
        ("133.33", ["1000.00", "333.33"], ["100.00", "33.33"]),
        ("27.41", ["10.05", "10.05", "10.05"], ["9.14", "9.14", "9.13"]),
        ("0.01", ["0", "0"], ["0.01", "0.00"]),
        ("-10.00", ["1", "1", "1"], ["-3.33", "-3.33", "-3.34"]),
    ],
)
def test_split_gives_the_missing_units_to_the_largest_fractions(total, weights, shares):
    assert split(D(total), [D(w) for w in weights], "EUR") == [D(s) for s in shares]


@given(total=amounts, weights=st.lists(amounts, min_size=1, max_size=30))
def test_split_always_sums_to_the_total(total, weights):
    assert sum(split(total, weights, "EUR")) == total


def test_milestones_are_rounded_cumulatively():
    total, done, shares = D("10000.01"), D(0), []
    for percent in (D(30), D(50), D(20)):
        shares.append(cumulative(total, done, percent, D(100), "EUR"))
        done += percent
    assert shares == [D("3000.00"), D("5000.01"), D("2000.00")]


def test_an_order_discount_spreads_over_three_shipments():
    shares = [cumulative(D("10.00"), D(i), D(1), D(3), "EUR") for i in range(3)]
    assert shares == [D("3.33"), D("3.34"), D("3.33")]


def test_the_last_piece_of_a_foreign_item_takes_the_remainder():
    open_amount, open_base, relieved = D("1000.00"), D("906.04"), []
    for part in (D("333.33"), D("333.33"), D("333.34")):
        base = relieve(part, open_amount, open_base, "EUR")
        relieved.append(base)
        open_amount, open_base = open_amount - part, open_base - base
    assert relieved == [D("302.01"), D("302.01"), D("302.02")]
    assert open_base == 0


def test_money_refuses_floats_and_mixed_currencies():
    with pytest.raises(TypeError):
        Money(1.5, "EUR")
    with pytest.raises(TypeError):
        Money(D(1), "EUR") * 1.5
    with pytest.raises(CurrencyMismatch):
        Money(D(1), "EUR") + Money(D(1), "USD")
    assert Money(D("1.10"), "EUR") + Money(D("2.20"), "EUR") == Money(D("3.30"), "EUR")
