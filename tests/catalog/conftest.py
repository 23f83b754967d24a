"""The company of these tests."""

import pytest

from tests.cast import bare_company


@pytest.fixture
def company(db):
    return bare_company()


@pytest.fixture
def other_company(db):
    return bare_company(name="Südwind")
