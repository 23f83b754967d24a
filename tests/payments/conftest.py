"""A company with a bank account, and the people who handle its money."""

import pytest

from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import make_bank_account
from tests.proofs import broken_promises


@pytest.fixture
def company(db):
    """Ends with all books proved, whatever the test did."""
    company = cast.make_company()
    make_bank_account(company)
    yield company
    assert broken_promises() == []


@pytest.fixture
def clerk(company):
    return cast.accountant(company)


@pytest.fixture
def controller(company):
    return cast.controller(company)


@pytest.fixture
def acme(company):
    return make_customer(company, "Acme GmbH", iban="DE89370400440532013000")


@pytest.fixture
def bolt(company):
    return make_customer(company, "Bolt & Söhne KG", iban="DE27100777770209299700")
