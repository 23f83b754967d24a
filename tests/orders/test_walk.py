"""One order from entry to shipment, and what each deed costs in statements."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.actions import Parcel, confirm_orders, enter_orders, ship_orders, submit_orders
from tests import cast
from tests.factories.catalog import make_products
from tests.factories.inventory import receive
from tests.factories.orders import make_order, order_draft
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
D = Decimal


def statements(captured):
    noise = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return [q["sql"] for q in captured if not q["sql"].startswith(noise)]


def walk(company, customer, products, by, orders=1):
    """Enter, submit, confirm and ship; returns the statements of each deed."""
    cost = {}

    def measured(name, deed):
        with CaptureQueriesContext(connection) as captured:
            result = deed()
        cost[name] = statements(captured)
        return result

    draft = order_draft(customer, *[(product, 2) for product in products])
    entered = measured("enter", lambda: enter_orders(company, [draft] * orders, by=by))
    ids = [order.pk for order in entered]
    measured("submit", lambda: submit_orders(ids, by=by))
    measured("confirm", lambda: confirm_orders(ids, by=by))
    measured("ship", lambda: ship_orders(company, [Parcel(pk) for pk in ids], by=by))
    return cost


@pytest.mark.parametrize(("lines", "orders"), [(5, 1), (50, 1), (5, 12)])
def test_the_number_of_statements_depends_neither_on_lines_nor_on_orders(lines, orders):
    company = cast.make_company()
    by = cast.system()
    customer = make_customer(company, limit=10_000_000)
    products = make_products(company, lines)
    make_order(company, customer)  # the company's first order opens its number series
    receive(company, *[(product, 100) for product in products])
    walk(company, customer, products, by)
    cost = walk(company, customer, products, by, orders)
    counts = {name: len(found) for name, found in cost.items()}
    for name, most in {"enter": 9, "submit": 16, "confirm": 14, "ship": 24}.items():
        assert counts[name] <= most, (name, cost[name])
