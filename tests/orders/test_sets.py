"""A set ends like one by one in the given order: same credit, same stock, same caps."""

import os
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.refusals import Refused
from inventory.models import Reservation, Stock
from orders.actions import Parcel, cancel_orders, confirm_orders, ship_orders, submit_orders
from orders.models import Hold, Order
from partners.models import CreditAccount, Exposure
from tests import cast
from tests.factories.catalog import make_products
from tests.factories.inventory import receive
from tests.factories.orders import make_order
from tests.factories.partners import make_customers

D = Decimal
CUSTOMERS, PRODUCTS = 2, 2

orders = st.lists(
    st.tuples(
        st.integers(0, CUSTOMERS - 1),
        st.lists(
            st.tuples(st.integers(0, PRODUCTS - 1), st.integers(1, 9)), min_size=1, max_size=3
        ),
        st.sampled_from(["", "", "A-1"]),
    ),
    min_size=1,
    max_size=5,
)
limits = st.lists(st.integers(0, 400), min_size=CUSTOMERS, max_size=CUSTOMERS)
stocks = st.lists(st.integers(0, 25), min_size=PRODUCTS, max_size=PRODUCTS)


class World:
    """One company's customers, products and orders, as the example says."""

    def __init__(self, company, wanted, limits, stocks):
        self.company = company
        self.by = cast.system()
        self.customers = make_customers(company, CUSTOMERS)
        self.products = make_products(company, PRODUCTS)
        self.limit(limits)
        goods = [(p, n) for p, n in zip(self.products, stocks, strict=True) if n]
        if goods:
            receive(company, *goods, cost="3.33")
        self.ids = [
            make_order(
                company,
                self.customers[who],
                [(self.products[what], n) for what, n in lines],
                customer_reference=reference,
            ).pk
            for who, lines, reference in wanted
        ]

    def limit(self, limits):
        for customer, limit in zip(self.customers, limits, strict=True):
            CreditAccount.objects.filter(pk=customer.credit_account_id).update(limit=limit)

    def confirmable(self):
        held = Hold.objects.filter(order__in=self.ids, state="open").values("order")
        return self._in_turn(Order.objects.filter(state="submitted").exclude(pk__in=held))

    def shippable(self):
        lines = Reservation.objects.filter(quantity__gt=0).values("source_id")
        return self._in_turn(Order.objects.filter(state="confirmed", lines__in=lines))

    def cancellable(self):
        return self._in_turn(Order.objects.exclude(state="cancelled").exclude(lines__shipped__gt=0))

    def _in_turn(self, rows):
        good = set(rows.filter(pk__in=self.ids).values_list("pk", flat=True))
        return [pk for pk in self.ids if pk in good]

    def outcome(self):
        """All that can be seen of it, without ids and numbers."""
        rows = {order.pk: order for order in Order.objects.filter(pk__in=self.ids)}
        return (
            [
                (
                    rows[pk].state,
                    rows[pk].gross,
                    sorted(rows[pk].holds.values_list("code", "state")),
                    list(rows[pk].lines.values_list("position", "net", "shipped")),
                    list(
                        Reservation.objects.filter(source_id__in=rows[pk].lines.all())
                        .order_by("source_id")
                        .values_list("quantity", flat=True)
                    ),
                    list(rows[pk].shipments.order_by("pk").values_list("lines__cost", flat=True)),
                )
                for pk in self.ids
            ],
            [
                list(
                    Exposure.objects.filter(credit_account=c.credit_account_id).values_list(
                        "open_orders", "unbilled"
                    )
                )
                for c in self.customers
            ],
            [
                list(Stock.objects.filter(product=p).values_list("on_hand", "reserved", "value"))
                for p in self.products
            ],
        )


def in_turn(deed):
    """The deed called once for each id; what it refuses is passed over."""

    def each(ids):
        for pk in ids:
            try:
                deed([pk])
            except Refused:
                continue

    return each


def same(one, other, deed_of, ids_of):
    deed_of(one)(ids_of(one))
    in_turn(deed_of(other))(ids_of(other))
    assert one.outcome() == other.outcome()


@settings(
    max_examples=int(os.environ.get("EXAMPLES", "8")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wanted=orders, limits=limits, lowered=limits, stocks=stocks)
def test_a_set_ends_like_one_by_one(company, wanted, limits, lowered, stocks):
    one = World(company, wanted, limits, stocks)
    other = World(company, wanted, limits, stocks)
    same(one, other, lambda w: lambda ids: submit_orders(ids, by=w.by), lambda w: w.ids)
    one.limit(lowered)
    other.limit(lowered)
    same(one, other, lambda w: lambda ids: confirm_orders(ids, by=w.by), lambda w: w.confirmable())
    same(
        one,
        other,
        lambda w: lambda ids: ship_orders(w.company, [Parcel(pk) for pk in ids], by=w.by),
        lambda w: w.shippable(),
    )
    same(
        one,
        other,
        lambda w: lambda ids: cancel_orders(ids, "Over", by=w.by),
        lambda w: w.cancellable(),
    )
