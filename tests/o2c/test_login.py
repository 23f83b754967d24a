"""Logging in: by address and password, locked out after wrong ones, nobody signs up."""

import pytest
from django.core.cache import cache

from users.models import User

PASSWORD = "long enough for anyone"


@pytest.fixture
def ada(db):
    cache.clear()
    return User.objects.create_user("ada@example.com", PASSWORD, name="Ada")


def log_in(client, password, address="ada@example.com"):
    return client.post("/accounts/login/", {"login": address, "password": password})


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


def test_nobody_signs_up(client, db):
    client.post(
        "/accounts/signup/",
        {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.filter(email="eve@example.com").exists()


def test_pages_allow_no_script_but_our_files(client, db):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
