"""Confirming: the goods are promised, unless something holds the order."""

from decimal import Decimal

import pytest

from core.models import Event, EventSubject
from core.refusals import Refused
from inventory.models import Reservation, Stock
from orders.actions import confirm_orders, submit_orders
from orders.models import Hold, Order
from partners.models import CreditAccount, Exposure
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive, stock_of
from tests.factories.orders import make_confirmed_order, make_order, make_submitted_order
from tests.factories.partners import make_customer

D = Decimal


def test_free_stock_is_reserved_and_the_rest_waits(company, rep):
    plenty, scarce, none = (make_product(company, 10) for _ in range(3))
    receive(company, (plenty, 100), (scarce, 6))
    order = make_submitted_order(company, None, [(plenty, 10), (scarce, 10), (none, 1)])
    (order,) = confirm_orders([order.pk], by=rep)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.confirmed_at is not None) == ("confirmed", True)
    assert stock_of(plenty, company).reserved == 10
    assert stock_of(scarce, company).reserved == 6
    assert not Stock.objects.filter(product=none).exists()
    assert Event.objects.get(verb="order.confirmed").facts == {"backorder": True}


def test_the_first_in_the_set_gets_the_last_pieces(company, rep):
    product = make_product(company, 10)
    receive(company, (product, 10))
    first, second = (make_submitted_order(company, None, [(product, 7)]) for _ in range(2))
    confirm_orders([second.pk, first.pk], by=rep)
    got = dict(Reservation.objects.values_list("source_id", "quantity"))
    assert got == {second.lines.get().pk: 7, first.lines.get().pk: 3}


def test_services_need_no_stock(company, rep):
    service = make_product(company, 80, is_stocked=False)
    order = make_submitted_order(company, None, [(service, 3)])
    confirm_orders([order.pk], by=rep)
    assert not Reservation.objects.exists()
    assert Event.objects.get(verb="order.confirmed").facts == {"backorder": False}


def test_a_held_order_is_not_confirmed_and_says_why(company, rep, nothing_changes):
    order = make_submitted_order(company, make_customer(company, limit=50))
    with nothing_changes(), pytest.raises(Refused, match="too much") as refused:
        confirm_orders([order.pk], by=rep)
    assert refused.value.code == "order.held"
    assert D(refused.value.numbers["over"]) == D("69.00")


def test_in_a_set_one_held_order_refuses_all_for_a_person(company, rep, nothing_changes):
    held = make_submitted_order(company, make_customer(company, limit=50))
    good = make_submitted_order(company)
    with nothing_changes(), pytest.raises(Refused):
        confirm_orders([good.pk, held.pk], by=rep)


def test_credit_that_went_since_is_noticed_under_the_lock(company, rep):
    order = make_submitted_order(company)
    CreditAccount.objects.update(limit=100)
    assert confirm_orders([order.pk], by=rep) == []
    hold = Hold.objects.get(order=order)
    assert (hold.code, D(hold.numbers["over"])) == ("credit.over_limit", D(19))
    assert Order.objects.get(pk=order.pk).state == "submitted"
    assert Exposure.objects.get().open_orders == 0
    held = Event.objects.get(verb="order.held")
    assert (held.by, held.facts) == (rep, {"rule": "credit", "reason": hold.message})
    subjects = EventSubject.objects.filter(event_id=held.pk).values_list("kind", "subject_id")
    assert set(subjects) == {("order", order.pk), ("customer", order.customer_id)}


def test_the_next_in_turn_passes_once_one_gave_its_credit_back(company, rep):
    customer = make_customer(company)
    orders = [make_submitted_order(company, customer) for _ in range(2)]
    CreditAccount.objects.update(limit=119)
    assert confirm_orders([o.pk for o in orders], by=rep) == [orders[1]]
    assert Hold.objects.get().order == orders[0]


def test_what_nothing_holds_is_confirmed_by_itself(company, work_off):
    good = make_submitted_order(company)
    held = make_submitted_order(company, make_customer(company, limit=50))
    work_off()
    assert Order.objects.get(pk=good.pk).state == "confirmed"
    assert Order.objects.get(pk=held.pk).state == "submitted"
    assert work_off() == 0


def test_the_follow_up_leaves_alone_what_a_person_confirmed_or_took_back(company, rep, work_off):
    order = make_submitted_order(company)
    confirm_orders([order.pk], by=rep)
    work_off()
    assert Event.objects.filter(verb="order.confirmed").count() == 1


def test_twice_is_once(company, rep, nothing_changes):
    order = make_confirmed_order(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        confirm_orders([order.pk], by=rep)
    assert refused.value.code == "state.not_allowed"


def test_a_draft_is_not_confirmed(company, rep, nothing_changes):
    order = make_order(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        confirm_orders([order.pk], by=rep)
    assert refused.value.code == "state.not_allowed"
    submit_orders([order.pk], by=rep)


@pytest.mark.parametrize("who", [cast.warehouse_hand, cast.auditor])
def test_others_do_not_confirm(company, nothing_changes, who):
    order, by = make_submitted_order(company), who(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        confirm_orders([order.pk], by=by)
    assert refused.value.code == "not_allowed"


def test_nothing_to_confirm_is_nothing_done(company, rep):
    assert confirm_orders([], by=rep) == []
