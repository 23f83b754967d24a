"""What happens before the first request: the demo company is loaded once and to its end."""

import fcntl

import pytest
from django.core.management import CommandError

from o2c import startup


class Embedded:
    """Stands for the embedded servers."""

    discarded = False

    def discard_database(self):
        self.discarded = True


@pytest.fixture
def embedded(settings, tmp_path):
    settings.VAR, settings.IS_EMBEDDED, settings.EMBEDDED = tmp_path, True, Embedded()
    return settings.EMBEDDED


@pytest.fixture
def commands(monkeypatch):
    called = []
    monkeypatch.setattr(startup, "manage", lambda *arguments: called.append(arguments))
    return called


def test_an_empty_database_gets_the_demo_company(db, embedded, commands):
    said = []
    startup.prepare(said.append)
    assert commands == [("load_demo",)]
    assert said == ["Opening the database", "Loading the demo company (only this once)"]
    assert not startup.half_loaded().exists()


def test_without_the_demo_nothing_is_loaded(db, embedded, commands, settings):
    settings.DEMO = False
    startup.prepare(lambda _text: None)
    assert commands == []


def test_an_interrupted_load_begins_anew(db, embedded, commands, monkeypatch):
    def interrupted(*_arguments):
        raise CommandError("interrupted")

    with monkeypatch.context() as patched, pytest.raises(CommandError):
        patched.setattr(startup, "manage", interrupted)
        startup.prepare(lambda _text: None)
    assert not embedded.discarded

    startup.prepare(lambda _text: None)
    assert embedded.discarded
    assert commands == [("load_demo",)]
    assert not startup.half_loaded().exists()


def test_a_second_start_waits_for_the_first(db, embedded, commands, settings):
    said, waiting = [], "Waiting for another start that prepares the database"
    with (settings.VAR / "prepare.lock").open("a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)

        def hear(words):
            said.append(words)
            if words == waiting:
                assert commands == []
                fcntl.flock(first, fcntl.LOCK_UN)

        startup.prepare(hear)
    assert said[1] == waiting
    assert commands == [("load_demo",)]
