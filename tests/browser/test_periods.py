"""Closing periods with the mouse, as a controller does at the end of a month."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.roles import Role
from ledger.models import Period
from tests import cast


@pytest.fixture
def company(db, transactional_db):
    return cast.make_company()


def test_ticked_periods_are_closed(cookies_of, live_server, page: Page, company):
    page.context.add_cookies(cookies_of(cast.member(company, Role.CONTROLLER)))
    page.goto(f"{live_server.url}/{company.slug}/books/periods/")
    bar = page.locator("[data-set-bar]")
    expect(bar).to_be_hidden()
    for tick in page.locator("tbody tr").first.get_by_role("checkbox").all():
        tick.check()
    expect(bar).to_contain_text("4 ticked")
    bar.get_by_role("button", name=re.compile(r"^Close \d")).click()
    expect(page.get_by_role("region")).to_contain_text("Open before it: 2025-01")
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator("#messages")).to_be_visible()
    assert Period.objects.filter(company=company).exclude(state="open").count() == 4
