"""The price of a line."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.actions import assign_price_list
from catalog.quote import find_prices
from tests.cast import system
from tests.factories.catalog import default_list, make_price, make_price_list, make_product
from tests.factories.partners import make_customer

DAY = date(2026, 6, 15)
pytestmark = pytest.mark.django_db


def price(company, product, quantity=1, *, on=DAY, customer=None, currency="EUR"):
    wanted = (customer and customer.pk, currency, product.pk, Decimal(quantity), on)
    return find_prices(company, [wanted])[0]


def test_the_default_list_of_the_currency(company):
    product = make_product(company, price="9.50")
    assert price(company, product) == Decimal("9.5")
    assert price(company, product, currency="USD") is None
    make_price(default_list(company, "USD"), product, "11")
    assert price(company, product, currency="USD") == Decimal(11)


def test_the_customers_own_list_comes_first_and_the_default_fills_its_gaps(company):
    special, usual = make_product(company, price=10), make_product(company, price=20)
    customer, own = make_customer(company), make_price_list(company)
    make_price(own, special, 8)
    assign_price_list(company, [customer.pk], own.pk, by=system())
    assert price(company, special, customer=customer) == Decimal(8)
    assert price(company, usual, customer=customer) == Decimal(20)
    assert price(company, special, customer=make_customer(company)) == Decimal(10)


def test_quantity_breaks(company):
    product = make_product(company, price=10)
    make_price(default_list(company), product, 9, min_quantity=Decimal(10))
    make_price(default_list(company), product, 8, min_quantity=Decimal(100))
    found = [price(company, product, quantity) for quantity in ("1", "9.99", "10", "99", "100")]
    assert found == [10, 10, 9, 9, 8]


def test_days(company):
    product = make_product(company)
    make_price(default_list(company), product, 10, valid_from=date(2026, 1, 1))
    make_price(
        default_list(company), product, 7, valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30)
    )
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 1), date(2026, 6, 30)]
    assert [price(company, product, on=day) for day in days] == [None, 10, 7, 7]
    assert price(company, product, on=date(2026, 7, 1)) == 10


def test_a_later_price_takes_over(company):
    product = make_product(company)
    make_price(default_list(company), product, 10, valid_from=date(2026, 1, 1))
    make_price(default_list(company), product, 11, valid_from=date(2026, 7, 1))
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    assert [price(company, product, on=day) for day in days] == [10, 11]


def test_one_statement_for_any_number_of_lines(company, django_assert_num_queries):
    products = [make_product(company, price=i) for i in range(1, 6)]
    wanted = [(None, "EUR", p.pk, Decimal(1), DAY) for p in products] * 10
    with django_assert_num_queries(1):
        found = find_prices(company, wanted)
    assert found == [1, 2, 3, 4, 5] * 10


def test_another_companys_lists_do_not_count(company, other_company):
    product = make_product(other_company, price=10)
    assert price(company, product) is None
