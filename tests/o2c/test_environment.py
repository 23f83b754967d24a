"""Reading settings from the environment."""

import pytest

from o2c import environment


def test_a_secret_may_lie_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    monkeypatch.setenv("O2C_SECRET_FILE", str(file))
    assert environment.text("O2C_SECRET") == "from the file"
    monkeypatch.setenv("O2C_SECRET", "direct")
    assert environment.text("O2C_SECRET") == "direct"


@pytest.mark.parametrize(("said", "meant"), [("1", True), ("yes", True), ("0", False), ("", True)])
def test_flags(monkeypatch, said, meant):
    monkeypatch.setenv("O2C_FLAG", said)
    assert environment.flag("O2C_FLAG", default=True) is meant


def test_lists(monkeypatch):
    monkeypatch.setenv("O2C_HOSTS", "a.example, b.example,")
    assert environment.words("O2C_HOSTS") == ["a.example", "b.example"]


def test_database_on_a_server(monkeypatch):
    url = "postgresql://jo%40x:p%2Fw@db.example:6432/books?sslmode=verify-full"
    monkeypatch.setenv("X_URL", url)
    assert environment.database("X", "", {"jit": "off", "lock_timeout": 3000}) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "books",
        "USER": "jo@x",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "verify-full", "options": "-c jit=off -c lock_timeout=3000"},
    }


def test_database_by_a_socket_with_its_password_apart(monkeypatch):
    monkeypatch.setenv("X_PASSWORD", "secret")
    read = environment.database("X", "postgresql://o2c@/o2c?host=/run/pg", {})
    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == ("/run/pg", "", "secret")


def test_another_kind_of_database_is_refused(monkeypatch):
    monkeypatch.setenv("X_URL", "mysql://root@localhost/books")
    with pytest.raises(ValueError, match="postgresql://"):
        environment.database("X", "", {})


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    file = tmp_path / "var" / "secret_key"
    first = environment.kept_secret(file)
    assert len(first) > 50
    assert environment.kept_secret(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]
