"""A bill in the making: its lines, VAT groups, totals, instalments and journal entry. Pure.

Order of computation is that of EN 16931: line nets, group nets, tax once per group, totals. The
journal takes the same stored groups, so that document and books agree by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.models import Company
from core.money import ZERO, cumulative, split
from invoicing.standing import Standing, Tax
from invoicing.supplies import Order, Supply
from ledger.models import AccountRole
from ledger.posting import Line
from ledger.tax import Group as TaxedGroup
from ledger.tax import Taxed, group, in_base
from partners.terms import due_dates

ONE = Decimal(1)


class Group(NamedTuple):
    """A VAT group of a bill, in both currencies; `tax_code_id` is that of its first line."""

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    base_net: Decimal
    base_tax: Decimal
    reason: str
    tax_code_id: int


class Part(NamedTuple):
    """An instalment, in both currencies."""

    due_on: date
    amount: Decimal
    base_amount: Decimal


@dataclass(slots=True)
class Bill:
    """One invoice in the making; `nets` and `taxes` go with `supplies`, line by line.

    All `orders` agree on customer, currency and terms; the first stands for them.
    """

    orders: Sequence[Order]
    supplies: Sequence[Supply]
    nets: list[Decimal] = field(default_factory=list)
    taxes: list[Tax] = field(default_factory=list)
    rate: Decimal = ONE
    groups: list[Group] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    net: Decimal = ZERO
    tax: Decimal = ZERO
    base_gross: Decimal = ZERO
    base_tax: Decimal = ZERO
    id: int = 0
    number: str = ""
    reference: str = ""
    entry_id: int | None = None
    item_ids: list[int] = field(default_factory=list)  # one per instalment; none for a zero total
    billable_ids: list[int] = field(default_factory=list)

    @property
    def order(self) -> Order:
        return self.orders[0]

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def source(self) -> tuple[str, int, str]:
        return ("invoice", self.id, self.number)

    @property
    def ends(self) -> list[tuple[str, int, str]]:
        """The orders and shipments that are billed, as ends of document links."""
        shipments = dict.fromkeys((s.shipment_id, s.shipment) for s in self.supplies)
        return [
            *(("order", order.id, order.number) for order in self.orders),
            *(("shipment", pk, number) for pk, number in shipments),
        ]

    def net_by_order(self) -> list[tuple[Order, Decimal]]:
        """How much of each order is billed."""
        if len(self.orders) == 1:
            return [(self.orders[0], self.net)]
        sums = dict.fromkeys((order.id for order in self.orders), ZERO)
        for supply, net in zip(self.supplies, self.nets, strict=True):
            sums[supply.order_id] += net
        return [(order, sums[order.id]) for order in self.orders]


def net_of(supply: Supply, done: Decimal, currency: str) -> Decimal:
    """The net of a supply when `done` of its order line was billed before; all parts sum to it."""
    if supply.net is not None:
        return supply.net
    if supply.quantity == supply.line_quantity:
        return supply.line_net
    return cumulative(supply.line_net, done, supply.quantity, supply.line_quantity, currency)


def compute(bill: Bill, standing: Standing, on: date) -> None:
    """Fills in groups, totals and instalments of a bill whose lines are priced."""
    company, currency = standing.company, bill.order.currency
    codes: dict[tuple[str, Decimal], Tax] = {}
    sums: dict[tuple[str, Decimal], Decimal] = {}
    for net, tax in zip(bill.nets, bill.taxes, strict=True):
        key = (tax.category, tax.rate)
        sums[key] = sums.get(key, ZERO) + net
        codes.setdefault(key, tax)
    totals = group([Taxed(net, *key) for key, net in sums.items()], currency)
    bill.net, bill.tax = totals.net, totals.tax
    _convert(bill, company, [(g, codes[g.category, g.rate]) for g in totals.groups])
    _part(bill, standing, on)


def _convert(bill: Bill, company: Company, groups: Sequence[tuple[TaxedGroup, Tax]]) -> None:
    """Values in the company's currency: gross and each tax converted, the net is what is left."""
    if bill.order.currency == company.currency:
        bill.base_gross, bill.base_tax = bill.gross, bill.tax
        base_nets, base_taxes = [g.net for g, _t in groups], [g.tax for g, _t in groups]
    else:
        nets, taxes = [g.net for g, _t in groups], [g.tax for g, _t in groups]
        base = in_base(bill.gross, taxes, nets, bill.rate, company.currency)
        bill.base_gross, bill.base_tax = base.gross, sum(base.tax, ZERO)
        base_nets, base_taxes = base.net, base.tax
    bill.groups = [
        Group(g.category, g.rate, g.net, g.tax, base_net, base_tax, tax.reason, tax.id)
        for (g, tax), base_net, base_tax in zip(groups, base_nets, base_taxes, strict=True)
    ]


def _part(bill: Bill, standing: Standing, on: date) -> None:
    terms = standing.terms[bill.order.terms_id]
    dues = due_dates(terms.parts, on, bill.gross, bill.order.currency)
    if bill.order.currency == standing.company.currency:
        bases = [amount for _due, amount in dues]
    else:
        bases = split(bill.base_gross, [a for _due, a in dues], standing.company.currency)
    bill.parts = [Part(due, amount, base) for (due, amount), base in zip(dues, bases, strict=True)]


def entry_lines(bill: Bill) -> list[Line]:
    """Dr AR_CONTROL by instalment, Cr REVENUE and VAT_OUTPUT by VAT group; none for nothing."""
    currency = bill.order.currency
    debits = [
        Line(
            AccountRole.AR_CONTROL,
            part.base_amount,
            currency,
            part.amount,
            open_item_id=item_id,
        )
        for part, item_id in zip(bill.parts, bill.item_ids, strict=False)
    ]
    earned = [
        Line(role, -base, currency, -amount, tax_code_id=g.tax_code_id)
        for g in bill.groups
        for role, base, amount in (
            (AccountRole.REVENUE, g.base_net, g.net),
            (AccountRole.VAT_OUTPUT, g.base_tax, g.tax),
        )
    ]
    return debits + earned
