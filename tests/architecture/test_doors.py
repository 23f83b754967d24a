"""The walk over all doors: every address × role × owner of the thing, against the table."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.roles import Role
from tests.architecture import doors
from tests.architecture.doors import Address, addresses, kept
from tests.architecture.world import World, build, undone

WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
# Logging in and being seen; a cached figure.
HARMLESS = {"django_session", "users_user", "o2c_cache"}
FORBIDDEN, ABSENT, NO_METHOD = 403, 404, 405


@pytest.fixture
def world(db) -> World:
    return build()


def url(address: Address, world: World, company: str = "", about: str = "") -> str:
    """The address of the thing in the world; `about` names another thing instead."""
    arguments = {"company": company or world.company.slug}
    for parameter in address.parameters:
        arguments[parameter] = about or world.objects[address.key]
    return reverse(address.name, kwargs=arguments)


def ask(person, where: str, method: str) -> int:
    """The status a person gets; nothing that happens lasts."""
    client = Client(raise_request_exception=False)
    with undone():
        if person:
            client.force_login(person)
        return client.generic(method, where).status_code


def rows(*, with_object: bool = False):
    """The addresses of companies with what the table says of them."""
    table = kept()
    return [
        (address, table[address.name])
        for address in addresses()
        if address.of_company and (address.parameters or not with_object)
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


def as_expected(status: int, method: str, may: bool) -> bool:
    """Who may gets an answer (a deed may find nothing to do), who may not gets 403."""
    if not may:
        return status == FORBIDDEN
    wrong = {FORBIDDEN, NO_METHOD} | ({ABSENT} if method == "GET" else set())
    return status not in wrong and status < 500


def test_each_role_comes_in_where_the_table_says(world):
    wrong = []
    for address, said in rows():
        where, may = url(address, world), opens(said)
        for method in said["methods"].split():
            for role in Role:
                status = ask(world.people[role], where, method)
                if not as_expected(status, method, role in may):
                    wrong.append((address.name, method, str(role), status))
    assert wrong == []
    assert not as_expected(200, "GET", may=False)
    assert not as_expected(403, "GET", may=True)
    assert not as_expected(500, "POST", may=True)


def test_a_method_that_is_not_declared_is_no_way_in(world):
    auditor = world.people[Role.AUDITOR]
    wrong = [
        (address.name, method)
        for address, said in rows()
        for method in {"GET", "POST", "PUT", "DELETE"} - set(said["methods"].split())
        if ask(auditor, url(address, world), method) != NO_METHOD
    ]
    assert wrong == []


def test_strangers_and_neighbours_find_nothing_at_all(world):
    """404, not 403: even that a company exists is nobody else's business."""
    wrong = []
    for address, said in rows():
        where, method = url(address, world), said["methods"].split()[0]
        for person, expected in ((None, 302), (world.stranger, 404), (world.neighbour, 404)):
            status = ask(person, where, method)
            if status != expected:
                wrong.append((address.name, str(person), status))
    assert wrong == []


def test_another_companys_thing_is_not_there(world):
    """Asked for at the neighbour's own company, by somebody who may do everything there."""
    wrong = [
        (address.name, method, status)
        for address, said in rows(with_object=True)
        for method in said["methods"].split()
        if (status := ask(world.neighbour, url(address, world, world.other.slug), method)) != ABSENT
    ]
    assert wrong == []


def test_another_reps_thing_is_not_there(world):
    wrong = [
        (address.name, method, status)
        for address, said in rows(with_object=True)
        for method in said["methods"].split()
        if Role.SALES_REP in said.get("own", "").split()
        if (status := ask(world.other_rep, url(address, world), method)) != ABSENT
    ]
    assert wrong == []


@pytest.mark.parametrize("guess", ["NO-2026-99999", "draft-1", "draft-99999999999999999999", "0"])
def test_a_guessed_thing_is_not_there(world, guess):
    wrong = []
    for address, said in rows(with_object=True):
        if "<int:" in address.route:
            guess = "9999999999999999999999"[: 18 if guess == "0" else 12]
        person, method = world.people[opens(said)[0]], said["methods"].split()[0]
        status = ask(person, url(address, world, about=guess), method)
        if status != ABSENT:
            wrong.append((address.name, guess, status))
    assert wrong == []


def test_looking_writes_nothing(world):
    wrong = []
    for address, said in rows():
        if "GET" in said["methods"].split():
            with CaptureQueriesContext(connection) as asked:
                ask(world.people[opens(said)[0]], url(address, world), "GET")
            found = (WRITES.match(query["sql"]) for query in asked.captured_queries)
            written = {match[1] for match in found if match} - HARMLESS
            wrong += [(address.name, table) for table in written]
    assert wrong == []
    assert WRITES.match('UPDATE "orders_order" SET')[1] == "orders_order"


def test_addresses_of_no_company_ask_for_a_login_unless_public(db):
    for address in addresses():
        if not address.of_company:
            expected = 200 if address.permission == "public" else 302
            assert ask(None, reverse(address.name), "GET") == expected, address.name


def test_libraries_bring_no_other_addresses():
    names = [name for name, _route, view in doors.walk() if doors.is_foreign(name, view)]
    assert [name for name in names if not name.startswith((*doors.FOREIGN, "None"))] == []


def test_the_admin_site_is_for_staff_and_only_shows(world):
    person = world.people[Role.CONTROLLER]
    assert ask(person, reverse("admin:index"), "GET") == 302
    person.is_staff = person.is_superuser = True
    person.save()
    for model in admin.site._registry:
        if model._meta.app_label in doors.OWN:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            assert ask(person, reverse(f"{name}_changelist"), "GET") == 200, name
            assert ask(person, reverse(f"{name}_add"), "GET") == FORBIDDEN, name
