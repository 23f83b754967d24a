"""Checking held orders again."""

from decimal import Decimal

import pytest

from core.models import Event
from orders.actions import cancel_orders, check_orders
from orders.models import Hold, Order
from partners.actions import CreditTerms, set_credit_limit
from partners.models import Exposure
from tests import cast
from tests.factories.orders import make_submitted_order
from tests.factories.partners import make_customer
from tests.refusals import code_of

D = Decimal


@pytest.fixture
def carlos(company):
    return cast.credit_controller(company)


@pytest.fixture
def customer(company):
    return make_customer(company, limit=50)


def grant(customer, limit, by):
    account = customer.credit_account
    account.refresh_from_db()
    terms = CreditTerms(D(limit), account.max_overdue_days)
    set_credit_limit(customer, terms, seen=account.version, by=by, reason="Pays well")


def test_what_passes_today_is_held_no_more_and_uses_credit(company, rep, carlos, customer):
    order = make_submitted_order(company, customer, by=rep)
    grant(customer, 500, carlos)
    assert check_orders([order.pk], by=carlos) == [order]
    hold = order.holds.get()
    assert (hold.state, hold.closed_by) == ("superseded", None)
    assert Exposure.objects.get().open_orders == D(119)
    event = Event.objects.get(verb="order.checked")
    assert (event.by, event.facts) == (carlos, {"passed": ["credit"], "holds": []})


def test_what_does_not_pass_says_todays_figures_and_keeps_its_place(company, rep, carlos, customer):
    order = make_submitted_order(company, customer, by=rep)
    before = order.holds.get()
    grant(customer, 100, carlos)
    assert check_orders([order.pk], by=rep) == []
    hold = order.holds.get()
    assert (hold.state, hold.opened_at, hold.caused_by) == ("open", before.opened_at, rep)
    assert "119.00" in before.message and "50.00" in before.message
    assert "limit: 100.00" in hold.message and D(hold.numbers["limit"]) == 100
    assert Exposure.objects.get().open_orders == 0
    assert Event.objects.get(verb="order.checked").facts["holds"] == ["credit.over_limit"]


def test_one_reason_passes_and_the_other_stays(company, carlos, customer):
    rep = cast.sales_rep(company)
    customer.sales_rep = rep
    customer.save(update_fields=["sales_rep"])
    first = make_submitted_order(company, customer, customer_reference="PO 1", by=cast.system())
    second = make_submitted_order(company, customer, customer_reference="PO-1", by=rep)
    cancel_orders([first.pk], "Twice", by=cast.sales_manager(company))
    assert check_orders([second.pk], by=carlos) == []
    states = dict(second.holds.values_list("rule", "state"))
    assert states == {"duplicate": "superseded", "credit": "open"}


def test_a_new_limit_checks_what_it_held_and_confirms_it(company, rep, carlos, customer, work_off):
    order = make_submitted_order(company, customer, by=rep)
    grant(customer, 500, carlos)
    work_off()
    assert Order.objects.get(pk=order.pk).state == "confirmed"


def test_a_set_ends_as_one_by_one(company, rep, carlos, customer):
    orders = [make_submitted_order(company, customer, by=rep) for _n in range(3)]
    grant(customer, 250, carlos)
    passed = check_orders([order.pk for order in orders], by=carlos)
    assert passed == orders[:2]
    assert Exposure.objects.get().open_orders == D(238)
    assert Hold.objects.get(state="open").order == orders[2]


def test_twice_is_once_and_others_check_nothing(company, rep, carlos, customer, nothing_changes):
    order = make_submitted_order(company, customer, by=rep)
    for who in (cast.auditor(company), cast.warehouse_hand(company)):
        with nothing_changes():
            assert code_of(check_orders, [order.pk], by=who) == "not_allowed"
    grant(customer, 500, carlos)
    check_orders([order.pk], by=rep)
    with nothing_changes():
        assert code_of(check_orders, [order.pk], by=rep) == "order.not_held"


def test_the_pages_offer_it(company, rep, carlos, customer, client):
    order = make_submitted_order(company, customer, by=rep)
    grant(customer, 500, carlos)
    client.force_login(carlos)
    where = f"/{company.slug}/orders/{order.name}"
    for page in (where, f"/{company.slug}/holds/{order.holds.get().pk}"):
        assert f'action="{where}/check"' in client.get(page).content.decode()
    answer = client.post(f"{where}/check", follow=True)
    assert "nothing holds it" in answer.content.decode()
