"""Every page, in both themes, wide and narrow: nothing serious for axe, nothing out of its box."""

from functools import cache
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from core import clock
from core.models import Membership
from core.roles import Role
from tests import cast
from tests.architecture.doors import addresses
from tests.architecture.world import build

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
NO_PAGES = {"documents:file"}  # the file itself
SERIOUS = ("serious", "critical")
FIND = """async () => {
  const found = await axe.run({ resultTypes: ["violations"] });
  return found.violations.map((v) => [v.impact, v.id, v.nodes[0].html.slice(0, 160)]);
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@cache
def axe():
    return AXE.read_text()


@pytest.fixture
def pages(db, live_server):
    """Addresses of all pages of a company with one thing of each kind, and who sees them all."""
    world = build()
    person = cast.member(world.company, Role.CONTROLLER)
    for role in set(Role) - {Role.CONTROLLER}:
        Membership.objects.create(
            user=person, company=world.company, role=role, created_at=clock.now()
        )
    found = {}
    for address in addresses():
        if address.of_company and "GET" in address.methods and address.name not in NO_PAGES:
            thing = world.about(address)
            names = dict.fromkeys(address.parameters, thing)
            path = reverse(address.name, kwargs={"company": world.company.slug, **names})
            found[address.name] = f"{live_server.url}{path}"
    found |= {name: f"{live_server.url}{reverse(name)}" for name in ("core:settings",)}
    return person, found


def problems(page: Page, name: str, url: str):
    answer = page.goto(url)
    if answer is None or answer.status != 200 or "html" not in answer.headers["content-type"]:
        return [] if answer and "json" in answer.headers["content-type"] else [(name, answer)]
    page.evaluate(axe())
    found = [(name, *v) for v in page.evaluate(FIND) if v[0] in SERIOUS]
    return found + ([(name, "wider than the window")] if page.evaluate(TOO_WIDE) else [])


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_every_page_can_be_read_by_everyone(browser: Browser, pages, cookies_of, theme, width):
    person, found = pages
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    context.add_cookies(cookies_of(person))
    page = context.new_page()
    wrong = [problem for name, url in found.items() for problem in problems(page, name, url)]
    context.close()
    assert not wrong, "\n".join(map(str, wrong))
