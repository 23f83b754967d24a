"""Deeds of the warehouse: goods come in, counts are set right, opening stock is taken over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Product
from core import bulk, clock, events, numbering
from core.actions import action, inside_transaction
from core.models import Company, rights
from core.money import ZERO, round_amount
from core.refusals import Refused
from inventory import stock
from inventory.models import StockDocument, Warehouse
from inventory.stock import Level, Movement, Place
from inventory.valuation import average_cost, cost_of_issue
from ledger.models import AccountRole, Journal
from ledger.posting import Draft, Line, post
from users.models import User

Kind = StockDocument.Kind
AGAINST = {
    Kind.RECEIPT: AccountRole.GRNI,
    Kind.ADJUSTMENT: AccountRole.INVENTORY_DIFFERENCE,
    Kind.OPENING: AccountRole.OPENING_BALANCE,
}
SERIES = "stock_document"


@dataclass(frozen=True)
class StockLine:
    """A product and how much of it came (above zero) or went; cost in the company's currency.

    With `is_count` the quantity is what was counted, and the difference is booked. Without a
    cost the average of what is there counts.
    """

    product_id: int
    quantity: Decimal
    unit_cost: Decimal | None = None
    is_count: bool = False


@dataclass(frozen=True)
class StockChange:
    """One document to be: goods that came, or were counted, in one warehouse on one day."""

    warehouse_id: int
    lines: Sequence[StockLine] = field(default_factory=tuple)
    moved_on: date | None = None
    reason: str = ""


@action
def receive_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Goods came in: Dr INVENTORY, Cr GRNI at the cost given."""
    rights(by).require("inventory.receive", company.pk)
    return _book(company, Kind.RECEIPT, changes, by)


@action
def adjust_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Stock was found to be more or less: Dr or Cr INVENTORY_DIFFERENCE. Wants a reason."""
    rights(by).require("inventory.adjust", company.pk)
    if any(not change.reason.strip() for change in changes):
        raise Refused("stock.reason_missing", _("Say why the stock is adjusted."))
    return _book(company, Kind.ADJUSTMENT, changes, by)


@action
def take_over_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Stock from before this program: Dr INVENTORY, Cr OPENING_BALANCE."""
    rights(by).require("inventory.setup", company.pk)
    return _book(company, Kind.OPENING, changes, by)


@action
def save_warehouse(
    company: Company, code: str, title: str, *, is_default: bool, by: User, pk: int | None = None
) -> Warehouse:
    """Adds a warehouse or renames one; the default one is the default until another is."""
    rights(by).require("inventory.setup", company.pk)
    row = Warehouse.objects.of(company).get(pk=pk) if pk else Warehouse(company=company)
    others = Warehouse.objects.of(company).exclude(pk=pk)
    if others.filter(code__iexact=code).exists():
        raise Refused("warehouse.code_taken", _("There is a warehouse %s already.") % code)
    row.code, row.title = code, title
    if is_default or not others.filter(is_default=True).exists():
        others.filter(is_default=True).update(is_default=False)
        row.is_default = True
    row.save()
    return row


@inside_transaction
def _book(
    company: Company, kind: StockDocument.Kind, changes: Sequence[StockChange], by: User
) -> list[StockDocument]:
    """Writes documents with their movements, entries and numbers: a fixed number of statements."""
    changes = [change for change in changes if change.lines]
    _check(company, changes)
    places = {(c.warehouse_id, line.product_id) for c in changes for line in c.lines}
    levels = stock.lock_or_open_levels(company, places)
    moved = [_apply(company, kind, change, levels) for change in changes]
    if not any(quantity for lines in moved for _id, quantity, _value in lines):
        raise Refused("stock.nothing_to_book", _("Nothing changes: the stock is as you say."))
    stock.write_levels(levels.values())
    documents = _documents(company, kind, changes, by)
    values = [sum((value for _id, _quantity, value in lines), ZERO) for lines in moved]
    entries = post(
        company,
        [
            Draft(
                Journal.OPENING if kind == Kind.OPENING else Journal.STOCK,
                document.moved_on,
                ("stock_document", document.pk, document.name),
                str(kind),
                _entry_lines(company, AGAINST[kind], value),
            )
            for document, value in zip(documents, values, strict=True)
        ],
        by=by,
    )
    stock.write_movements(
        [
            Movement(
                stock_id,
                quantity,
                value,
                document.moved_on,
                ("stock_document", document.pk, document.name),
                entry.id if entry else None,
            )
            for document, lines, entry in zip(documents, moved, entries, strict=True)
            for stock_id, quantity, value in lines
        ]
    )
    verb = "stock.adjusted" if kind == Kind.ADJUSTMENT else "stock.received"
    events.record(
        company,
        verb,
        [
            events.Fact([("stock_document", document.pk)], {"value": str(value)})
            for document, value in zip(documents, values, strict=True)
        ],
        by=by,
    )
    return documents


def _check(company: Company, changes: Sequence[StockChange]) -> None:
    """Refuses warehouses of others, products that are no goods, and impossible quantities."""
    if not changes:
        raise Refused("stock.no_lines", _("Enter at least one product and quantity."))
    warehouses = {change.warehouse_id for change in changes}
    if Warehouse.objects.of(company).filter(pk__in=warehouses).count() != len(warehouses):
        raise Refused("stock.unknown_warehouse", _("This warehouse is not known."))
    lines = [line for change in changes for line in change.lines]
    stocked = set(
        Product.objects.filter(
            pk__in={line.product_id for line in lines}, is_stocked=True
        ).values_list("pk", flat=True)
    )
    for line in lines:
        if line.product_id not in stocked:
            raise Refused("stock.not_stocked", _("One of the products is not kept in stock."))
        if line.unit_cost is not None and line.unit_cost < 0:
            raise Refused("stock.negative_cost", _("A cost cannot be negative."))


def _apply(
    company: Company,
    kind: StockDocument.Kind,
    change: StockChange,
    levels: dict[Place, Level],
) -> list[tuple[int, Decimal, Decimal]]:
    """Changes the levels in memory; returns stock row, quantity and value of each movement."""
    moved = []
    for line in change.lines:
        level = levels[change.warehouse_id, line.product_id]
        quantity = line.quantity - level.on_hand if line.is_count else line.quantity
        if quantity < 0:
            _refuse_to_take_what_is_promised(kind, level, -quantity)
        value = _value(company, line, level, quantity)
        level.change(on_hand=quantity, value=value)
        moved.append((level.id, quantity, value))
    return moved


def _value(company: Company, line: StockLine, level: Level, quantity: Decimal) -> Decimal:
    """The signed value of a change: at its own cost when it comes, at the average when it goes."""
    if quantity < 0:
        return -cost_of_issue(-quantity, level.on_hand, level.value, company.currency)
    if line.unit_cost is None:
        cost = average_cost(level.on_hand, level.value)
    else:
        cost = line.unit_cost
    return round_amount(quantity * cost, company.currency)


def _refuse_to_take_what_is_promised(
    kind: StockDocument.Kind, level: Level, quantity: Decimal
) -> None:
    if kind != Kind.ADJUSTMENT:
        raise Refused("stock.negative_quantity", _("A quantity that comes in is above zero."))
    if quantity > level.free:
        raise Refused(
            "stock.promised",
            _("Only %(free)s of %(on_hand)s are free; the rest is promised to orders.")
            % {"free": level.free.normalize(), "on_hand": level.on_hand.normalize()},
            free=level.free,
            on_hand=level.on_hand,
        )


def _documents(
    company: Company, kind: StockDocument.Kind, changes: Sequence[StockChange], by: User
) -> list[StockDocument]:
    """Writes the document rows with their numbers, in order of their days."""
    today, now = clock.today(company), clock.now()
    ids = bulk.take_ids({StockDocument: len(changes)})[StockDocument]
    days = [change.moved_on or today for change in changes]
    numbers = numbering.take(company, {(SERIES, max(days)): len(changes)})[SERIES, max(days)]
    documents = [
        StockDocument(
            id=pk,
            company=company,
            number=number,
            kind=kind,
            warehouse_id=change.warehouse_id,
            moved_on=day,
            reason=change.reason[:200],
            created_at=now,
            created_by=by,
        )
        for pk, number, change, day in zip(ids, numbers, changes, days, strict=True)
    ]
    columns = (
        "id",
        "company_id",
        "number",
        "kind",
        "warehouse_id",
        "moved_on",
        "reason",
        "created_at",
        "created_by_id",
    )
    bulk.insert(
        StockDocument, columns, [tuple(getattr(d, column) for column in columns) for d in documents]
    )
    return documents


def _entry_lines(company: Company, against: AccountRole, value: Decimal) -> list[Line]:
    """Dr INVENTORY, Cr the other account; the other way round when value goes."""
    return [
        Line(AccountRole.INVENTORY, value, company.currency, value),
        Line(against, -value, company.currency, -value),
    ]
