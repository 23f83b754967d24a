"""Logging in with a real browser."""

from playwright.sync_api import Page, expect

from users.models import User


def test_a_person_logs_in(live_server, page: Page):
    User.objects.create_user("ada@example.com", "long enough for anyone", name="Ada")
    page.goto(f"{live_server.url}/")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type("ada@example.com")
    page.get_by_label("Password", exact=True).fill("long enough for anyone")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/**")
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)
