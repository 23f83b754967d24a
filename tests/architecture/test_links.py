"""Whoever sees a link may open it: every page as every role, and where its links lead."""

import re
from copy import deepcopy

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from core import clock
from core.access import may_open
from core.models import Membership
from core.roles import Role
from tests import cast
from tests.architecture.doors import addresses
from tests.architecture.test_doors import url
from tests.architecture.world import World, build

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"?#]*)')
MENU = re.compile(r'<nav id="menu".*?</nav>', re.DOTALL)


@pytest.fixture(scope="module")
def built(module_db) -> World:
    return build()


@pytest.fixture
def world(built, db) -> World:
    return deepcopy(built)


def permission_of(link: str) -> str:
    """What the page behind a link asks for; empty where anybody may open it."""
    try:
        view = resolve(link).func
    except Resolver404:
        return ""
    door = getattr(view, "door", None)
    return door.permission if door and link.split("/")[1] == "house" else ""


def page(person, where: str) -> str:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    response = client.get(where)
    shown = response.status_code == 200 and "text/html" in response["Content-Type"]
    return response.content.decode() if shown else ""


def dead_ends(person, html: str, company) -> set[str]:
    """The addresses of links that would answer 403."""
    return {
        link
        for link in LINK.findall(html)
        if (wanted := permission_of(link)) and not may_open(person, wanted, company)
    }


def everybody(world: World):
    """Somebody with every role, who sees every link there is."""
    person = cast.member(world.company, Role.CONTROLLER)
    for role in set(Role) - {Role.CONTROLLER}:
        Membership.objects.create(
            user=person, company=world.company, role=role, created_at=clock.now()
        )
    return person


def test_every_link_of_a_page_opens_to_its_reader(world):
    allowed, wrong = everybody(world), []
    for address in (a for a in addresses() if a.of_company and "GET" in a.methods):
        where = url(address, world)
        every = MENU.sub("", page(allowed, where))
        for role, person in world.people.items():
            mine = may_open(person, address.permission, world.company)
            if mine and dead_ends(person, every, world.company):
                shown = page(person, where)
                wrong += [(address.name, role, link)
                          for link in dead_ends(person, shown, world.company)]  # fmt: skip
    assert [*map(str, wrong)] == []


def test_every_entry_of_the_menu_opens_to_whom_it_is_shown(world):
    for role, person in world.people.items():
        menu = MENU.search(page(person, f"/{world.company.slug}/"))
        assert menu, role
        assert len(LINK.findall(menu[0])) > 1
        assert dead_ends(person, menu[0], world.company) == set(), role
