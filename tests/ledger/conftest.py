"""The company of these tests, with its books set up, and a customer."""

import pytest

from tests.cast import make_company
from tests.factories.partners import make_customer


@pytest.fixture
def company(db):
    return make_company()


@pytest.fixture
def customer(company):
    return make_customer(company)
