"""Orders from a spreadsheet: each line is read, and all that speaks against it is said at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.checks import products_by_code
from catalog.models import Product
from catalog.quote import find_prices
from core import clock, formats
from core.models import Company
from core.money import ZERO
from core.spreadsheets import Cells, Figure, Line, Problem, parse_date, parse_number
from core.spreadsheets.imports import Checked
from inventory.models import Warehouse
from orders.checks import orders_under
from orders.drafts import DraftLine, OrderDraft, reference_key, wanted_problem
from orders.entering import MOST_LINES, line_problems
from partners.models import Customer
from users.models import User

REQUIRED = ("customer", "product", "quantity")
OPTIONAL = ("customer_reference", "price", "discount", "requested_on", "note")
COLUMNS = {"unit_price": "price", "discount_percent": "discount"}  # of a draft's fields
NO_DIGITS = 6  # a unit's decimals where the product is not known


@dataclass(frozen=True)
class SheetLine:
    """A line that was understood: whose order it belongs to, and what it orders."""

    number: int
    customer_id: int
    customer_reference: str
    line: DraftLine
    requested_on: date | None
    note: str

    @property
    def order(self) -> tuple[int, str]:
        """What lines of one order share."""
        return self.customer_id, reference_key(self.customer_reference)


@dataclass(frozen=True)
class Buyer:
    id: int
    name: str
    currency: str


@dataclass
class Read:
    """One line with what it names, or with what is wrong with it."""

    line: Line
    buyer: Buyer | None = None
    article: Product | None = None
    said: SheetLine | None = None


def check_orders(company: Company, lines: Sequence[Line], by: User) -> Checked[SheetLine]:
    """What the lines would order, and every mistake in them, with a fixed number of statements."""
    buyers = _buyers(company, {line["customer"] for line in lines}, by)
    articles = products_by_code(line["product"] for line in lines)
    problems: list[Problem] = []
    today = clock.today(company)
    read = [_read(Cells(line), buyers, articles, today, problems) for line in lines]
    good = [row for row in read if row.said]
    problems += _without_price(company, good)
    problems += _at_odds([row.said for row in good if row.said])
    if not Warehouse.objects.of(company).filter(is_default=True).exists():
        text = _("The company has no warehouse yet. Add one under Stock.")
        problems.append(Problem(lines[0].number, "product", "", text))
    heads = (_("Line"), _("Customer"), _("Customer's order number"), _("Product"), _("Quantity"),
             _("Price"), _("Discount"))  # fmt: skip
    said = [row.said for row in good if row.said]
    return Checked(said, sorted(problems), heads, [_shown(row) for row in good])


def orders_of(lines: Iterable[SheetLine]) -> list[OrderDraft]:
    """The lines put together: one order for each customer and order number, in their order."""
    groups: dict[tuple[int, str], list[SheetLine]] = {}
    for line in lines:
        groups.setdefault(line.order, []).append(line)
    return [
        OrderDraft(
            customer_id=group[0].customer_id,
            lines=[line.line for line in group],
            customer_reference=group[0].customer_reference,
            requested_on=next((line.requested_on for line in group if line.requested_on), None),
            note="\n".join(dict.fromkeys(line.note for line in group if line.note)),
        )
        for group in groups.values()
    ]


def _buyers(company: Company, numbers: set[str], by: User) -> dict[str, Buyer]:
    rows = Customer.objects.visible_to(by).filter(company=company, archived_at=None)
    found = rows.annotate(upper=Upper("number")).filter(upper__in={n.upper() for n in numbers})
    known: Iterable[Any] = found.values_list("upper", "pk", "partner__name", "currency")
    return {upper: Buyer(*rest) for upper, *rest in known}


def _read(
    cells: Cells,
    buyers: Mapping[str, Buyer],
    articles: Mapping[str, Product],
    today: date,
    problems: list[Problem],
) -> Read:
    """One line as a draft; everything wrong with it goes to `problems`."""
    line = cells.line
    row = Read(line, buyers.get(line["customer"].upper()), articles.get(line["product"]))
    if row.buyer is None:
        cells.wrong("customer", _("No customer of yours has this number."))
    if row.article is None:
        cells.wrong("product", _("There is no such product."))
    if len(line["customer_reference"]) > 60:
        cells.wrong("customer_reference", _("At most 60 characters."))
    draft = _draft_line(cells, row.article)
    requested_on = cells.read_if_any("requested_on", parse_date, None)
    if problem := wanted_problem(requested_on, today):
        cells.wrong("requested_on", problem)
    problems += cells.problems
    if draft and row.buyer and not cells.problems:
        row.said = SheetLine(
            line.number,
            row.buyer.id,
            line["customer_reference"],
            draft,
            requested_on,
            line["note"],
        )
    return row


def _draft_line(cells: Cells, article: Product | None) -> DraftLine | None:
    quantity = cells.read_if_any("quantity", lambda text: parse_number(text, places=6), None)
    price = cells.read_if_any("price", lambda text: parse_number(text, places=8), None)
    discount = cells.read_if_any("discount", _percent, None)
    if not cells.line["quantity"]:
        cells.wrong("quantity", _("The quantity is missing."))
    if quantity is None:
        return None
    draft = DraftLine(article.pk if article else 0, quantity, price, discount or ZERO)
    problems = line_problems(draft, article.unit.digits if article else NO_DIGITS)
    for field, text in problems.items():
        cells.wrong(COLUMNS.get(field, field), text)
    return draft


def _percent(text: str) -> Decimal:
    bare = text.rstrip("% ")
    return parse_number(Figure(bare) if isinstance(text, Figure) else bare, places=4)


def _without_price(company: Company, rows: Sequence[Read]) -> list[Problem]:
    """Lines without a price of their own whose product is in no list of the customer."""
    wanting = [row for row in rows if row.said and row.said.line.unit_price is None]
    today = clock.today(company)
    prices = find_prices(
        company,
        [
            (row.buyer.id, row.buyer.currency, row.article.pk, row.said.line.quantity, today)
            for row in wanting
            if row.buyer and row.article and row.said
        ],
    )
    return [
        Problem(
            row.line.number,
            "price",
            "",
            _("No price list has %(product)s in %(currency)s. Write a price.")
            % {"product": row.line["product"], "currency": row.buyer.currency},
        )
        for row, price in zip(wanting, prices, strict=True)
        if price is None and row.buyer
    ]


def _at_odds(lines: Sequence[SheetLine]) -> list[Problem]:
    """Orders that are here already, lines of one order that contradict, orders too long."""
    known = orders_under({line.order for line in lines if line.order[1]})
    problems, days, counts = [], dict[tuple[int, str], date](), dict[tuple[int, str], int]()
    for line in lines:
        counts[line.order] = counts.get(line.order, 0) + 1
        if counts[line.order] == 1 and known.get(line.order):
            text = _("This order number of the customer is here already, as %(order)s.")
            words = text % {"order": next(iter(known[line.order].values()))}
            problems.append(
                Problem(line.number, "customer_reference", line.customer_reference, words)
            )
        if line.requested_on and days.setdefault(line.order, line.requested_on) != (
            line.requested_on
        ):
            text = _("The lines of one order want different days. Split the order.")
            problems.append(Problem(line.number, "requested_on", str(line.requested_on), text))
        if counts[line.order] == MOST_LINES + 1:
            text = _("An order has at most %s lines.") % MOST_LINES
            problems.append(
                Problem(line.number, "customer_reference", line.customer_reference, text)
            )
    return problems


def _shown(row: Read) -> tuple[object, ...]:
    return (
        row.line.number,
        row.buyer.name if row.buyer else "",
        row.line["customer_reference"],
        f"{row.line['product']} {row.article.name if row.article else ''}",
        row.line["quantity"],
        *_agreed(row),
    )


def _agreed(row: Read) -> tuple[str, str]:
    """Price and discount as they were understood."""
    if not (row.said and row.buyer):
        return "", ""
    price, discount = row.said.line.unit_price, row.said.line.discount_percent
    money = row.buyer.currency
    return (
        _("list") if price is None else f"{formats.price(price, money)} {money}",
        f"{formats.quantity(discount)} %" if discount else "",
    )


def example_orders(company: Company, by: User) -> list[dict[str, str]]:
    """An order of one of the reader's customers for articles that the customer has a price of."""
    mine = Customer.objects.visible_to(by).filter(company=company, archived_at=None)
    buyer = mine.filter(currency=company.currency).order_by("number").first()
    if buyer is None:
        return []
    today = clock.today(company)
    articles = list(Product.objects.filter(archived_at=None).order_by("code")[:20])
    asked = [(buyer.pk, buyer.currency, article.pk, Decimal(5), today) for article in articles]
    priced = zip(articles, find_prices(company, asked), strict=True)
    reference = f"EXAMPLE-{clock.now():%y%m%d%H%M%S}"
    return [
        {"customer": buyer.number, "product": article.code, "quantity": "5",
         "customer_reference": reference}
        for article, price in priced
        if price is not None
    ][:2]  # fmt: skip
