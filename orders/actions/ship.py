"""Shipping: goods leave at their average cost, credit moves from ordered to unbilled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import bulk, clock, events, formats, in_hand, links, numbering, states
from core.actions import action, inside_transaction
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
from inventory import stock
from inventory.stock import Issued, Movement
from ledger.models import AccountRole, Journal
from ledger.posting import Draft, Posted, post
from ledger.posting import Line as EntryLine
from orders import amounts, holds
from orders.locking import LineRow, Lines, lock_orders, read_lines
from orders.models import Order, OrderLine, Shipment, ShipmentLine
from partners.exposure import Moves
from users.models import User

COLUMNS = (
    "id",
    "company_id",
    "number",
    "created_at",
    "created_by_id",
    "state",
    "order_id",
    "warehouse_id",
    "shipped_on",
    "entry_id",
)


@dataclass(frozen=True)
class Parcel:
    """What is to leave of one order: quantities by order line, or all that is ready."""

    order_id: int
    quantities: Mapping[int, Decimal] | None = None


@dataclass
class Load:
    """One shipment in the making."""

    order: Order
    taken: list[tuple[LineRow, Decimal]]
    id: int = 0
    number: str = ""
    costs: Sequence[Decimal] = ()

    @property
    def source(self) -> tuple[str, int, str]:
        return ("shipment", self.id, self.number)

    @property
    def cost(self) -> Decimal:
        return sum(self.costs, ZERO)


@action
def ship_orders(
    company: Company, parcels: Sequence[Parcel], *, by: User, on: date | None = None
) -> list[Shipment]:
    """Ships parcels on a day, today unless said: Dr COGS, Cr INVENTORY at moving average.

    Refuses what is held, what is not reserved, and an order named twice.
    """
    rights(by).require("orders.ship", company.pk)
    if not parcels:
        return []
    locked = lock_orders([parcel.order_id for parcel in parcels], by, ("customer",))
    orders = {order.pk: order for order in locked}
    if any(order.company_id != company.pk for order in locked):
        raise Refused("order.not_found", _("An order is not of this company."))
    if len(orders) < len(parcels):
        raise Refused("shipment.order_twice", _("An order can be in one parcel at a time."))
    lines = read_lines(orders)
    loads = _load(parcels, orders, lines)
    if not loads:
        return []
    day = on or clock.today(company)
    issued = _take_out(company, loads)
    _write_off_lines(loads)
    _number(company, loads, day)
    _write_movements(loads, issued, day)
    entries = _post(company, loads, day, by)
    shipments = _write(company, loads, day, entries, by)
    _move_exposure(loads, lines)
    _record(company, loads, by)
    return shipments


def _load(parcels: Sequence[Parcel], orders: Mapping[int, Order], lines: Lines) -> list[Load]:
    """The parcels that can leave; the rest is refused, or parked by the runner."""
    known = holds.read(orders)
    loads, refused = [], {}
    for parcel in parcels:
        order = orders[parcel.order_id]
        try:
            if order.state != Order.State.CONFIRMED:
                raise states.not_allowed(order, "ship")
            if known[order.pk].open:
                raise holds.refusal(order, known[order.pk].open[0])
            loads.append(Load(order, _quantities(order, lines[order.pk], parcel.quantities)))
        except Refused as refusal:
            refused[order.pk] = refusal
    in_hand.turn_away(refused)
    return loads


def _quantities(
    order: Order, lines: Sequence[LineRow], wanted: Mapping[int, Decimal] | None
) -> list[tuple[LineRow, Decimal]]:
    """Lines and quantities that leave; refuses more than is ready, and nothing at all."""
    if wanted is None:
        taken = [(line, line.ready) for line in lines if line.ready > 0]
    else:
        by_id = {line.id: line for line in lines}
        if not wanted.keys() <= by_id.keys():
            raise Refused("shipment.unknown_line", _("A line is not of this order."))
        taken = [(by_id[pk], quantity) for pk, quantity in wanted.items() if quantity]
    for line, quantity in taken:
        _check_leaves(order, line, quantity)
    if not taken:
        raise Refused(
            "shipment.nothing_ready",
            _("Nothing of %s is ready to leave: it waits for stock.") % order.name,
        )
    return taken


def _check_leaves(order: Order, line: LineRow, quantity: Decimal) -> None:
    said = {
        "product": line.product_code,
        "order": order.name,
        "digits": line.digits,
        "ready": formats.quantity(line.ready),
        "quantity": formats.quantity(quantity),
    }
    if not ZERO < quantity <= line.ready:
        rule = _("Of %(product)s in %(order)s, %(ready)s can leave, not %(quantity)s.")
        raise Refused("shipment.not_ready", rule % said, line=line.id, ready=line.ready)
    if quantity != round(quantity, line.digits):
        rule = _(
            "%(product)s of %(order)s leaves with at most %(digits)s decimals, not %(quantity)s."
        )
        raise Refused("shipment.digits", rule % said, line=line.id)


@inside_transaction
def _take_out(company: Company, loads: Sequence[Load]) -> dict[int, Issued]:
    """Takes the goods out of stock; services cost nothing here. Returns what left, by line."""
    goods = [
        (line, line.want(load.order.warehouse_id, quantity))
        for load in loads
        for line, quantity in load.taken
        if line.is_stocked
    ]
    issued = stock.issue(company, [want for _line, want in goods])
    by_line = {line.id: out for (line, _want), out in zip(goods, issued, strict=True)}
    for load in loads:
        load.costs = [by_line[x.id].cost if x.id in by_line else ZERO for x, _q in load.taken]
    return by_line


@inside_transaction
def _write_off_lines(loads: Sequence[Load]) -> None:
    """Adds to what the order lines have shipped; the constraint guards the sum."""
    rows = [(line.id, quantity) for load in loads for line, quantity in load.taken]
    guard = "t.shipped + t.cancelled + u.shipped <= t.quantity"
    if bulk.update(OrderLine, ("id", "shipped"), rows, add=("shipped",), where=guard) != len(rows):
        raise Refused("shipment.too_much", _("More was to leave than was ordered."))


@inside_transaction
def _number(company: Company, loads: Sequence[Load], day: date) -> None:
    ids = bulk.take_ids({Shipment: len(loads)})[Shipment]
    numbers = numbering.take(company, {("shipment", day): len(loads)})["shipment", day]
    for load, pk, number in zip(loads, ids, numbers, strict=True):
        load.id, load.number = pk, number


@inside_transaction
def _post(company: Company, loads: Sequence[Load], day: date, by: User) -> list[Posted | None]:
    currency = company.currency
    return post(
        company,
        [
            Draft(
                Journal.STOCK,
                day,
                load.source,
                "shipped",
                [
                    EntryLine(AccountRole.COGS, load.cost, currency, load.cost),
                    EntryLine(AccountRole.INVENTORY, -load.cost, currency, -load.cost),
                ],
            )
            for load in loads
        ],
        by=by,
    )


@inside_transaction
def _write(
    company: Company,
    loads: Sequence[Load],
    day: date,
    entries: Sequence[Posted | None],
    by: User,
) -> list[Shipment]:
    """Writes shipments and their lines; they begin their life as shipped."""
    now = clock.now()
    rows = [
        (
            load.id,
            company.pk,
            load.number,
            now,
            by.pk,
            Shipment.State.SHIPPED.value,
            load.order.pk,
            load.order.warehouse_id,
            day,
            entry.id if entry else None,
        )
        for load, entry in zip(loads, entries, strict=True)
    ]
    bulk.insert(Shipment, COLUMNS, rows)
    bulk.insert(
        ShipmentLine,
        ("shipment_id", "order_line_id", "quantity", "cost"),
        [
            (load.id, line.id, quantity, cost)
            for load in loads
            for (line, quantity), cost in zip(load.taken, load.costs, strict=True)
        ],
    )
    return [Shipment(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


@inside_transaction
def _write_movements(loads: Sequence[Load], issued: Mapping[int, Issued], day: date) -> None:
    stock.write_movements(
        [
            Movement(issued[line.id].stock_id, -quantity, -issued[line.id].cost, day, load.source)
            for load in loads
            for line, quantity in load.taken
            if line.id in issued
        ]
    )


@inside_transaction
def _move_exposure(loads: Sequence[Load], lines: Lines) -> None:
    """The gross of what left is no open order any more but waits to be billed."""
    moves = Moves()
    for load in loads:
        order, of_order = load.order, lines[load.order.pk]
        gone = amounts.gross_of(order, amounts.gone_net(of_order, order.currency))
        shipped = amounts.gross_of(order, amounts.shipped_net(of_order, order.currency))
        for line, quantity in load.taken:
            line.shipped += quantity
            line.reserved -= quantity if line.is_stocked else ZERO
        gone -= amounts.gross_of(order, amounts.gone_net(of_order, order.currency))
        shipped -= amounts.gross_of(order, amounts.shipped_net(of_order, order.currency))
        moves.add(
            order.customer.credit_account_id, order.currency, open_orders=gone, unbilled=-shipped
        )
    moves.write()


@inside_transaction
def _record(company: Company, loads: Sequence[Load], by: User) -> None:
    links.link(
        company,
        [(("order", load.order.pk, load.order.name), load.source) for load in loads],
        "shipped",
    )
    events.record(
        company,
        "shipment.shipped",
        [
            events.Fact(
                [
                    ("shipment", load.id),
                    ("order", load.order.pk),
                    ("customer", load.order.customer_id),
                ],
                {"cost": str(load.cost), "lines": len(load.taken)},
            )
            for load in loads
        ],
        by=by,
    )
