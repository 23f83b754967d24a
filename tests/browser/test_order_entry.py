"""Entering an order with keys alone, from the first letter to the order's page."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse, receive
from tests.factories.partners import make_customer


@pytest.fixture
def shop(cookies_of, live_server, page: Page):
    """A company with a customer and a product; the page is the sales manager's."""
    company = cast.make_company()
    default_warehouse(company)
    product = make_product(company, 10)
    receive(company, (product, 4))
    make_customer(company, "Acme GmbH", limit=100)
    page.context.add_cookies(cookies_of(cast.sales_manager(company)))
    page.goto(f"{live_server.url}/{company.slug}/orders/new")
    return product


def choose(page: Page, field: str, text: str):
    """Types into a field that looks up, and takes the one thing it finds."""
    page.locator(f"#{field}[role=combobox]").focus()
    page.keyboard.type(text)
    expect(page.locator(f"#{field} + .options:not([hidden]) [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")


def test_by_keyboard_with_totals_while_typing(page: Page, shop):
    choose(page, "id_customer", "Acm")
    expect(page.locator("#id_customer ~ .chosen")).to_contain_text("Acme GmbH")
    choose(page, "id_lines-0-product", shop.code)
    page.keyboard.type("6")
    expect(page.locator("[data-totals]")).to_contain_text("Total 71.40 EUR")
    expect(page.locator("tbody [data-outcome]").first).to_have_text("60.00")
    expect(page.locator("tbody tr").first).to_contain_text("4 free, the rest on backorder")
    expect(page.locator("[data-notes]")).to_contain_text("Credit left: 28.60")
    page.keyboard.press("Control+A")
    page.keyboard.type("10")
    expect(page.locator("[data-notes]")).to_contain_text("19.00\u00a0EUR too much")
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    page.get_by_role("button", name="Save and submit").press("Enter")
    expect(page.locator("h1")).to_contain_text("SO-")
    assert Order.objects.get().gross == Decimal("47.60")


def test_typing_faster_than_the_answers_come(page: Page, shop):
    choose(page, "id_customer", "Acm")
    page.locator("#id_lines-0-product").focus()
    for quantity in (1, 2):
        page.keyboard.type(shop.code)
        page.keyboard.press("Enter")
        expect(page.locator(f"#id_lines-{quantity - 1}-quantity")).to_be_focused()
        page.keyboard.type(str(quantity))
        page.locator(f"#id_lines-{quantity}-product").focus()
    expect(page.locator(".options:visible")).to_have_count(0)
    expect(page.locator("[data-totals]")).to_contain_text("Net 30.00")


def test_nothing_typed_is_lost(page: Page, shop):
    choose(page, "id_customer", "Acm")
    page.locator("#id_note").fill("Ring twice")
    page.wait_for_timeout(600)
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_note")).to_have_value("Ring twice")
