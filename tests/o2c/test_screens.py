"""What every page carries: the menu of its reader, and how the reader wants the screens."""

import pytest
from django.test import Client

from core import clock
from core.models import Membership
from core.pages import page_above
from core.roles import Role
from o2c.context import menu
from o2c.menu import MENU, Entry
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return cast.bare_company()


def signed_in(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def entries(person, company, path="/"):
    return [item for _label, items in menu(person, company, path) for item in items]


def test_the_menu_holds_what_the_person_may_open(company):
    shown = {i.entry.permission for i in entries(cast.warehouse_hand(company), company)}
    assert "ledger.view" not in shown
    assert entries(cast.stranger(), company) == []


def test_an_entry_without_a_page_is_left_out(company, monkeypatch):
    missing = Entry("", "Missing", "nowhere:page", "core.home", "home")
    monkeypatch.setattr("o2c.context.MENU", (missing, *MENU))
    assert "Missing" not in [i.entry.label for i in entries(cast.controller(company), company)]


def test_the_entry_of_the_page_is_marked(company):
    person = cast.controller(company)
    url = entries(person, company)[-1].url
    assert [i.url for i in entries(person, company, f"{url}/more") if i.here] == [url]


def test_letters_of_the_menu_are_unique():
    letters = [entry.key for entry in MENU if entry.key]
    assert len(letters) == len(set(letters))


def test_preferences_are_kept_with_the_person(company):
    person = cast.accountant(company)
    wanted = {"theme": "dark", "density": "comfortable", "next": "/x"}
    response = signed_in(person).post("/preferences", wanted)
    person.refresh_from_db()
    assert response["Location"] == "/x"
    assert (person.theme, person.density) == ("dark", "comfortable")


def test_no_language_is_offered_that_the_screens_do_not_speak(company):
    """Customers' documents are German too, screens are not yet."""
    person = cast.accountant(company)
    desk = signed_in(person)
    page = desk.get("/settings/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en"' in page
    assert 'name="language"' not in page
    for address in ("/settings/", "/preferences"):
        form = {"name": "Anna", "theme": "dark", "density": "compact", "language": "de"}
        desk.post(address, form)
    person.refresh_from_db()
    assert (person.theme, person.language) == ("dark", "en")


@pytest.mark.parametrize("value", ["", "pink", "x" * 500, "\0"])
def test_preferences_outside_the_choices_change_nothing(company, value):
    person = cast.accountant(company)
    wanted = {"theme": value, "density": value, "language": value, "next": "https://evil.example/"}
    response = signed_in(person).post("/preferences", wanted)
    person.refresh_from_db()
    assert response["Location"] == "/"
    assert (person.theme, person.density, person.language) == ("auto", "compact", "en")


def test_preferences_want_a_login_and_a_post(company):
    assert signed_in(cast.accountant(company)).get("/preferences").status_code == 405
    assert Client().post("/preferences", {"theme": "dark"})["Location"].startswith("/accounts/")


@pytest.mark.parametrize(
    ("deed", "above"),
    [
        ("orders/SO-1/confirm", "orders/SO-1"),
        ("orders/confirm", "orders/"),
        ("holds/1/x/y", "holds/1"),
    ],
)
def test_a_button_opened_as_a_page_says_so_and_leads_to_the_page_it_stands_on(company, deed, above):
    """A log-in that ran out before the click asks for the button's address when it is renewed."""
    assert page_above(f"/{company.slug}/{deed}") == f"/{company.slug}/{above}"


def test_a_button_opened_as_a_page_does_nothing(company):
    answer = signed_in(cast.controller(company)).get(f"/{company.slug}/orders/SO-1/confirm")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert f'href="/{company.slug}/orders/SO-1"' in answer.content.decode()


def test_the_login_page_offers_no_sign_up():
    page = Client().get("/accounts/login/").content.decode()
    assert 'name="login"' in page
    assert "sign up" not in page.lower()


def test_a_page_says_which_company_and_theme(company):
    person = cast.controller(company)
    Membership.objects.create(
        user=person,
        company=cast.bare_company(name="Albion"),
        role=Role.CONTROLLER,
        created_at=clock.now(),
    )
    page = signed_in(person).get(entries(person, company)[-1].url).content.decode()
    assert 'data-theme="auto"' in page
    assert "Albion" in page
