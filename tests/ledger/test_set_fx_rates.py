"""Entering rates of exchange, and finding the one of a day."""

from datetime import date
from decimal import Decimal

import pytest

from ledger import rates
from ledger.actions import (
    set_fx_rates,
)
from ledger.models import AccountRole, FxRate
from tests.cast import company_admin, controller, make_company, system
from tests.factories.ledger import DAY
from tests.refusals import code_of

pytestmark = pytest.mark.django_db
R = AccountRole


def test_rates_are_found_by_day_turned_round_and_across(company):
    set_fx_rates(
        [
            ("EUR", "USD", date(2026, 3, 1), Decimal("1.10"), "ECB"),
            ("EUR", "USD", date(2026, 3, 10), Decimal("1.08"), "ECB"),
            ("EUR", "GBP", date(2026, 3, 1), Decimal("0.85"), "ECB"),
        ],
        company=company,
        by=controller(company),
    )
    assert rates.rate(company, "USD", date(2026, 3, 9)) == Decimal("1.10")
    assert rates.rate(company, "USD", date(2026, 3, 10)) == Decimal("1.08")
    assert rates.rate(company, "EUR", DAY) == 1
    american = make_company(country="US", currency="USD")
    assert rates.rate(american, "EUR", DAY) == Decimal("0.925925925926")
    assert rates.rate(american, "GBP", DAY) == Decimal("0.787037037037")
    assert code_of(rates.rate, company, "USD", date(2026, 2, 28)) == "rates.missing"


def test_the_latest_rate_counts_whichever_way_it_is_quoted(company):
    stale, fresh, next_day = date(2020, 1, 1), date(2026, 3, 1), date(2026, 3, 2)
    by, american = controller(company), make_company(country="US", currency="USD")
    given = [
        ("EUR", "USD", stale, Decimal("1.10"), "ECB"),
        ("USD", "EUR", fresh, Decimal("0.80"), "Fed"),
        ("USD", "GBP", stale, Decimal("0.50"), "Fed"),
        ("EUR", "USD", date(2019, 1, 1), Decimal("1.60"), "ECB"),
        ("EUR", "GBP", fresh, Decimal("0.88"), "ECB"),
    ]
    set_fx_rates(given, company=company, by=by)
    assert rates.rate(company, "USD", next_day) == Decimal("1.25")
    assert rates.rate(company, "USD", date(2026, 2, 28)) == Decimal("1.10")
    assert rates.rate(american, "GBP", next_day) == Decimal("0.50")
    set_fx_rates([("EUR", "USD", fresh, Decimal("1.10"), "ECB")], company=company, by=by)
    assert rates.rate(company, "USD", next_day) == Decimal("1.10")
    assert rates.rate(american, "GBP", next_day) == Decimal("0.80")


def test_a_rate_of_the_same_day_is_replaced(company):
    by = company_admin(company)
    for rate in ("1.10", "1.12"):
        set_fx_rates([("EUR", "USD", DAY, Decimal(rate), "ECB")], company=company, by=by)
    assert FxRate.objects.get().rate == Decimal("1.12")


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        (("EUR", "XYZ", DAY, Decimal(1), ""), "value.currency"),
        (("EUR", "DEM", DAY, Decimal(1), ""), "value.currency"),
        (("EUR", "EUR", DAY, Decimal(1), ""), "rates.same_currency"),
        (("EUR", "USD", DAY, Decimal(0), ""), "rates.not_positive"),
        (("EUR", "USD", DAY, Decimal(-1), ""), "rates.not_positive"),
        (("EUR", "USD", DAY, Decimal(10) ** 12, ""), "rates.not_positive"),
        (("EUR", "USD", DAY, Decimal("1.0000000000001"), ""), "rates.digits"),
    ],
)
def test_bad_rates_are_refused(company, rate, code):
    good = ("EUR", "GBP", DAY, Decimal("0.85"), "")
    assert code_of(set_fx_rates, [good, rate], company=company, by=system()) == code
    assert not FxRate.objects.exists()
