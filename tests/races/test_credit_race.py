"""16 orders are submitted at once where credit has room for 3: three pass, whatever the order."""

from decimal import Decimal

import pytest

from orders.actions import confirm_orders, submit_orders
from orders.actions import submit as submitting
from orders.models import Hold, Order
from partners.exposure import standings
from partners.models import CreditAccount, Exposure
from tests.cast import make_company, system
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.partners import make_customer
from tests.races import meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, GROSS, LIMIT = 16, 1000, 3000


@pytest.fixture
def orders():
    """Drafts of one customer, worth 1,000.00 each without tax."""
    company = make_company()
    customer = make_customer(company, limit=LIMIT)
    product = make_product(company, GROSS, tax_class="zero")
    return [make_order(company, customer, [(product, 1)]) for _ in range(THREADS)]


def submit_at_once(orders):
    by = system()

    def deed(number):
        (order,) = submit_orders([orders[number].pk], by=by)
        return "held" if Hold.objects.filter(order=order).exists() else "passed"

    return race(THREADS, deed)


def used():
    return Exposure.objects.get().open_orders


def test_credit_is_never_used_beyond_the_limit(orders, proved):
    assert submit_at_once(orders) == {"passed": 3, "held": 13}
    assert used() == LIMIT


def test_without_the_lock_more_is_used_than_there_is(orders, monkeypatch):
    """The negative control: this race is real, and the lock is what wins it."""
    monkeypatch.setattr(submitting, "lock_credit", meeting(THREADS, unlocked))
    answers = submit_at_once(orders)
    assert answers == {"passed": THREADS}
    assert used() > LIMIT


def unlocked(ids):
    accounts = Order.objects.filter(pk__in=ids).values("customer__credit_account")
    return standings(list(CreditAccount.objects.filter(pk__in=accounts)))


def test_confirmed_at_once_an_order_is_confirmed_once(orders, proved):
    (order,) = submit_orders([orders[0].pk], by=system())
    by = system()

    def deed(_number):
        confirm_orders([order.pk], by=by)
        return "confirmed"

    assert race(8, deed) == {"confirmed": 1, "state.not_allowed": 7}
    assert used() == Decimal(GROSS)
