"""The walk over all doors: every address × role × owner of the thing, against the table."""

import re
from copy import deepcopy
from functools import cache

import pytest
from django.contrib import admin
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

import core.lists.archiving
from catalog.models import Product
from core import clock
from core.access import Door, door
from core.models import Membership
from core.refusals import Refused
from core.roles import Role
from tests.architecture import doors
from tests.architecture.doors import Address, addresses, kept
from tests.architecture.world import World, build
from tests.undone import undone

WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
FORBIDDEN, ABSENT, NO_METHOD = 403, 404, 405
# Articles are one for all companies, so a neighbour finds them too.
SHARED = {f"catalog:{deed}product" for deed in ("", "edit_", "archive_", "restore_")}


@pytest.fixture(scope="module")
def built(module_db) -> World:
    return build()


@pytest.fixture
def world(built, db) -> World:
    return deepcopy(built)


def url(address: Address, world: World, company: str = "", about: str = "") -> str:
    """The address of the thing in the world; `about` names another thing instead."""
    arguments = {"company": company or world.company.slug}
    for parameter in address.parameters:
        arguments[parameter] = about or world.about(address)
    return reverse(address.name, kwargs=arguments)


def visitor(person=None) -> Client:
    """The browser of somebody who is logged in, or of nobody known."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


def ask(client: Client, where: str, method: str) -> int:
    """The status one gets at the front door of the house; nothing that happens lasts."""
    cookies = deepcopy(client.cookies)
    try:
        with undone():
            return client.generic(method, where).status_code
    finally:
        client.cookies = cookies


def knock(person, where: str, method: str) -> int:
    """The same at the door of the view itself: no page is drawn, so thousands can be tried."""
    request = getattr(RequestFactory(), method.lower())(where, {"ids": "1"})
    request.user, request.session = person, SessionStore()
    request._messages = default_storage(request)
    found = resolve(where)
    try:
        with undone():
            return found.func(request, *found.args, **found.kwargs).status_code
    except Http404:
        return ABSENT
    except PermissionDenied:
        return FORBIDDEN
    except Refused:
        return 409


def opened(declared: Door, person, world: World, method: str) -> int:
    """Whether a door lets somebody through, whatever lies behind it."""
    behind = door(declared.permission, declared.methods)(lambda *a, **k: HttpResponse())
    request = RequestFactory().generic(method, "/")
    request.user = person
    try:
        return behind(request, world.company.slug).status_code
    except PermissionDenied:
        return FORBIDDEN


def rows(*, with_object: bool = False):
    """The addresses of companies with what the table says of them."""
    table = kept()
    return [
        (address, table[address.name])
        for address in addresses()
        if address.of_company and (set(address.parameters) - {"day"} or not with_object)
    ]


def opens(said: dict[str, str]) -> list[str]:
    return [*said.get("open", "").split(), *said.get("own", "").split()]


def test_the_table_is_up_to_date():
    """Run `make doors`, and read the difference before you commit it."""
    assert kept() == doors.tidy(doors.table())


def undeclared(found):
    return [address.name for address in found if not address.permission]


def test_every_address_declares_its_door():
    assert undeclared(addresses()) == []
    assert undeclared([Address("orders:open_to_all", "<slug:company>/x", "", ())])


def test_every_permission_of_a_door_is_somebodys():
    wanted = {a.permission for a in addresses() if a.of_company}
    nobodys = [p for p in wanted if not (doors.roles_with(p) or doors.roles_with(f"{p}_own"))]
    assert nobodys == []


def test_the_world_has_every_kind_of_thing(world):
    """An address about something new: add one such thing to world.py."""
    keys = {address.key for address, _said in rows(with_object=True)}
    assert sorted(keys - world.objects.keys()) == []


def test_each_role_comes_in_where_the_table_says(world):
    wrong = []

    @cache  # many addresses declare the same door
    def tried(declared, role, method):
        return opened(declared, world.people[role], world, method)

    for address, said in rows():
        may = opens(said)
        for method in said["methods"].split():
            for role in Role:
                status = tried(Door(address.permission, address.methods), role, method)
                if status != (200 if role in may else FORBIDDEN):
                    wrong.append((address.name, method, str(role), status))
    assert wrong == []


def behind_the_door(status: int, method: str) -> bool:
    """Whether somebody came in: a deed may find nothing to do, a page is there."""
    outside = {FORBIDDEN, NO_METHOD} | ({ABSENT} if method == "GET" else set())
    return status not in outside and status < 500


def test_behind_each_door_there_is_a_page(world):
    """Whole requests: one role that may and one that may not, with every method."""
    wrong = []
    visitors = {role: visitor(world.people[role]) for role in Role}
    for address, said in rows():
        where, may = url(address, world), opens(said)
        outside = [role.value for role in Role if role.value not in may][:1]
        for method in said["methods"].split():
            for role in [may[0], *outside]:
                status = ask(visitors[role], where, method)
                fine = behind_the_door(status, method) if role in may else status == FORBIDDEN
                if not fine:
                    wrong.append((address.name, method, role, status))
    assert wrong == []
    assert not behind_the_door(403, "POST")
    assert not behind_the_door(500, "POST")


def test_a_method_that_is_not_declared_is_no_way_in(world):
    auditor = world.people[Role.AUDITOR]
    wrong = [
        (address.name, method)
        for address, said in rows()
        for method in {"GET", "POST", "PUT", "DELETE"} - set(said["methods"].split())
        if knock(auditor, url(address, world), method) != NO_METHOD
    ]
    assert wrong == []


def test_strangers_and_neighbours_find_nothing_at_all(world):
    """404, not 403: even that a company exists is nobody else's business."""
    wrong, nobody = [], visitor()
    for address, said in rows():
        where, method = url(address, world), said["methods"].split()[0]
        found = [ask(nobody, where, method)]
        found += [knock(person, where, method) for person in (world.stranger, world.neighbour)]
        if found != [302, ABSENT, ABSENT]:
            wrong.append((address.name, found))
    assert wrong == []


def found_by(person, world: World, company: str = "", about: str = "", own: bool = False):
    """Doors at which somebody finds a thing that should not be there."""
    return [
        (address.name, method, status)
        for address, said in rows(with_object=True)
        for method in said["methods"].split()
        if not own or Role.SALES_REP in said.get("own", "").split()
        if (status := knock(person, url(address, world, company, about), method)) != ABSENT
    ]


def test_another_companys_thing_is_not_there(world):
    """Asked for at the neighbour's own company, by somebody who may do everything there."""
    found = found_by(world.neighbour, world, world.other.slug)
    assert [row for row in found if row[0] not in SHARED] == []


def test_another_reps_thing_is_not_there(world):
    assert found_by(world.other_rep, world, own=True) == []
    assert found_by(world.people[Role.SALES_REP], world, own=True)


@pytest.mark.parametrize("guess", ["999999999999", "0"])
def test_a_guessed_thing_is_not_there(world, guess):
    assert found_by(world.neighbour, world, world.other.slug, guess) == []


@pytest.mark.parametrize("guess", ["NO-2026-99999", "draft-1", "draft-99999999999999999999", "☃"])
def test_a_guessed_name_is_not_there(world, guess):
    wrong = [
        (address.name, status)
        for address, _said in rows(with_object=True)
        if "<int:" not in address.route
        if (status := knock(world.neighbour, url(address, world, world.other.slug, guess),
                            address.methods[0])) != ABSENT
    ]  # fmt: skip
    assert wrong == []


def test_the_ticked_rows_of_a_set_deed_are_those_of_the_company(world, monkeypatch):
    """Also for somebody who may do everything in both companies."""
    for role in Role:
        Membership.objects.create(
            user=world.neighbour, company=world.company, role=role, created_at=clock.now()
        )
    asked = []

    def chosen(request, behind):
        asked.append(behind)
        raise Refused("seen", "")

    monkeypatch.setattr(core.lists, "chosen", chosen)
    monkeypatch.setattr(core.lists.archiving, "chosen", chosen)
    for address, said in rows():
        if "POST" in said["methods"].split():
            knock(world.neighbour, url(address, world, world.other.slug), "POST")
    assert len(asked) >= 20
    foreign = [
        behind.model
        for behind in asked
        if behind.model is not Product and behind.filter(company=world.company).exists()
    ]
    assert foreign == []


def test_looking_writes_nothing(world):
    wrong = []
    for address, said in rows():
        if "GET" in said["methods"].split():
            with CaptureQueriesContext(connection) as asked:
                knock(world.people[opens(said)[0]], url(address, world), "GET")
            found = (WRITES.match(query["sql"]) for query in asked.captured_queries)
            wrong += [(address.name, match[1]) for match in found if match]
    assert wrong == []
    assert WRITES.match('UPDATE "orders_order" SET')[1] == "orders_order"


def test_addresses_of_no_company_ask_for_a_login_unless_public(db):
    for address in addresses():
        if not address.of_company:
            expected = 200 if address.permission == "public" else 302
            assert ask(visitor(), reverse(address.name), "GET") == expected, address.name


def test_libraries_bring_no_other_addresses():
    names = [name for name, _route, view in doors.walk() if doors.is_foreign(name, view)]
    assert [name for name in names if not name.startswith((*doors.FOREIGN, "None"))] == []


def test_of_a_login_only_what_the_table_lists_is_there():
    """An address is an identity, so nobody enters or changes one here; nobody signs up either."""
    there = {name for name, route, _view in doors.walk() if route.startswith("accounts/")}
    assert sorted(there - kept().keys()) == []
    assert [name for name in there if re.search("email|signup|_set_", name)] == []
    assert {"account_login", "account_reset_password", "mfa_authenticate"} < there


def test_the_admin_site_is_for_staff_and_only_shows(world):
    person = world.people[Role.CONTROLLER]
    client = visitor(person)
    assert ask(client, reverse("admin:index"), "GET") == 302
    person.is_staff = person.is_superuser = True
    person.save()
    assert ask(client, reverse("admin:index"), "GET") == 200
    assert ask(client, reverse("admin:core_company_changelist"), "GET") == 200
    request = RequestFactory().get("/")
    request.user = person
    for model, shown in admin.site._registry.items():
        if model._meta.app_label in doors.OWN:
            may = (
                shown.has_add_permission,
                shown.has_change_permission,
                shown.has_delete_permission,
            )
            assert [ask_for(request) for ask_for in may] == [False] * 3, model
