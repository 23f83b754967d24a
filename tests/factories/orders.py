"""Orders in any state, brought there by the real deeds."""

from collections.abc import Sequence
from decimal import Decimal

from catalog.models import Product
from core.models import Company
from orders.actions import Parcel, confirm_orders, enter_orders, ship_orders, submit_orders
from orders.drafts import DraftLine, OrderDraft
from orders.models import Order, Shipment
from partners.models import Customer
from tests.cast import system
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse, receive
from tests.factories.partners import make_customer
from users.models import User

Wanted = tuple[Product, Decimal | int | str]


def order_draft(customer: Customer, *goods: Wanted, **fields: object) -> OrderDraft:
    """A draft of products and quantities at list prices."""
    lines = [DraftLine(product.pk, Decimal(quantity)) for product, quantity in goods]
    return OrderDraft(customer.pk, lines, **fields)  # type: ignore[arg-type]


def make_order(
    company: Company,
    customer: Customer | None = None,
    goods: Sequence[Wanted] = (),
    *,
    by: User | None = None,
    **fields: object,
) -> Order:
    """A draft; without `goods`, ten pieces of a new product at 10.00."""
    default_warehouse(company)
    customer = customer or make_customer(company)
    goods = goods or [(make_product(company, 10), 10)]
    return enter_orders(company, [order_draft(customer, *goods, **fields)], by=by or system())[0]


def make_submitted_order(company: Company, *args, by: User | None = None, **fields) -> Order:
    """A submitted order, held or not."""
    order = make_order(company, *args, by=by, **fields)
    return submit_orders([order.pk], by=by or system())[0]


def make_confirmed_order(
    company: Company,
    customer: Customer | None = None,
    goods: Sequence[Wanted] = (),
    *,
    in_stock: bool = True,
    **fields,
) -> Order:
    """A confirmed order, with the goods in stock unless said otherwise."""
    goods = goods or [(make_product(company, 10), 10)]
    if in_stock:
        receive(company, *goods)
    order = make_submitted_order(company, customer, goods, **fields)
    return confirm_orders([order.pk], by=system())[0]


def ship(order: Order, quantities: dict[int, Decimal] | None = None) -> Shipment:
    """A parcel that left today."""
    parcel = Parcel(order.pk, quantities)
    return ship_orders(order.company, [parcel], by=system())[0]
