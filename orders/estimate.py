"""What an order would come to, before anything is saved: prices, tax, total, stock and credit.

The very steps of submitting do the sums, so that what is shown while typing is what will be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Product
from core import clock
from core.formats import quantity
from core.money import ZERO
from core.refusals import Refused
from inventory.models import Stock
from ledger import tax
from orders import credit, pricing
from orders.drafts import DraftLine
from orders.models import Order
from orders.pricing import PricedLine
from partners.exposure import standings


@dataclass
class Estimate:
    """The unsaved order with its totals, its lines by place, and what would stand in the way."""

    order: Order
    lines: dict[int, PricedLine]
    short: dict[int, str] = field(default_factory=dict)  # by place: less is on the shelf
    problems: list[str] = field(default_factory=list)
    credit_left: Decimal = ZERO  # in the currency of the limit


def estimate(order: Order, drafts: Mapping[int, DraftLine]) -> Estimate:
    """Prices an unsaved order; `drafts` are the lines that can be read, by place in the grid."""
    order.ordered_on = clock.today(order.company)
    lines = _lines(drafts)
    pricing.look_up_prices(order.company, {0: order}, list(lines.values()))
    found = Estimate(order, lines)
    for place, line in lines.items():
        if not line.has_price:
            found.problems.append(_("Line %s: no price in the list; enter one.") % (place + 1))
    _total(found)
    found.short = _short(order, lines)
    _credit(found)
    return found


def _lines(drafts: Mapping[int, DraftLine]) -> dict[int, PricedLine]:
    products = Product.objects.in_bulk({line.product_id for line in drafts.values()})
    return {
        place: PricedLine(
            id=place,
            order_id=0,
            position=place + 1,
            product_id=line.product_id,
            tax_class=products[line.product_id].tax_class,
            is_goods=products[line.product_id].is_stocked,
            quantity=line.quantity,
            unit_price=line.unit_price or ZERO,
            own_price=line.unit_price is not None,
            discount_percent=line.discount_percent,
        )
        for place, line in drafts.items()
    }


def _total(found: Estimate) -> None:
    order = found.order
    order.net = order.tax = order.gross = ZERO
    priced = [line for line in found.lines.values() if line.has_price]
    if not priced:
        return
    try:
        pricing.price_one(order, priced, tax.load(order.company))
    except Refused as refusal:
        found.problems.append(refusal.message)


def _short(order: Order, lines: Mapping[int, PricedLine]) -> dict[int, str]:
    """Lines of which less is free in the warehouse than is wanted, with the words for it."""
    wanted = {line.product_id for line in lines.values() if line.is_goods}
    rows = Stock.objects.filter(warehouse=order.warehouse_id, product__in=wanted)
    free = {row.product_id: row.on_hand - row.reserved for row in rows}
    return {
        place: _("%s free, the rest on backorder")
        % quantity(max(free.get(line.product_id, ZERO), ZERO))
        for place, line in lines.items()
        if line.is_goods and free.get(line.product_id, ZERO) < line.quantity
    }


def _credit(found: Estimate) -> None:
    """Asks the credit desk as submitting will, without a lock and without writing."""
    order = found.order
    account = order.customer.credit_account
    desk = credit.open_desk(order.company, standings([account]))
    if problem := desk.check(account.pk, order.currency, order.gross):
        found.problems.append(problem.message)
    exposure = desk.standings[account.pk].exposure(desk.convert)
    claim = desk.convert(order.gross, order.currency, account.currency)
    found.credit_left = account.limit - exposure - claim
