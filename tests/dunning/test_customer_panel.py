"""The ageing on a customer's page, for those who see collections."""

from datetime import UTC, datetime

import pytest

from core import clock
from tests import cast
from tests.dunning.owing import golden
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_spring():
    with clock.travel(datetime(2026, 3, 17, 12, tzinfo=UTC)):
        yield


def shown(client, customer, person):
    client.force_login(person)
    return client.get(f"/{customer.company.slug}/customers/{customer.number}").content.decode()


def test_a_customers_page_shows_what_is_open_by_age(client):
    company = cast.make_company()
    customer = make_customer(company, "Acme")
    golden(customer)
    page = shown(client, customer, cast.credit_controller(company))
    assert "Open by age, EUR" in page
    assert "400.00" in page
    assert "\N{MINUS SIGN}200.00" in page
    assert f"/collections/customers/{customer.number}" in page


def test_a_warehouse_hand_sees_no_ageing(client):
    company = cast.make_company()
    customer = make_customer(company, "Acme")
    golden(customer)
    assert "Open by age" not in shown(client, customer, cast.warehouse_hand(company))
