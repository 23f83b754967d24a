"""How long a login lasts, and what ends it at once."""

import pytest

from core import sessions
from core.models import Membership
from core.roles import Role
from tests import cast

pytestmark = pytest.mark.django_db


class Watch:
    """The computer's clock, turned by hand."""

    def __init__(self, monkeypatch):
        self.now = 1_800_000_000.0
        monkeypatch.setattr(sessions.time, "time", lambda: self.now)

    def wait(self, minutes):
        self.now += minutes * 60


@pytest.fixture
def watch(monkeypatch, settings):
    settings.SESSION_IDLE_SECONDS = 30 * 60
    return Watch(monkeypatch)


@pytest.fixture
def company():
    return cast.bare_company()


@pytest.fixture
def person(company):
    return cast.member(company, Role.COMPANY_ADMIN)


@pytest.fixture
def visit(person, company, client):
    client.force_login(person)
    return lambda: client.get(f"/{company.slug}/jobs/")


def test_half_an_hour_without_a_click_ends_a_login(watch, visit, client):
    assert visit().status_code == 200
    watch.wait(31)
    answer = visit()
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=/")
    assert "_auth_user_id" not in client.session


def test_clicks_keep_a_login_alive_until_the_day_is_over(watch, visit):
    for _click in range(28):
        assert visit().status_code == 200
        watch.wait(25)
    for _click in range(2):
        assert visit().status_code == 200
        watch.wait(10)
    watch.wait(10)
    assert visit().status_code == 302


def test_not_every_click_writes_the_session(watch, visit, django_assert_max_num_queries):
    visit()
    watch.wait(0.5)
    with django_assert_max_num_queries(12) as asked:
        visit()
    assert not [q for q in asked.captured_queries if q["sql"].startswith("UPDATE")]


def test_taking_a_role_is_felt_with_the_next_click(visit, person):
    assert visit().status_code == 200
    Membership.objects.filter(user=person).delete()
    assert visit().status_code == 404


def test_whoever_is_switched_off_is_out_with_the_next_click(visit, person):
    assert visit().status_code == 200
    person.is_active = False
    person.save()
    assert visit().status_code == 302


def test_a_new_password_ends_the_other_logins(visit, person):
    assert visit().status_code == 200
    person.set_password("another long password")
    person.save()
    assert visit().status_code == 302


def test_logging_in_changes_the_key_of_the_session(company, person, client):
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    client.post("/accounts/login/", {"login": person.email, "password": cast.PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session.session_key != before


def test_cookies_are_kept_from_scripts(visit, client):
    visit()
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
