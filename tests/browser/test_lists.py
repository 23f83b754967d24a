"""Asking a list for days by picking them."""

from playwright.sync_api import Page, expect

from tests import cast


def test_days_are_picked_beside_the_field_or_typed(cookies_of, live_server, page: Page):
    company = cast.make_company()
    page.context.add_cookies(cookies_of(cast.sales_manager(company)))
    page.goto(f"{live_server.url}/{company.slug}/orders/?ordered=%3E%3D2026-03-01")
    page.locator(".panel summary").first.click()
    first, last = page.locator("[data-first]").first, page.locator("[data-last]").first
    expect(first).to_have_value("2026-03-01")
    last.fill("2026-03-31")
    ordered = page.locator("#id_ordered")
    expect(ordered).to_have_value("2026-03-01..2026-03-31")
    ordered.fill("this-week")
    expect(first).to_have_value("")
    last.fill("2026-03-31")
    page.locator(".filter-panel").get_by_role("button", name="Show").click()
    expect(page.locator(".chips")).to_contain_text("Ordered: <=2026-03-31")
