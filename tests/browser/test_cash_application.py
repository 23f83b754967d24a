"""Cash application with keys alone, with a thumb, and without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger.models import OpenItem
from payments.models import Receipt
from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, make_bank_account, make_statement, owe, work_off


@pytest.fixture
def waiting(live_server):
    """Two payments that wait, and the address of the worklist."""
    company = cast.make_company()
    make_bank_account(company)
    acme = make_customer(company, "Acme GmbH", iban="DE89370400440532013000")
    owe(acme, "450.00", "INV-2025-00017")
    owe(acme, "80.00", "INV-2025-00018")
    paid = [Paid("445.00", "INV-2025-00017"), Paid("999.00", "as agreed", name="H. Unknown")]
    make_statement(company, paid)
    work_off()
    return company, f"{live_server.url}/{company.slug}/payments/cash-application"


@pytest.fixture
def signed_in(waiting, cookies_of):
    """Cookies of an accountant."""
    return cookies_of(cast.accountant(waiting[0]))


def left_open(document):
    return OpenItem.objects.get(source_name=document).open_amount


def test_one_key_applies_and_the_next_payment_appears(page: Page, waiting, signed_in):
    page.context.add_cookies(signed_in)
    page.goto(waiting[1])
    page.keyboard.press("a")
    expect(page.locator(".count")).to_have_text("1 left")
    expect(page.locator(".item-who")).to_have_text("H. Unknown")
    assert left_open("INV-2025-00017") == 5
    page.keyboard.press("u")
    expect(page.locator(".count")).to_have_text("2 left")
    assert left_open("INV-2025-00017") == 450


def test_what_would_be_left_is_said_while_typing(page: Page, waiting, signed_in):
    page.context.add_cookies(signed_in)
    page.goto(waiting[1])
    part = page.get_by_label("Amount for INV-2025-00017")
    part.fill("400.00")
    expect(page.locator("[data-rest]")).to_have_text("45.00\u00a0EUR")
    part.fill("500.00")
    expect(page.locator("[data-rest]")).to_have_class("too-much")
    part.fill("12,50")
    expect(page.locator("[data-rest]")).to_have_text("432.50\u00a0EUR")
    part.fill("1,250")  # can mean two numbers, so that the server will refuse it
    expect(page.locator("[data-rest]")).to_have_text("\u2014\u00a0EUR")


def test_a_line_for_which_nothing_is_left_is_too_much_at_once(page: Page, waiting, signed_in):
    page.context.add_cookies(signed_in)
    page.goto(waiting[1])
    page.get_by_role("checkbox", name="INV-2025-00018").check()
    expect(page.locator("[data-rest]")).to_have_text("\u221280.00\u00a0EUR")
    expect(page.locator("[data-rest]")).to_have_class("too-much")
    assert left_open("INV-2025-00018") == 80


def test_looking_for_another_invoice_keeps_what_is_ticked(page: Page, waiting, signed_in):
    page.context.add_cookies(signed_in)
    page.goto(waiting[1])
    page.get_by_label("Amount for INV-2025-00017").fill("400.00")
    page.get_by_label("Find an open invoice").fill("INV-2025-00018")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="INV-2025-00017")).to_be_checked()
    expect(page.get_by_label("Amount for INV-2025-00017")).to_have_value("400.00")
    expect(page.locator("[data-rest]")).to_have_text("45.00\u00a0EUR")
    page.get_by_role("checkbox", name="INV-2025-00018").check()
    page.get_by_label("Amount for INV-2025-00018").fill("45.00")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".count")).to_have_text("1 left")
    assert (left_open("INV-2025-00017"), left_open("INV-2025-00018")) == (50, 35)


def test_without_scripts_and_on_a_telephone(browser: Browser, waiting, signed_in):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies(signed_in)
    page = context.new_page()
    page.goto(waiting[1])
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".item-who")).to_have_text("H. Unknown")
    page.get_by_label("Find an open invoice").fill("INV-2025-00018")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("INV-2025-00018").first.check()
    page.get_by_role("button", name="Apply").click()
    assert left_open("INV-2025-00018") == 0
    assert Receipt.objects.get(amount="999.00").customer.partner.name == "Acme GmbH"
    context.close()
