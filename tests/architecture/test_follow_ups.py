"""The choreography: every handler exists, every outward one is known, every series too."""

import inspect

from django.utils.module_loading import import_string

from o2c.follow_ups import FOLLOW_UPS, OUTWARD, WORDS
from tests.architecture.source import modules

HANDLERS = [handler for handlers in FOLLOW_UPS.values() for handler in handlers]


def test_every_handler_takes_company_ids_and_doer():
    assert HANDLERS
    for handler in HANDLERS:
        parameters = list(inspect.signature(import_string(handler)).parameters)
        assert parameters == ["company", "ids", "by"], handler


def test_handlers_live_in_tasks():
    assert {handler.split(".")[1] for handler in HANDLERS} == {"tasks"}


def test_outward_handlers_are_handlers():
    assert set(HANDLERS) >= OUTWARD


def test_every_handler_has_words_for_those_who_look_after_it():
    assert set(WORDS) == set(HANDLERS)


def test_every_verb_is_recorded_somewhere():
    source = "\n".join(module.text for module in modules() if module.name != "o2c.follow_ups")
    assert [verb for verb in FOLLOW_UPS if f'"{verb}"' not in source] == []
