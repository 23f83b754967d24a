"""The worklist of the warehouse with keys alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from orders.models import Shipment
from tests import cast
from tests.factories.orders import make_confirmed_order


@pytest.fixture
def waiting(live_server):
    """Two orders to ship, and the address of the worklist."""
    company = cast.make_company()
    orders = [make_confirmed_order(company) for _n in range(2)]
    return company, orders, f"{live_server.url}{reverse('orders:to_ship', args=[company.slug])}"


@pytest.fixture
def at_work(page: Page, waiting, cookies_of):
    company, _orders, address = waiting
    page.context.add_cookies(cookies_of(cast.warehouse_hand(company)))
    page.goto(address)
    return page


def test_s_skips_and_ships_nothing(at_work: Page, waiting):
    first, second = waiting[1]
    expect(at_work.locator(".item h2")).to_contain_text(first.name)
    at_work.keyboard.press("s")
    expect(at_work.locator(".item h2")).to_contain_text(second.name)
    assert not Shipment.objects.exists()


def test_control_and_enter_ship_what_is_shown(at_work: Page):
    at_work.keyboard.press("Control+Enter")
    expect(at_work.locator(".count")).to_have_text("1 left")
    assert Shipment.objects.count() == 1
