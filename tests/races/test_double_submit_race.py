"""One form is sent 16 times at once, as by an impatient finger: one order, one answer for all."""

from uuid import uuid4

import pytest

from core import actions
from core.actions import RequestKey, request_key
from core.models import IdempotencyKey
from orders.actions import enter_orders
from orders.models import Order
from tests.cast import make_company, system
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse
from tests.factories.orders import order_draft
from tests.factories.partners import make_customer
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)
FINGERS = 16


@pytest.fixture
def draft():
    company = make_company()
    default_warehouse(company)
    return company, order_draft(make_customer(company), (make_product(company, 10), 1))


def send_at_once(draft):
    """Sends the same form from every finger; returns how often each order was the answer."""
    company, said = draft
    key = RequestKey(system(), uuid4(), "the same fields")

    def deed(_number):
        request_key.set(key)  # a thread has a context of its own
        (order,) = enter_orders(company, [said], by=key.user)
        return f"order {order.pk}"

    return race(FINGERS, deed)


def test_a_form_sent_many_times_is_carried_out_once(draft, proved):
    answers = send_at_once(draft)
    assert answers == {f"order {Order.objects.get().pk}": FINGERS}
    assert IdempotencyKey.objects.count() == 1


def test_without_the_claim_each_sending_counts(draft, monkeypatch):
    """The negative control: the sendings do meet, and the claim is what makes them one."""
    monkeypatch.setattr(actions, "_once", lambda _name, work: work())
    send_at_once(draft)
    assert Order.objects.count() == FINGERS
