"""docs/states.md says what the models declare."""

from o2c.states_page import page
from tests.architecture.source import ROOT


def test_the_page_of_states_is_not_stale():
    assert (ROOT / "docs/states.md").read_text() == page(), "run `manage.py states`"


def test_the_page_knows_the_order():
    assert "| submitted | confirmed | confirm |" in page()
