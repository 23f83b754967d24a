"""Opening stock from a spreadsheet: each line is read, all that speaks against it said at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.checks import products_by_code
from catalog.models import Product
from core.models import Company
from core.spreadsheets import Cells, Line, Problem, parse_number
from core.spreadsheets.imports import Checked
from inventory.booking import MOST
from inventory.drafts import StockChange, StockLine
from inventory.models import Move, Warehouse

REQUIRED = ("product", "quantity", "unit_cost")
OPTIONAL = ("warehouse",)


@dataclass(frozen=True)
class SheetLine:
    """A line that was understood."""

    warehouse_id: int
    line: StockLine


@dataclass(frozen=True)
class Known:
    """What the lines name, as the books have it: articles, places, and places with stock."""

    articles: dict[str, Product]
    warehouses: dict[str, int]
    default: int | None
    moved: set[tuple[int, int]]


def check_stock(company: Company, lines: Sequence[Line]) -> Checked[SheetLine]:
    """What the lines would take over, and every mistake, with a fixed number of statements."""
    known = _known(company, lines)
    problems: list[Problem] = []
    said: list[SheetLine] = []
    rows: list[Sequence[object]] = []
    seen: set[tuple[int, int]] = set()
    for line in lines:
        cells = Cells(line)
        read = _read(cells, known)
        if read and (read.warehouse_id, read.line.product_id) in seen:
            cells.wrong("product", _("This product stands above already. Add the lines up."))
        problems += cells.problems
        if read and not cells.problems:
            seen.add((read.warehouse_id, read.line.product_id))
            said.append(read)
            article = known.articles[line["product"]].name
            rows.append((line.number, line["product"], article, line["quantity"],
                         line["unit_cost"], line["warehouse"] or _("default")))  # fmt: skip
    heads = (_("Line"), _("Product"), _("Name"), _("Quantity"), _("Cost"), _("Warehouse"))
    return Checked(said, problems, heads, rows)


def changes_of(lines: Iterable[SheetLine], on: date) -> list[StockChange]:
    """The lines put together: one document for each warehouse."""
    by_place: dict[int, list[StockLine]] = {}
    for line in lines:
        by_place.setdefault(line.warehouse_id, []).append(line.line)
    return [StockChange(place, group, moved_on=on) for place, group in by_place.items()]


def _known(company: Company, lines: Sequence[Line]) -> Known:
    found = products_by_code(line["product"] for line in lines)
    articles = {code: row for code, row in found.items() if row.is_stocked}
    places = list(Warehouse.objects.of(company).filter(archived_at=None))
    moved = Move.objects.filter(stock__company=company, stock__product__in=set(articles.values()))
    return Known(
        articles,
        {place.code.upper(): place.pk for place in places},
        next((place.pk for place in places if place.is_default), None),
        set(moved.values_list("stock__warehouse_id", "stock__product_id").distinct()),
    )


def _read(cells: Cells, known: Known) -> SheetLine | None:
    """One line, or what is wrong with it."""
    line = cells.line
    article = known.articles.get(line["product"])
    if article is None:
        cells.wrong("product", _("There is no such product that is kept in stock."))
    code = line["warehouse"].upper()
    place = known.warehouses.get(code) if code else known.default
    if place is None:
        cells.wrong("warehouse", _("There is no such warehouse."))
    quantity = _figure(cells, "quantity", 6, lambda value: value > 0)
    cost = _figure(cells, "unit_cost", 8, lambda value: value >= 0)
    if quantity is not None and article and quantity != round(quantity, article.unit.digits):
        text = _("This product is counted with at most %s decimals.") % article.unit.digits
        cells.wrong("quantity", text)
    if article and place and (place, article.pk) in known.moved:
        text = _("This product has moved here already. Adjust its stock instead.")
        cells.wrong("product", text)
    if article is None or place is None or quantity is None or cost is None:
        return None
    return SheetLine(place, StockLine(article.pk, quantity, cost))


def _figure(
    cells: Cells, column: str, places: int, is_good: Callable[[Decimal], bool]
) -> Decimal | None:
    """The number in a cell, or None and a problem more."""
    if not cells.line[column]:
        cells.wrong(column, _("A figure is missing here."))
        return None
    value = cells.read(column, lambda text: parse_number(text, places=places), None)
    if value is None or (is_good(value) and value < MOST):
        return value
    cells.wrong(column, _("The figure must be above zero, and believable."))
    return None


def example_stock(company: Company) -> list[dict[str, str]]:
    """Articles that have never moved in a warehouse; none where all have moved everywhere."""
    rows = Product.objects.filter(archived_at=None, is_stocked=True).order_by("code")
    places = Warehouse.objects.of(company).filter(archived_at=None).order_by("-is_default", "code")
    found = [
        {"product": code, "quantity": "40", "unit_cost": "10.10", "warehouse": place.code}
        for place in places
        for code in rows.exclude(
            pk__in=Move.objects.filter(stock__warehouse=place).values("stock__product")
        ).values_list("code", flat=True)[:2]
    ]
    return list(found[:2])
