"""Stock documents: rows, movements, numbers and entries of goods that came or were counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Product
from core import bulk, clock, events, formats, numbering
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO, round_amount
from core.refusals import NeedsConfirmation, Refused
from inventory import stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Move, StockDocument, Warehouse
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
VERBS = {
    Kind.RECEIPT: "stock.received",
    Kind.ADJUSTMENT: "stock.adjusted",
    Kind.OPENING: "stock.taken_over",
}
SERIES = "stock_document"
MOST_NAMED = 3
FAR = 10  # times the average, or a part of it: beyond this a cost is asked about
MOST = Decimal(10) ** 12  # a quantity or cost beyond this is a slip of the keyboard
MOST_VALUE = Decimal(10) ** 15  # and a value from here on fits no column
COLUMNS = (
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


@dataclass(frozen=True)
class Moved:
    """A line of a document as it was booked: quantity and value signed."""

    stock_id: int
    quantity: Decimal
    value: Decimal


@inside_transaction
def book(
    company: Company,
    kind: StockDocument.Kind,
    changes: Sequence[StockChange],
    by: User,
    *,
    confirmed: bool = False,
) -> list[StockDocument]:
    """Books documents of one kind with a fixed number of statements, for any number of lines.

    Dr INVENTORY, Cr the account of the kind; the other way round where value goes.
    """
    _check(company, changes)
    places = {(c.warehouse_id, line.product_id) for c in changes for line in c.lines}
    levels = stock.lock_or_open_levels(company, places)
    if kind == Kind.OPENING:
        _refuse_moved(levels)
    if not confirmed:
        _ask_about_costs(company, changes, levels)
    moved = [_apply(company, kind, change, levels) for change in changes]
    if not any(line.quantity for lines in moved for line in lines):
        raise Refused("stock.nothing_to_book", _("Nothing changes: the stock is as you say."))
    stock.write_levels(levels.values())
    documents = _write_documents(company, kind, changes, by)
    values = [sum((line.value for line in lines), ZERO) for lines in moved]
    drafts = [_entry(company, d, value) for d, value in zip(documents, values, strict=True)]
    stock.write_movements(
        [
            Movement(line.stock_id, line.quantity, line.value, document.moved_on, _source(document))
            for document, lines in zip(documents, moved, strict=True)
            for line in lines
        ]
    )
    post(company, drafts, by=by)
    _record(company, VERBS[kind], dict(zip(documents, values, strict=True)), by)
    return documents


def _check(company: Company, changes: Sequence[StockChange]) -> None:
    """Refuses warehouses of others, products that are no goods, and impossible figures."""
    if not changes or not all(change.lines for change in changes):
        raise Refused("stock.no_lines", _("Enter at least one product and quantity."))
    warehouses = {change.warehouse_id for change in changes}
    known = Warehouse.objects.of(company).filter(pk__in=warehouses, archived_at=None)
    if known.count() < len(warehouses):
        raise Refused("stock.unknown_warehouse", _("This warehouse is not known."))
    lines = [line for change in changes for line in change.lines]
    wanted = {line.product_id for line in lines}
    goods = Product.objects.filter(pk__in=wanted, is_stocked=True).select_related("unit")
    products = {product.pk: product for product in goods}
    if len(products) < len(wanted):
        raise Refused("stock.not_stocked", _("One of the products is not kept in stock."))
    for place, line in enumerate(lines):
        _check_line(products[line.product_id], line, place)
    for change in changes:
        _check_counted_once(change, products)


def _check_line(product: Product, line: StockLine, place: int) -> None:
    """Refuses figures that cannot be meant; names the line and its field."""
    quantity, cost, digits = line.quantity, line.unit_cost or ZERO, product.unit.digits
    said = {"code": product.code, "digits": digits}
    if abs(quantity) >= MOST:
        rule = _("The quantity of %(code)s is not believable.")
        raise Refused("stock.unbelievable", rule % said, line=place, field="quantity")
    if not ZERO <= cost < MOST:
        rule = _("The cost of %(code)s must not be negative, and believable.")
        raise Refused("stock.unbelievable", rule % said, line=place, field="unit_cost")
    if quantity != round(quantity, digits):
        rule = _("%(code)s is counted with at most %(digits)d decimals, not %(quantity)s.")
        said["quantity"] = f"{quantity.normalize():f}"
        raise Refused("stock.digits", rule % said, line=place, field="quantity")


def _check_counted_once(change: StockChange, products: Mapping[int, Product]) -> None:
    """What comes in twice adds up; of two counts nobody knows which one is true."""
    counted = Counter(line.product_id for line in change.lines if line.is_count)
    for pk, times in counted.most_common(1):
        if times > 1:
            rule = _("%(code)s is counted twice. Add the counts up in one line.")
            raise Refused("stock.counted_twice", rule % {"code": products[pk].code})


def _refuse_moved(levels: Mapping[Place, Level]) -> None:
    """Opening stock is what lay there before the first movement; asked under the lock."""
    moved = Move.objects.filter(stock__in=[level.id for level in levels.values()])
    first = moved.select_related("stock__product").first()
    if first:
        rule = _("%(code)s has moved here already. Adjust its stock instead.")
        raise Refused("stock.moved_already", rule % {"code": first.stock.product.code})


def _ask_about_costs(
    company: Company, changes: Sequence[StockChange], levels: Mapping[Place, Level]
) -> None:
    """A cost far from what the goods there cost is mostly the cost of all of them, or a slip."""
    lines = [(levels[change.warehouse_id, line.product_id], line)
             for change in changes for line in change.lines]  # fmt: skip
    far = [(place, *found) for place, found in enumerate(lines, 1) if _is_far(*found)]
    if not far:
        return
    codes = Product.objects.in_bulk([line.product_id for _n, _level, line in far])
    rule = _("Line %(line)d: %(quantity)s of %(code)s at %(cost)s each, but those on hand cost "
             "%(average)s each on average.")  # fmt: skip
    said = []
    for place, level, line in far[:MOST_NAMED]:
        average = round_amount(average_cost(level.on_hand, level.value), company.currency)
        words = {
            "line": place,
            "quantity": formats.quantity(line.quantity),
            "code": codes[line.product_id].code,
            "cost": formats.price(line.unit_cost or ZERO, company.currency, code=True),
            "average": formats.price(average, company.currency, code=True),
        }
        said.append(rule % words)
    if len(far) > MOST_NAMED:
        said.append(_("And %(n)d more lines.") % {"n": len(far) - MOST_NAMED})
    ask = _("The cost is that of one piece, not of all of them. Is it right?")
    raise NeedsConfirmation("stock.far_cost", " ".join([*said, ask]))


def _is_far(level: Level, line: StockLine) -> bool:
    """Whether goods come in at more than ten times, or less than a tenth, of their average."""
    comes = line.quantity > (level.on_hand if line.is_count else 0)
    if line.unit_cost is None or not comes or not level.value:
        return False
    average = average_cost(level.on_hand, level.value)
    return not average / FAR <= line.unit_cost <= average * FAR


def _apply(
    company: Company,
    kind: StockDocument.Kind,
    change: StockChange,
    levels: Mapping[Place, Level],
) -> list[Moved]:
    """Changes the locked rows in memory, line by line."""
    moved, booked = [], ZERO
    for line in change.lines:
        level = levels[change.warehouse_id, line.product_id]
        quantity = line.quantity - level.on_hand if line.is_count else line.quantity
        if quantity < 0:
            _check_goes(kind, level, -quantity)
        value = _value(company, line, level, quantity)
        level.change(on_hand=quantity, value=value)
        moved.append(Moved(level.id, quantity, value))
        booked += value
        if level.on_hand >= MOST or max(level.value, abs(booked)) >= MOST_VALUE:
            rule = _("Quantity × cost comes to %(most)s or more. Compare both.")
            raise Refused("stock.unbelievable", rule % {"most": f"{MOST_VALUE:,f}"})
    return moved


def _value(company: Company, line: StockLine, level: Level, quantity: Decimal) -> Decimal:
    """The signed value of a change: at its own cost when it comes, at the average when it goes."""
    if quantity < 0:
        return -cost_of_issue(-quantity, level.on_hand, level.value, company.currency)
    cost = line.unit_cost
    if cost is None and quantity and not level.on_hand:
        rule = _("Nothing of %(code)s is on hand whose average could count. Enter its cost.")
        code = Product.objects.get(pk=line.product_id).code
        raise Refused("stock.no_cost", rule % {"code": code})
    if cost is None:
        cost = average_cost(level.on_hand, level.value)
    return round_amount(quantity * cost, company.currency)


def _check_goes(kind: StockDocument.Kind, level: Level, quantity: Decimal) -> None:
    """Goods go by adjustment only, and only what is not promised to an order."""
    if kind != Kind.ADJUSTMENT:
        raise Refused("stock.negative_quantity", _("A quantity that comes in is above zero."))
    if quantity > level.free:
        raise Refused(
            "stock.promised",
            _("Only %(free)s of %(on_hand)s are free; the rest is promised to orders.")
            % {"free": f"{level.free.normalize():f}", "on_hand": f"{level.on_hand.normalize():f}"},
            free=level.free,
            on_hand=level.on_hand,
        )


def _write_documents(
    company: Company, kind: StockDocument.Kind, changes: Sequence[StockChange], by: User
) -> list[StockDocument]:
    """Writes the document rows with their numbers."""
    today, now = clock.today(company), clock.now()
    ids = bulk.take_ids({StockDocument: len(changes)})[StockDocument]
    numbers = numbering.take(company, {(SERIES, today): len(changes)})[SERIES, today]
    rows = [
        (
            pk,
            company.pk,
            number,
            kind.value,
            change.warehouse_id,
            change.moved_on or today,
            change.reason.strip()[:200],
            now,
            by.pk,
        )
        for pk, number, change in zip(ids, numbers, changes, strict=True)
    ]
    bulk.insert(StockDocument, COLUMNS, rows)
    return [StockDocument(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _source(document: StockDocument) -> tuple[str, int, str]:
    return ("stock_document", document.pk, document.name)


def _entry(company: Company, document: StockDocument, value: Decimal) -> Draft:
    kind = Kind(document.kind)
    return Draft(
        Journal.OPENING if kind == Kind.OPENING else Journal.STOCK,
        document.moved_on,
        _source(document),
        kind.value,
        [
            Line(AccountRole.INVENTORY, value, company.currency, value),
            Line(AGAINST[kind], -value, company.currency, -value),
        ],
        document.reason,
    )


def _record(company: Company, verb: str, values: Mapping[StockDocument, Decimal], by: User) -> None:
    events.record(
        company,
        verb,
        [
            events.Fact([("stock_document", document.pk)], {"value": str(value)})
            for document, value in values.items()
        ],
        by=by,
    )
