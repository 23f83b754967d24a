"""Taking orders back and editing them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.refusals import Refused
from orders.actions import change_orders, edit_order, release_holds, submit_orders
from orders.models import Hold, Order
from partners.models import Exposure
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.orders import (
    make_confirmed_order,
    make_order,
    make_submitted_order,
    order_draft,
)
from tests.factories.partners import make_customer

D = Decimal


def test_an_order_taken_back_is_a_draft_and_gives_its_credit_back(company, rep):
    order = make_submitted_order(company)
    (order,) = change_orders([order.pk], by=rep)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.version) == ("draft", 2)
    assert Exposure.objects.get().open_orders == 0


def test_holds_of_an_order_taken_back_are_superseded(company, rep):
    order = make_submitted_order(company, make_customer(company, limit=50))
    change_orders([order.pk], by=rep)
    hold = Hold.objects.get()
    assert (hold.state, hold.closed_by, hold.closed_at is not None) == ("superseded", None, True)
    assert not Exposure.objects.exclude(open_orders=0).exists()


def test_an_edit_replaces_what_was_said(company, rep):
    order = make_submitted_order(company)
    change_orders([order.pk], by=rep)
    product = make_product(company, 7)
    other = make_customer(company)
    draft = order_draft(other, (product, 3), customer_reference="N-2", note="By phone")
    edit_order(order.pk, draft, version=2, by=rep)
    order = Order.objects.get(pk=order.pk)
    assert (order.version, order.net, order.gross, order.customer) == (3, 21, 0, other)
    assert (order.customer_reference, order.note) == ("N-2", "By phone")
    assert [(line.product, line.quantity) for line in order.lines.all()] == [(product, 3)]
    (order,) = submit_orders([order.pk], by=rep)
    assert order.gross == D("24.99")


def test_a_form_opened_on_an_older_version_is_refused(company, rep, nothing_changes):
    order = make_order(company)
    draft = order_draft(order.customer, (make_product(company, 1), 1))
    edit_order(order.pk, draft, version=1, by=rep)
    with nothing_changes(), pytest.raises(Refused) as refused:
        edit_order(order.pk, draft, version=1, by=rep)
    assert (refused.value.code, refused.value.numbers["version"]) == ("order.changed_meanwhile", 2)


def test_an_edit_with_a_bad_line_changes_nothing(company, rep, nothing_changes):
    order = make_order(company)
    draft = order_draft(order.customer, (make_product(company, 1), -1))
    with nothing_changes(), pytest.raises(Refused):
        edit_order(order.pk, draft, version=1, by=rep)


@pytest.mark.parametrize("make", [make_order, make_confirmed_order])
def test_only_submitted_orders_are_taken_back(company, rep, nothing_changes, make):
    order = make(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        change_orders([order.pk], by=rep)
    assert refused.value.code == "state.not_allowed"


def test_whoever_may_lift_a_hold_may_send_the_order_back_instead(company):
    carlos = cast.credit_controller(company)
    order = make_submitted_order(company, make_customer(company, limit=50))
    change_orders([order.pk], "Split it, please", by=carlos)
    assert Order.objects.get().state == "draft"


def test_whoever_enters_no_orders_sends_back_only_what_is_held_for_them(company, nothing_changes):
    """The second order of a reference is held for a sales manager, not for credit."""
    carlos, customer = cast.credit_controller(company), make_customer(company, limit=500)
    fine, twice = (
        make_submitted_order(company, customer, customer_reference="1") for _each in range(2)
    )
    held = make_submitted_order(company, make_customer(company, limit=50))
    assert [hold.rule for hold in twice.holds.all()] == ["duplicate"]
    for ids in ([fine.pk], [twice.pk], [held.pk, fine.pk]):
        with nothing_changes(), pytest.raises(Refused) as refused:
            change_orders(ids, "Split it, please", by=carlos)
        assert refused.value.code == "order.not_held_for_you"
    change_orders([fine.pk, twice.pk, held.pk], by=cast.sales_manager(company))
    assert set(Order.objects.values_list("state", flat=True)) == {"draft"}


def test_a_released_hold_is_none_to_decide_on(company, rep, nothing_changes):
    carlos = cast.credit_controller(company)
    order = make_submitted_order(company, make_customer(company, limit=50), by=rep)
    release_holds([order.holds.get().pk], "Insured", by=carlos)
    with nothing_changes(), pytest.raises(Refused) as refused:
        change_orders([order.pk], "Not insured after all", by=carlos)
    assert refused.value.code == "order.not_held_for_you"


def test_only_drafts_are_edited(company, rep, nothing_changes):
    order = make_submitted_order(company)
    draft = order_draft(order.customer, (make_product(company, 1), 1))
    with nothing_changes(), pytest.raises(Refused) as refused:
        edit_order(order.pk, draft, version=1, by=rep)
    assert refused.value.code == "order.not_a_draft"


def test_others_change_nothing(company, nothing_changes):
    order, hand = make_submitted_order(company), cast.warehouse_hand(company)
    draft = make_order(company)
    again = replace(order_draft(draft.customer, (make_product(company, 1), 1)))
    with nothing_changes(), pytest.raises(Refused):
        change_orders([order.pk], by=hand)
    with nothing_changes(), pytest.raises(Refused):
        edit_order(draft.pk, again, version=1, by=hand)
