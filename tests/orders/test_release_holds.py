"""Releasing holds: a second person, a reason, this version only."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.refusals import Refused
from orders.actions import (
    change_orders,
    confirm_orders,
    edit_order,
    enter_orders,
    release_holds,
    submit_orders,
)
from orders.drafts import DraftLine, OrderDraft
from orders.invariants import INVARIANTS
from orders.models import Hold, Order
from partners.models import Exposure
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse
from tests.factories.orders import make_submitted_order
from tests.factories.partners import make_customer
from tests.proofs import broken_promises
from tests.refusals import code_of

D = Decimal


@pytest.fixture
def carlos(company):
    return cast.credit_controller(company)


@pytest.fixture
def held(company, rep):
    return make_submitted_order(company, make_customer(company, limit=50), by=rep)


def test_a_release_lets_the_order_use_credit_and_be_confirmed(company, rep, carlos, held, work_off):
    (hold,) = release_holds([held.holds.get().pk], " Paid by phone ", by=carlos)
    hold = Hold.objects.get(pk=hold.pk)
    assert (hold.state, hold.closed_by, hold.reason) == ("released", carlos, "Paid by phone")
    assert D(hold.numbers["released"]) == D("119.00")
    assert D(hold.numbers["released_at"]["exposure"]) == D("119.00")
    assert Exposure.objects.get().open_orders == D("119.00")
    work_off()
    assert Order.objects.get(pk=held.pk).state == "confirmed"


def test_a_release_holds_for_the_version_it_was_given_for(company, rep, carlos, held):
    release_holds([held.holds.get().pk], "Known customer", by=carlos)
    change_orders([held.pk], by=rep)
    assert Exposure.objects.get().open_orders == 0
    submit_orders([held.pk], by=rep)
    assert Hold.objects.filter(order=held, state="open").count() == 1
    with pytest.raises(Refused):
        confirm_orders([held.pk], by=rep)


def test_a_reason_is_needed(company, carlos, held, nothing_changes):
    with nothing_changes(), pytest.raises(Refused) as refused:
        release_holds([held.holds.get().pk], "  ", by=carlos)
    assert refused.value.code == "hold.reason_missing"


def test_nobody_releases_an_order_of_his_own(company, nothing_changes):
    sofia = cast.sales_manager(company)
    customer = make_customer(company)
    make_submitted_order(company, customer, customer_reference="1", by=sofia)
    order = make_submitted_order(company, customer, customer_reference="1", by=sofia)
    with nothing_changes(), pytest.raises(Refused) as refused:
        release_holds([order.holds.get().pk], "Both are meant", by=sofia)
    assert refused.value.code == "hold.own_order"
    release_holds([order.holds.get().pk], "Both are meant", by=cast.sales_manager(company))


def test_who_made_the_price_does_not_lift_the_hold_on_it(company, rep, nothing_changes):
    """A manager enters or edits the line, a sales rep submits it."""
    ravi = cast.sales_rep(company)
    default_warehouse(company)
    customer, product = make_customer(company, sales_rep=ravi), make_product(company, 10)
    draft = OrderDraft(customer.pk, [DraftLine(product.pk, D(1), D("0.01"))])
    (entered,) = enter_orders(company, [draft], by=rep)
    (edited,) = enter_orders(company, [draft], by=ravi)
    edit_order(edited.pk, draft, version=1, by=rep)
    for order in (entered, edited):
        submit_orders([order.pk], by=ravi)
        hold = order.holds.get(rule="price")
        with nothing_changes():
            assert code_of(release_holds, [hold.pk], "Go", by=rep) == "hold.own_order"
        release_holds([hold.pk], "A sample", by=cast.sales_manager(company))


def test_who_cannot_release_is_told_who_can(company, rep):
    customer = make_customer(company)
    for _copy in range(2):
        order = make_submitted_order(company, customer, customer_reference="1", by=rep)
    with pytest.raises(Refused) as refused:
        release_holds([order.holds.get().pk], "Both are meant", by=rep)
    assert refused.value.message == (
        f"You entered, changed, submitted or reopened {order.name} yourself. Somebody else has to"
        " release it: a sales manager. Where there is none, a user administrator gives the role."
    )


def test_the_database_knows_who_must_not_release(held):
    hold = held.holds.get()
    for person in (hold.entered_by, hold.edited_by, hold.caused_by, None):
        with pytest.raises(IntegrityError, match="hold_released_by_another"), transaction.atomic():
            Hold.objects.update(state="released", closed_at=clock.now(), closed_by=person)


@pytest.mark.parametrize("who", ["entered_by", "edited_by", "caused_by"])
def test_the_proof_finds_a_hold_that_forgets_who_brought_it_about(held, carlos, who):
    mine = Hold.objects.filter(order=held)
    found = [invariant for invariant in INVARIANTS if invariant.id == "I14a"]
    before = getattr(mine.get(), who)
    mine.update(**{who: carlos})
    assert [broken for broken, _name, _rows in broken_promises(found)] == ["I14a"]
    mine.update(**{who: before})
    assert broken_promises(found) == []


@pytest.mark.parametrize("who", [cast.sales_manager, cast.accountant, cast.auditor])
def test_a_credit_hold_is_for_the_credit_controller(company, held, nothing_changes, who):
    by = who(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        release_holds([held.holds.get().pk], "Go", by=by)
    assert refused.value.code == "not_allowed"


def test_twice_is_once(company, carlos, held, nothing_changes):
    ids = [held.holds.get().pk]
    release_holds(ids, "Go", by=carlos)
    with nothing_changes(), pytest.raises(Refused) as refused:
        release_holds(ids, "Go", by=carlos)
    assert refused.value.code == "hold.not_open"
    with pytest.raises(Refused) as refused:
        release_holds([10**9], "Go", by=carlos)
    assert refused.value.code == "hold.not_found"


def test_one_of_two_holds_still_holds(company, rep, carlos, work_off):
    customer = make_customer(company, limit=200)
    make_submitted_order(company, customer, customer_reference="1")
    order = make_submitted_order(company, customer, customer_reference="1", by=rep)
    credit = order.holds.get(rule="credit")
    release_holds([credit.pk], "Go", by=carlos)
    work_off()
    assert Order.objects.get(pk=order.pk).state == "submitted"


def test_several_orders_are_released_at_once(company, rep, carlos):
    customer = make_customer(company, limit=50)
    orders = [make_submitted_order(company, customer, by=rep) for _ in range(3)]
    release_holds([o.holds.get().pk for o in orders], "Insured", by=carlos)
    assert Exposure.objects.get().open_orders == D("357.00")
