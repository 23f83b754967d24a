"""`manage.py load_demo`: what breaks in one of its processes is not passed over."""

import sys
from datetime import date

import pytest
from django.core.management import CommandError

from o2c.management.commands import load_demo


def lives(monkeypatch, *, ending):
    """Lives one company in a process of its own that tells all its weeks and then ends so."""

    def live_one(_life, _today, progress):
        for week in range(load_demo.WEEKS):
            progress.put(week)
        progress.close()
        progress.join_thread()
        sys.exit(ending)

    monkeypatch.setattr(load_demo, "_live_one", live_one)
    monkeypatch.setattr(load_demo, "analyze", lambda: None)
    monkeypatch.setattr(load_demo.connections, "close_all", lambda: None)
    load_demo.Command()._live([None], date(2026, 3, 2))


def test_a_process_that_ends_well(monkeypatch):
    lives(monkeypatch, ending=0)


def test_a_process_that_breaks_after_its_last_week(monkeypatch):
    with pytest.raises(CommandError, match="could not be made"):
        lives(monkeypatch, ending=1)
