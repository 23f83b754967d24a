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


def test_nothing_typed_is_lost_on_the_way_back_and_forth(page: Page, shop):
    page.goto(page.url.replace("/new", "/"))
    page.goto(f"{page.url}new")
    choose(page, "id_customer", "Acm")
    page.locator("#id_note").fill("Ring twice")
    page.locator("#id_lines-5-product").fill(shop.code)
    page.locator("#id_lines-5-product").press("Tab")
    page.locator("#id_lines-5-quantity").fill("6")
    page.get_by_role("button", name="Add line").click()
    page.locator("#id_lines-6-quantity").fill("7")
    page.go_back()
    page.go_forward()
    expect(page.locator("#id_note")).to_have_value("Ring twice")
    expect(page.locator("#id_lines-5-quantity")).to_have_value("6")
    expect(page.locator("#id_lines-6-quantity")).to_have_value("7")
    expect(page.locator("#id_lines-5-product ~ .chosen")).to_have_text(shop.name)
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator("#id_note")).to_have_value("")
    page.reload()
    expect(page.locator("#id_lines-5-quantity")).to_have_value("")


def test_the_field_that_is_wrong_is_marked_while_typing_and_has_the_focus(page: Page, shop):
    choose(page, "id_customer", "Acm")
    choose(page, "id_lines-0-product", shop.code)
    page.keyboard.type("1.5")
    quantity, words = page.locator("#id_lines-0-quantity"), "sold in whole pieces only"
    expect(page.locator("#id_lines-0-quantity ~ .mistake")).to_contain_text(words)
    expect(quantity).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator(".alert-danger")).to_contain_text(words)
    expect(quantity).to_be_focused()
    expect(page.locator("#id_customer ~ .chosen")).to_have_text("Acme GmbH")
    expect(page.locator("#id_lines-0-product ~ .chosen")).to_have_text(shop.name)
    quantity.fill("2")
    expect(quantity).not_to_have_attribute("aria-invalid", "true")


def test_what_came_back_with_a_mistake_is_kept_too(page: Page, shop):
    form = page.url
    choose(page, "id_customer", "Acm")
    page.locator("#id_note").fill("Ring twice")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator(".alert-danger")).to_contain_text("at least one product")
    page.goto(form.replace("/new", "/"))
    page.goto(form)
    expect(page.locator("#id_note")).to_have_value("Ring twice")


def test_one_key_submits_from_anywhere_in_the_form(page: Page, shop):
    expect(page.locator("#keys")).to_contain_text("Save and submit")
    choose(page, "id_customer", "Acm")
    choose(page, "id_lines-0-product", shop.code)
    page.keyboard.type("2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("SO-")
    assert Order.objects.get().state != "draft"


def test_enter_goes_on_in_the_head_and_saves_nothing(page: Page, shop):
    form = page.url
    choose(page, "id_customer", "Acm")
    page.locator("#id_customer_reference").focus()
    page.keyboard.type("PO 1")
    for field in ("requested_on", "ship_to", "warehouse", "channel"):
        page.keyboard.press("Enter")
        expect(page.locator(f"#id_{field}")).to_be_focused()
    page.locator("#id_note").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_note")).to_have_value("\n")
    assert page.url == form
    assert not Order.objects.exists()


def test_cancel_forgets_what_was_typed(page: Page, shop):
    form = page.url
    choose(page, "id_customer", "Acm")
    page.locator("#id_note").fill("Never mind")
    page.wait_for_timeout(500)  # it is kept a moment after the last key
    page.get_by_role("link", name="Cancel", exact=True).click()
    page.wait_for_url(lambda url: url != form)
    page.goto(form)
    expect(page.locator("#id_note")).to_have_value("")
    expect(page.get_by_text("What you typed before")).to_have_count(0)
