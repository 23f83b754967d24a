"""A worker killed at any moment loses nothing and does nothing twice (B2, K01).

The worker is a forked process that works off follow-ups as the Celery task does; the parent
kills it with SIGKILL at random moments, so that it dies inside transactions, between them, and
while it holds leases.
"""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from core import events, follow_ups
from core.invariants import check_books
from core.models import FollowUp
from core.tasks import work_off_follow_ups
from invoicing.models import Invoice
from orders.actions import Parcel, enter_orders, ship_orders, submit_orders
from orders.models import Order
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive
from tests.factories.orders import order_draft
from tests.factories.partners import make_customer

ORDERS, KILLS = 500, 50
SEED = 7

pytestmark = pytest.mark.django_db(transaction=True)


def start_worker():
    """A process of its own, with its own connection, that works until nothing is due."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work_off_follow_ups()
        finally:
            os._exit(0)
    return pid


def kill_workers(times, moments):
    """Starts a worker and kills it, again and again; returns how often it was still at work."""
    killed = 0
    for _time in range(times):
        pid = start_worker()
        time.sleep(moments.uniform(0.01, 0.25))
        done, _status = os.waitpid(pid, os.WNOHANG)
        if not done:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            killed += 1
    return killed


def finish():
    """Lets a last worker do what is left, once the leases of the dead have run out."""
    time.sleep(follow_ups.LEASE.total_seconds() + 0.1)
    os.waitpid(start_worker(), 0)


@pytest.fixture
def many_small_chunks(monkeypatch):
    """So that there are many moments to die at, and the dead are soon given up."""
    monkeypatch.setattr(follow_ups, "CHUNK", 8)
    monkeypatch.setattr(follow_ups, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(follow_ups, "TRIES", 1000)


@pytest.fixture
def no_mail():
    """Five hundred PDFs would take minutes and prove nothing here."""
    with events.history():
        yield


def test_five_hundred_orders_become_five_hundred_invoices_whatever_dies(many_small_chunks, no_mail):
    company, by, moments = cast.make_company(), cast.system(), random.Random(SEED)
    products = [make_product(company, price) for price in (10, 20, 30)]
    receive(company, *((product, 10_000) for product in products))
    customers = [make_customer(company, limit=10**9) for _number in range(20)]
    drafts = [
        order_draft(customers[n % 20], *((product, 1 + n % 3) for product in products))
        for n in range(ORDERS)
    ]
    orders = enter_orders(company, drafts, by=by)
    submit_orders([order.pk for order in orders], by=by)

    killed = kill_workers(KILLS // 2, moments)
    finish()
    confirmed = Order.objects.filter(company=company, state=Order.State.CONFIRMED)
    assert confirmed.count() == ORDERS

    ship_orders(company, [Parcel(order.pk) for order in orders], by=by)
    killed += kill_workers(KILLS // 2, moments)
    finish()

    assert killed >= KILLS // 2, "the workers died too late for the test to say anything"
    numbers = sorted(Invoice.objects.filter(company=company).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == ORDERS
    assert [int(number.rsplit("-")[-1]) for number in numbers] == list(range(1, ORDERS + 1))
    assert not FollowUp.objects.filter(handler="invoicing.tasks.invoice_shipments", done_at=None)
    assert [proof for proof in check_books() if proof.violations] == []
    connection.close()
