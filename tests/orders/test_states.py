"""Every legal and every illegal pair of states, of deeds and of the database's own proof."""

import pytest
from django.db import IntegrityError, transaction

from core.refusals import Refused
from orders.actions import (
    cancel_orders,
    change_orders,
    close_orders,
    close_short_orders,
    confirm_orders,
    reopen_orders,
    submit_orders,
)
from orders.models import Hold, Order, Shipment
from tests import cast
from tests.factories.orders import make_confirmed_order, make_order, make_submitted_order, ship

State = Order.State
SYSTEM = cast.system

DEEDS = {
    "submit": lambda pk: submit_orders([pk], by=SYSTEM()),
    "change": lambda pk: change_orders([pk], by=SYSTEM()),
    "confirm": lambda pk: confirm_orders([pk], by=SYSTEM()),
    "close": lambda pk: close_orders([pk], by=SYSTEM()),
    "close_short": lambda pk: close_short_orders([pk], "Reason", by=SYSTEM()),
    "reopen": lambda pk: reopen_orders([pk], "Reason", by=SYSTEM()),
    "cancel": lambda pk: cancel_orders([pk], "Reason", by=SYSTEM()),
}
LEGAL = {
    ("draft", "submit"): "submitted",
    ("draft", "cancel"): "cancelled",
    ("submitted", "change"): "draft",
    ("submitted", "confirm"): "confirmed",
    ("submitted", "cancel"): "cancelled",
    ("confirmed", "cancel"): "cancelled",
}
# Legal pairs that ask for more than the state; tests/orders/test_close_orders.py has them.
ASK_FOR_MORE = {("confirmed", "close"), ("confirmed", "close_short"), ("closed", "reopen")}


def in_state(company, state):
    if state == "draft":
        return make_order(company)
    if state == "submitted":
        return make_submitted_order(company)
    if state == "cancelled":
        order = make_submitted_order(company)
        cancel_orders([order.pk], by=SYSTEM())
        return order
    return make_confirmed_order(company)


PAIRS = [
    (state, deed)
    for state in ("draft", "submitted", "confirmed", "cancelled")
    for deed in DEEDS
    if (state, deed) not in ASK_FOR_MORE
]


@pytest.mark.parametrize(("state", "deed"), PAIRS)
def test_pairs_of_state_and_deed(company, nothing_changes, state, deed):
    order = in_state(company, state)
    if (state, deed) in LEGAL:
        DEEDS[deed](order.pk)
        assert Order.objects.get(pk=order.pk).state == LEGAL[state, deed]
        return
    with nothing_changes(), pytest.raises(Refused) as refused:
        DEEDS[deed](order.pk)
    assert refused.value.code == "state.not_allowed"


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Order, {"state": "submitted"}),
        (Order, {"state": "confirmed"}),
        (Order, {"state": "closed"}),
        (Order, {"state": "cancelled"}),
        (Hold, {"state": "released"}),
        (Hold, {"state": "superseded"}),
        (Shipment, {"state": "delivered"}),
        (Shipment, {"number": None}),
        (Shipment, {"shipped_on": None}),
    ],
)
def test_the_database_refuses_a_state_without_its_proof(company, model, changes):
    ship(make_confirmed_order(company))
    make_order(company)
    held = make_submitted_order(company, customer_reference="1")
    again = make_submitted_order(company, held.customer, customer_reference="1")
    pk = {
        Order: Order.objects.filter(state="draft").first,
        Hold: again.holds.first,
        Shipment: Shipment.objects.first,
    }[model]().pk
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=pk).update(**changes)


def test_the_database_refuses_to_ship_more_than_was_ordered(company):
    order = make_confirmed_order(company)
    for changes in ({"shipped": 11}, {"shipped": 6, "cancelled": 5}, {"shipped": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            order.lines.update(**changes)


def test_a_state_is_changed_by_transitions_only(company):
    order = make_order(company)
    with pytest.raises(AttributeError):
        order.state = State.CONFIRMED
