"""Who moves money or rights logs in with a second factor, outside the demo."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache

from core.roles import SECOND_FACTOR_ROLES, Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outside_the_demo(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def company():
    return cast.bare_company()


def home(client, company):
    return client.get(f"/{company.slug}/")


@pytest.mark.parametrize("role", [Role.AR_CLERK, Role.CONTROLLER, Role.USER_ADMIN, Role.AUDITOR])
def test_finance_and_administration_set_it_up_first(client, company, role):
    client.force_login(cast.member(company, role))
    answer = home(client, company)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")
    assert "ask for a second factor" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("role", [Role.SALES_REP, Role.WAREHOUSE, Role.EXECUTIVE])
def test_others_may_and_need_not(client, company, role):
    client.force_login(cast.member(company, role))
    assert home(client, company).status_code == 200


def test_a_deed_is_not_done_without_it(client, company):
    client.force_login(cast.member(company, Role.USER_ADMIN))
    form = {"email": "new@example.com", "name": "New", "role": "auditor"}
    answer = client.post(f"/{company.slug}/people/give", form)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")
    assert not type(cast.system()).objects.filter(email="new@example.com").exists()


def test_every_role_that_moves_money_or_rights_is_among_them():
    assert {Role.SALES_REP, Role.WAREHOUSE, Role.EXECUTIVE}.isdisjoint(SECOND_FACTOR_ROLES)
    assert len(SECOND_FACTOR_ROLES) == len(Role) - 3


def test_the_demo_does_without(client, company, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.member(company, Role.CONTROLLER))
    assert home(client, company).status_code == 200


def test_who_has_it_logs_in_with_password_and_code(client, company):
    person = cast.member(company, Role.CONTROLLER)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    answer = client.post("/accounts/login/", {"login": person.email, "password": cast.PASSWORD})
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert home(client, company).status_code == 200


def test_a_wrong_code_lets_nobody_in(client, company):
    person = cast.member(company, Role.CONTROLLER)
    TOTP.activate(person, generate_totp_secret())
    client.post("/accounts/login/", {"login": person.email, "password": cast.PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.count() == 1


def test_the_admin_site_has_no_login_of_its_own(client, company):
    """It would let in without a second factor and without a lock-out."""
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def superuser(company):
    person = cast.member(company, Role.CONTROLLER)
    person.is_staff = person.is_superuser = True
    person.save()
    return person


@pytest.mark.parametrize("where", ["", "core/event/", "login/", "jsi18n/"])
def test_the_admin_site_opens_to_nobody_without_it(client, company, where):
    client.force_login(superuser(company))
    answer = client.get(f"/admin/{where}", follow=True)
    assert answer.redirect_chain[-1] == ("/accounts/2fa/", 302)
    assert "asks for a second factor" in answer.content.decode()


def test_with_it_the_admin_site_is_there(client, company):
    person = superuser(company)
    TOTP.activate(person, generate_totp_secret())
    client.force_login(person)
    assert client.get("/admin/core/event/").status_code == 200
