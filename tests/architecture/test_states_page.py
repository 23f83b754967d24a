"""docs/states.md says what the models declare, and nobody is offered a state no row can have."""

import re
from importlib import import_module

from core.lists import Choice, Filters
from o2c.states_page import page, reached, state_fields
from orders.filters import ShipmentFilters
from tests.architecture.source import ROOT, modules, parse


def test_the_page_of_states_is_not_stale():
    assert (ROOT / "docs/states.md").read_text() == page(), "run `manage.py states`"


def test_the_page_knows_the_order():
    assert "| submitted | confirmed | confirm |" in page()


def test_what_no_deed_leads_to_stands_apart():
    shipment = page().split("## Shipment")[1].split("## ")[0]
    today, later = shipment.split("no deed leads there yet")
    assert "| shipped | delivered | deliver |" in today
    assert "| planned | picked | pick |" in later


def offered(filters):
    """The states by which a list can be asked."""
    choice = filters.base_filters.get("state")
    if not isinstance(choice, Choice) or choice.field_name != "state":
        return None
    return {str(value) for value, _label in choice.extra["choices"]}


def test_a_list_is_asked_for_states_its_rows_can_have():
    for module in modules():
        if module.file == "filters":
            import_module(module.name)
    known = [reached(model, field) for model, field in state_fields()]
    asked = {each.__name__: found for each in Filters.__subclasses__() if (found := offered(each))}
    assert {name: found for name, found in asked.items() if found not in known} == {}
    assert asked[ShipmentFilters.__name__] == {"shipped", "delivered"}
    assert len(asked) > 4


STATE_SET = re.compile(r"\bSET\b[^;\"]*?\bstate\s*=", re.DOTALL)


def states_set(found):
    return [m.name for m in found if STATE_SET.search(m.text)]


def test_one_statement_alone_sets_a_state_past_the_transitions():
    """docs/decisions/0006-states-to-come.md says why."""
    assert states_set(modules()) == ["invoicing.settlement"]
    assert states_set([parse("orders.x", "A = 'UPDATE orders_order SET version = 1, state = 2'")])
