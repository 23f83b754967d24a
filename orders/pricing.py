"""Freezing an order: the price of each line, its tax code, and the totals of EN 16931."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.quote import find_prices
from core import bulk
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from ledger import tax
from orders import amounts
from orders.models import Order, OrderLine


@dataclass
class PricedLine:
    """A line while it is frozen: what it says, and what becomes of it."""

    id: int
    order_id: int
    position: int
    product_id: int
    tax_class: str
    is_goods: bool
    quantity: Decimal
    unit_price: Decimal
    own_price: bool
    discount_percent: Decimal
    list_price: Decimal | None = None
    net: Decimal = ZERO
    tax_code_id: int | None = None

    @property
    def has_price(self) -> bool:
        """Whether one was agreed or is in the price list."""
        return self.own_price or self.list_price is not None


@dataclass
class Priced:
    """The frozen lines by order, and the orders that cannot be frozen, with the reason."""

    lines: dict[int, list[PricedLine]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[int, Refused] = field(default_factory=dict)


def price(company: Company, orders: Sequence[Order]) -> Priced:
    """Prices and taxes orders in memory: lines, and net, tax and gross of each order.

    Raises nothing: an order without a price or a tax code is among the refused.
    """
    priced = Priced()
    by_id = {order.pk: order for order in orders}
    lines = [line for group in read(by_id).values() for line in group]
    look_up_prices(company, by_id, lines)
    for line in lines:
        priced.lines[line.order_id].append(line)
    table = tax.load(company)
    for order in orders:
        try:
            price_one(order, priced.lines[order.pk], table)
        except Refused as refusal:
            priced.refused[order.pk] = refusal
    return priced


def look_up_prices(
    company: Company, orders: Mapping[int, Order], lines: Sequence[PricedLine]
) -> None:
    """Puts the list price of each line, or None, into it: one statement for any number."""
    found = find_prices(
        company,
        [
            (
                orders[line.order_id].customer_id,
                orders[line.order_id].currency,
                line.product_id,
                line.quantity,
                orders[line.order_id].ordered_on,
            )
            for line in lines
        ],
    )
    for line, list_price in zip(lines, found, strict=True):
        line.list_price = list_price


@inside_transaction
def write_lines(lines: Iterable[PricedLine]) -> None:
    """Writes what froze, in one statement."""
    bulk.update(
        OrderLine,
        ("id", "unit_price", "list_price", "net", "tax_code_id"),
        [(line.id, line.unit_price, line.list_price, line.net, line.tax_code_id) for line in lines],
    )


def read(order_ids: Iterable[int]) -> dict[int, list[PricedLine]]:
    """The lines of orders as they are, by order, in one statement."""
    rows = (
        OrderLine.objects.filter(order__in=list(order_ids))
        .order_by("order", "position")
        .values_list(
            "pk",
            "order_id",
            "position",
            "product_id",
            "product__tax_class",
            "product__is_stocked",
            "quantity",
            "unit_price",
            "own_price",
            "discount_percent",
            "list_price",
            "net",
            "tax_code_id",
        )
    )
    lines: dict[int, list[PricedLine]] = defaultdict(list)
    for row in rows:
        line = PricedLine(*row)
        lines[line.order_id].append(line)
    return lines


def price_one(order: Order, lines: Sequence[PricedLine], table: tax.TaxTable) -> None:
    """Sets price, net and tax code of each line, and the totals of the order.

    Raises Refused `order.no_lines`, `order.no_price`, `order.too_large`, or what the tax rules
    refuse.
    """
    if not lines:
        raise Refused("order.no_lines", _("%s has no lines.") % order.name)
    buyer = buyer_of(order)
    taxed = []
    for line in lines:
        _set_price(order, line)
        code = tax.determine(table, buyer, line.tax_class, order.ordered_on, goods=line.is_goods)
        line.tax_code_id = code.pk
        taxed.append(tax.Taxed(line.net, code.category, code.rate))
    amounts.refuse_too_large(sum((line.net for line in lines), ZERO))
    totals = tax.group(taxed, order.currency)
    order.net, order.tax, order.gross = totals.net, totals.tax, totals.gross


def _set_price(order: Order, line: PricedLine) -> None:
    if not line.own_price:
        if line.list_price is None:
            raise Refused(
                "order.no_price",
                _(
                    "Line %(line)s of %(order)s has no price: none is in the price list in"
                    " %(currency)s. Enter one, or add it to the list."
                )
                % {"line": line.position, "order": order.name, "currency": order.currency},
                line=line.position,
            )
        line.unit_price = line.list_price
    line.net = tax.net_of_line(
        line.quantity, line.unit_price, line.discount_percent, order.currency
    )


def buyer_of(order: Order) -> tax.Buyer:
    """Who is taxed where: the country the goods go to, and the customer's VAT number."""
    partner = order.customer.partner
    country = order.ship_to.country if order.ship_to else partner.country
    return tax.Buyer(country, partner.is_business, partner.vat_id)
