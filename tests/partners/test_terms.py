"""Due dates and instalments: the table of the rules, row by row."""

from datetime import date
from decimal import Decimal

import pytest

from partners.terms import Instalment, Rule, due_dates, due_day

NET30 = Instalment(days=30)
THIRTY_THEN_MONTH_END = Instalment(rule=Rule.DAYS_THEN_MONTH_END, days=30)
MONTH_END_THEN_THIRTY = Instalment(rule=Rule.MONTH_END_THEN_DAYS, days=30)
MONTH_END_AND_A_MONTH = Instalment(rule=Rule.MONTH_END_THEN_DAYS, months=1)
FIFTEENTH_OF_NEXT = Instalment(rule=Rule.DAY_OF_NEXT_MONTH, days=15)
DISCOUNT_TEN_DAYS = Instalment(days=10)

GOLDEN = [
    ("2026-01-31", NET30, "2026-03-02"),
    ("2026-01-31", THIRTY_THEN_MONTH_END, "2026-03-31"),
    ("2026-01-31", MONTH_END_THEN_THIRTY, "2026-03-02"),
    ("2026-01-31", MONTH_END_AND_A_MONTH, "2026-02-28"),
    ("2026-01-31", FIFTEENTH_OF_NEXT, "2026-02-15"),
    ("2026-01-31", DISCOUNT_TEN_DAYS, "2026-02-10"),
    ("2026-01-15", NET30, "2026-02-14"),
    ("2026-01-15", THIRTY_THEN_MONTH_END, "2026-02-28"),
    ("2026-01-15", MONTH_END_THEN_THIRTY, "2026-03-02"),
    ("2026-01-15", MONTH_END_AND_A_MONTH, "2026-02-28"),
    ("2026-01-15", FIFTEENTH_OF_NEXT, "2026-02-15"),
    ("2026-01-15", DISCOUNT_TEN_DAYS, "2026-01-25"),
    ("2028-01-31", NET30, "2028-03-01"),
    ("2028-01-31", THIRTY_THEN_MONTH_END, "2028-03-31"),
    ("2028-01-31", MONTH_END_THEN_THIRTY, "2028-03-01"),
    ("2028-01-31", MONTH_END_AND_A_MONTH, "2028-02-29"),
    ("2028-01-31", FIFTEENTH_OF_NEXT, "2028-02-15"),
    ("2028-01-31", DISCOUNT_TEN_DAYS, "2028-02-10"),
    ("2026-12-02", NET30, "2027-01-01"),
    ("2026-12-02", THIRTY_THEN_MONTH_END, "2027-01-31"),
    ("2026-12-02", MONTH_END_THEN_THIRTY, "2027-01-30"),
    ("2026-12-02", MONTH_END_AND_A_MONTH, "2027-01-31"),
    ("2026-12-02", FIFTEENTH_OF_NEXT, "2027-01-15"),
    ("2026-12-02", DISCOUNT_TEN_DAYS, "2026-12-12"),
]


@pytest.mark.parametrize(("invoice_date", "part", "due"), GOLDEN)
def test_due_day(invoice_date, part, due):
    assert due_day(part, date.fromisoformat(invoice_date)) == date.fromisoformat(due)


def test_a_month_from_the_end_of_february_is_the_end_of_march():
    assert due_day(MONTH_END_AND_A_MONTH, date(2026, 2, 28)) == date(2026, 3, 31)


def test_a_month_after_the_31st_is_clamped():
    assert due_day(Instalment(months=1), date(2026, 1, 31)) == date(2026, 2, 28)


def test_the_31st_of_next_month_is_clamped():
    fixed = Instalment(rule=Rule.DAY_OF_NEXT_MONTH, days=31)
    assert due_day(fixed, date(2026, 1, 5)) == date(2026, 2, 28)


def parts(*percents):
    return [Instalment(Decimal(p), days=30 * i) for i, p in enumerate(percents)]


def amounts(gross, currency, *percents):
    found = due_dates(parts(*percents), date(2026, 1, 1), Decimal(gross), currency)
    return [amount for _due, amount in found]


def test_the_last_instalment_takes_the_remainder():
    assert due_dates(parts(30, 30, 40), date(2026, 1, 1), Decimal("1000.01"), "EUR") == [
        (date(2026, 1, 1), Decimal("300.00")),
        (date(2026, 1, 31), Decimal("300.00")),
        (date(2026, 3, 2), Decimal("400.01")),
    ]


def test_a_credit_is_shared_out_like_an_invoice():
    assert amounts("-1000.01", "EUR", 30, 30, 40) == [
        Decimal("-300.00"),
        Decimal("-300.00"),
        Decimal("-400.01"),
    ]


def test_no_instalment_is_zero_or_of_the_other_sign():
    assert amounts("0.02", "EUR", 25, 25, 25, 25) == [Decimal("0.01"), Decimal("0.01")]
    assert amounts("0.01", "EUR", 50, 50) == [Decimal("0.01")]


def test_an_invoice_over_nothing_still_has_a_day():
    assert due_dates(parts(30, 70), date(2026, 1, 1), Decimal("0.00"), "EUR") == [
        (date(2026, 1, 31), Decimal(0))
    ]


def test_a_currency_without_decimals():
    assert amounts("1001", "JPY", 30, 30, 40) == [Decimal(300), Decimal(300), Decimal(401)]


def test_on_screens_the_standard_terms_are_not_in_the_language_of_the_documents():
    from partners.terms import on_screen

    assert on_screen("30 Tage netto") == "30 days net"
    assert on_screen("Wie besprochen") == "Wie besprochen"
