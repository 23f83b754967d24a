"""How an order's totals are shared out over what is shipped, cancelled and billed. Pure.

An order uses credit with its gross total. As goods leave, the gross of what left moves from
"open orders" to "unbilled"; as it is billed it leaves there too. Both shares follow from stored
rows alone, by cumulative rounding, so that they end at nothing and can be recomputed at any time.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from core.money import ZERO, round_amount
from core.refusals import Refused

MOST = Decimal(10) ** 15  # an order from here on is a slip of the keyboard, and fits no column


class Line(Protocol):
    """An order line, as a row or as read for a deed."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def net(self) -> Decimal: ...
    @property
    def shipped(self) -> Decimal: ...
    @property
    def cancelled(self) -> Decimal: ...


class Totals(Protocol):
    """An order's totals, as a row or as read for a deed."""

    @property
    def net(self) -> Decimal: ...
    @property
    def gross(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...


def net_of(line: Line, quantity: Decimal, currency: str) -> Decimal:
    """The net amount of the first `quantity` of a line."""
    if not quantity:
        return ZERO
    if quantity == line.quantity:
        return line.net
    return round_amount(line.net * quantity / line.quantity, currency)


def refuse_too_large(net: Decimal) -> None:
    """Refuses an order whose net total nobody would believe."""
    if net >= MOST:
        rule = _("The order comes to %(net)s; it must stay below %(most)s. Compare its figures.")
        said = {"net": f"{net:,f}", "most": f"{MOST:,f}"}
        raise Refused("order.too_large", rule % said, net=net)


def shipped_net(lines: Iterable[Line], currency: str) -> Decimal:
    """The net amount of all that was shipped of an order."""
    return sum((net_of(line, line.shipped, currency) for line in lines), ZERO)


def gone_net(lines: Iterable[Line], currency: str) -> Decimal:
    """The net amount of all that was shipped or cancelled, so is no open order any more."""
    return sum((net_of(line, line.shipped + line.cancelled, currency) for line in lines), ZERO)


def gross_of(order: Totals, net: Decimal) -> Decimal:
    """The gross that belongs to the first `net` of an order's net total."""
    if net == order.net:
        return order.gross
    if not net:
        return ZERO
    return round_amount(order.gross * net / order.net, order.currency)


def open_gross(order: Totals, lines: Iterable[Line]) -> Decimal:
    """The gross of what is neither shipped nor cancelled: the order's part in "open orders"."""
    return order.gross - gross_of(order, gone_net(lines, order.currency))


def unbilled_change(order: Totals, billed_net: Decimal, more: Decimal) -> Decimal:
    """How "unbilled" changes when `more` net is billed (or, below zero, given back).

    `billed_net` is `Order.billed_net` before the change.
    """
    return gross_of(order, billed_net) - gross_of(order, billed_net + more)
