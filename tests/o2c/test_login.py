"""Logging in: by address and password, locked out after wrong ones, nobody signs up."""

import os
import re
import subprocess
import sys

import pytest
from django.core.cache import cache

from users.models import User

PASSWORD = "long enough for anyone"


@pytest.fixture
def ada(db):
    cache.clear()
    return User.objects.create_user("ada@example.com", PASSWORD, name="Ada")


def log_in(client, password, address="ada@example.com", **headers):
    form = {"login": address, "password": password}
    return client.post("/accounts/login/", form, headers=headers)


def test_everything_asks_for_a_login(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_the_right_password_opens_in_any_case_of_the_address(client, ada):
    assert log_in(client, PASSWORD, "ADA@example.com").status_code == 302
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_five_wrong_passwords_lock_even_the_right_one_out(client, ada):
    answers = [log_in(client, "wrong").status_code for _ in range(5)]
    assert answers[:4] == [200] * 4
    assert answers[4] == 429
    assert log_in(client, PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_behind_a_proxy_a_stranger_locks_out_only_the_own_address(client, ada, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [log_in(client, "wrong", x_forwarded_for=f"10.0.0.{n}, 192.0.2.66") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert log_in(client, PASSWORD, x_forwarded_for="192.0.2.7").status_code == 302


def test_without_a_proxy_nobody_says_where_they_come_from(client, ada):
    answers = [log_in(client, "wrong", x_forwarded_for=f"192.0.2.{n}") for n in range(5)]
    assert answers[4].status_code == 429


@pytest.mark.parametrize(
    ("proxies", "header"), [("0", "None"), ("2", "('HTTP_X_FORWARDED_PROTO', 'https')")]
)
def test_one_variable_says_how_many_proxies_are_trusted(proxies, header):
    show = "from o2c import settings as s; print(s.ALLAUTH_TRUSTED_PROXY_COUNT, {})"
    said = subprocess.check_output(
        [sys.executable, "-c", show.format("s.SECURE_PROXY_SSL_HEADER")],
        env={**os.environ, "PROXIES": proxies, "HTTPS": "1"},
        text=True,
    )
    assert said == f"{proxies} {header}\n"


def test_nobody_signs_up(client, db):
    client.post(
        "/accounts/signup/",
        {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.filter(email="eve@example.com").exists()


def test_nobody_changes_their_own_address(client, ada):
    """Roles are given by address: whoever could enter one could take a colleague's."""
    client.force_login(ada)
    for deed in ("action_add", "action_primary"):
        answer = client.post("/accounts/email/", {"email": "cfo@example.com", deed: ""})
        assert answer.status_code == 404
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_a_forgotten_password_is_set_by_the_link_in_a_mail(client, ada, mailoutbox):
    answer = client.post("/accounts/password/reset/", {"email": "ada@example.com"})
    assert answer.url == "/accounts/password/reset/done/"
    (mail,) = mailoutbox
    link = re.search(r"http://testserver(\S+)", mail.body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "another long one", "password2": "another long one"})
    assert log_in(client, "another long one").status_code == 302
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_stranger_gets_no_mail(client, ada, mailoutbox):
    answer = client.post("/accounts/password/reset/", {"email": "eve@example.com"})
    assert answer.url == "/accounts/password/reset/done/"
    assert mailoutbox == []


def test_pages_allow_no_script_but_our_files(client, db):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
