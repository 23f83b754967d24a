"""Writing drafts: what the customer wants, before it binds anyone. Steps of several deeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.quote import find_prices
from core import bulk, clock, events
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from inventory.models import Warehouse
from ledger.tax import net_of_line
from orders import amounts
from orders.drafts import DraftLine, OrderDraft, reference_key, wanted_problem
from orders.models import Order, OrderLine
from partners.models import Address, Customer
from users.models import User

MOST_LINES = 1000
MOST = Decimal(10) ** 12  # a quantity or price beyond this is a slip of the keyboard


@dataclass(frozen=True)
class Buyer:
    """What a draft takes from its customer and the company."""

    currency: str
    payment_terms_id: int
    language: str
    partner_id: int
    warehouse_id: int | None


@dataclass(frozen=True)
class Article:
    """What a draft line takes from its product."""

    code: str
    name: str
    names: Mapping[str, str]
    digits: int


ORDER_COLUMNS = (
    "customer_id",
    "customer_reference",
    "reference_key",
    "channel",
    "ordered_on",
    "requested_on",
    "currency",
    "payment_terms_id",
    "warehouse_id",
    "ship_to_id",
    "note",
    "net",
)
LINE_COLUMNS = (
    "order_id",
    "position",
    "product_id",
    "description",
    "quantity",
    "unit_price",
    "own_price",
    "discount_percent",
    "list_price",
    "net",
)


@inside_transaction
def enter(company: Company, drafts: Sequence[OrderDraft], by: User) -> list[Order]:
    """Writes drafts with the event of each; a fixed number of statements."""
    if not drafts:
        return []
    orders, lines = _write(company, drafts, by)
    events.record(
        company,
        "order.entered",
        [
            events.Fact([("order", order.pk), ("customer", order.customer_id)], {"lines": n})
            for order, n in zip(orders, lines, strict=True)
        ],
        by=by,
    )
    return orders


@inside_transaction
def _write(
    company: Company, drafts: Sequence[OrderDraft], by: User
) -> tuple[list[Order], list[int]]:
    """Writes order and line rows; returns the orders and how many lines each has."""
    buyers, articles = look_up(company, drafts, by)
    ids = bulk.take_ids({Order: len(drafts)})[Order]
    orders, lines = rows_of(company, drafts, ids, buyers, articles)
    now = clock.now()
    columns = ("id", "company_id", "created_at", "created_by_id", "edited_by_id", *ORDER_COLUMNS)
    said = zip(ids, orders, strict=True)
    rows = [(pk, company.pk, now, by.pk, by.pk, *values) for pk, values in said]
    bulk.insert(Order, columns, rows)
    bulk.insert(OrderLine, LINE_COLUMNS, [line for group in lines for line in group])
    written = [Order(**dict(zip(columns, row, strict=True))) for row in rows]
    return written, [len(group) for group in lines]


def look_up(
    company: Company, drafts: Sequence[OrderDraft], by: User
) -> tuple[dict[int, Buyer], dict[int, Article]]:
    """Reads what the drafts name, and refuses what is not known here."""
    buyers = _buyers(company, {draft.customer_id for draft in drafts}, by)
    articles = _articles({line.product_id for draft in drafts for line in draft.lines})
    _check_places(company, drafts, buyers)
    today = clock.today(company)
    for draft in drafts:
        _check_lines(draft, articles)
        if problem := wanted_problem(draft.requested_on, draft.ordered_on or today):
            raise Refused("order.wanted_on", problem, field="requested_on")
    return buyers, articles


def _buyers(company: Company, ids: set[int], by: User) -> dict[int, Buyer]:
    default = Warehouse.objects.filter(company=OuterRef("company"), is_default=True)
    rows = (
        Customer.objects.visible_to(by)
        .filter(company=company, pk__in=ids, archived_at=None)
        .annotate(default_warehouse=Subquery(default.values("pk")[:1]))
        .values_list(
            "pk",
            "currency",
            "payment_terms_id",
            "partner__language",
            "partner_id",
            "default_warehouse",
        )
    )
    buyers = {pk: Buyer(*rest) for pk, *rest in rows}
    if len(buyers) < len(ids):
        raise Refused(
            "order.unknown_customer", _("The customer is not known, archived, or not yours.")
        )
    return buyers


def _articles(ids: set[int]) -> dict[int, Article]:
    rows = Product.objects.filter(pk__in=ids, archived_at=None).values_list(
        "pk", "code", "name", "names", "unit__digits"
    )
    articles = {pk: Article(*rest) for pk, *rest in rows}
    if len(articles) < len(ids):
        raise Refused("order.unknown_product", _("One of the products is not known or archived."))
    return articles


def _check_places(
    company: Company, drafts: Sequence[OrderDraft], buyers: Mapping[int, Buyer]
) -> None:
    """Warehouses and addresses of others are refused; asked for only when a draft names one."""
    warehouses = {draft.warehouse_id for draft in drafts if draft.warehouse_id}
    if warehouses and Warehouse.objects.of(company).filter(
        pk__in=warehouses, archived_at=None
    ).count() < len(warehouses):
        raise Refused("order.unknown_warehouse", _("The warehouse is not known here."))
    for draft in drafts:
        if not (draft.warehouse_id or buyers[draft.customer_id].warehouse_id):
            raise Refused(
                "order.no_warehouse", _("The company has no warehouse yet. Add one under Stock.")
            )
    addresses = {draft.ship_to_id for draft in drafts if draft.ship_to_id}
    owners = dict(
        Address.objects.filter(pk__in=addresses, archived_at=None).values_list("pk", "partner_id")
        if addresses
        else ()
    )
    for draft in drafts:
        partner = buyers[draft.customer_id].partner_id
        if draft.ship_to_id and owners.get(draft.ship_to_id) != partner:
            raise Refused("order.unknown_address", _("The address is not one of the customer's."))


def _check_lines(draft: OrderDraft, articles: Mapping[int, Article]) -> None:
    if not draft.lines:
        raise Refused("order.no_lines", _("Enter at least one product and quantity."))
    if len(draft.lines) > MOST_LINES:
        raise Refused(
            "order.too_many_lines",
            _("An order has at most %s lines.") % MOST_LINES,
            most=MOST_LINES,
        )
    for position, line in enumerate(draft.lines, 1):
        for field, problem in line_problems(line, articles[line.product_id].digits).items():
            words = _("Line %(line)s: %(problem)s") % {"line": position, "problem": problem}
            raise Refused("order.bad_line", words, line=position, field=field)


def line_problems(line: DraftLine, digits: int) -> dict[str, str]:
    """What is wrong with the figures of a line, by field; nothing for a good one."""
    found = {}
    price = line.unit_price or ZERO
    if not ZERO < line.quantity < MOST:
        found["quantity"] = _("The quantity must be above zero and believable.")
    elif line.quantity != round(line.quantity, digits):
        parts = _("This product is sold with at most %s decimals.") % digits
        whole = _("This product is sold in whole pieces only.")
        found["quantity"] = parts if digits else whole
    if not ZERO <= price < MOST:
        found["unit_price"] = _("The price must not be negative, and believable.")
    elif not found and line.quantity * price >= amounts.MOST:
        words = _("Quantity × price must stay below %s. Compare both.")
        found["unit_price"] = words % f"{amounts.MOST:,f}"
    if not ZERO <= line.discount_percent <= 100:
        found["discount_percent"] = _("The discount must be between 0 and 100 percent.")
    return found


Row = tuple[object, ...]


def rows_of(
    company: Company,
    drafts: Sequence[OrderDraft],
    ids: Sequence[int],
    buyers: Mapping[int, Buyer],
    articles: Mapping[int, Article],
) -> tuple[list[Row], list[list[Row]]]:
    """The values of the orders and of their lines, with the prices the lists say now."""
    today = clock.today(company)
    prices = iter(_list_prices(company, drafts, buyers, today))
    orders, lines = [], []
    for pk, draft in zip(ids, drafts, strict=True):
        buyer = buyers[draft.customer_id]
        priced = [(line, next(prices)) for line in draft.lines]
        nets = [_net(line, price, buyer) for line, price in priced]
        lines.append(
            [
                (pk, position, *_line_row(line, price, buyer, articles[line.product_id]), net)
                for position, ((line, price), net) in enumerate(zip(priced, nets, strict=True), 1)
            ]
        )
        net = sum(nets, ZERO)
        amounts.refuse_too_large(net)
        orders.append(_order_row(draft, buyer, today, net))
    return orders, lines


def _list_prices(
    company: Company,
    drafts: Iterable[OrderDraft],
    buyers: Mapping[int, Buyer],
    today: date,
) -> list[Decimal | None]:
    return find_prices(
        company,
        [
            (
                draft.customer_id,
                buyers[draft.customer_id].currency,
                line.product_id,
                line.quantity,
                draft.ordered_on or today,
            )
            for draft in drafts
            for line in draft.lines
        ],
    )


def _order_row(draft: OrderDraft, buyer: Buyer, today: date, net: Decimal) -> Row:
    return (
        draft.customer_id,
        draft.customer_reference.strip()[:60],
        reference_key(draft.customer_reference)[:60],
        draft.channel,
        draft.ordered_on or today,
        draft.requested_on,
        buyer.currency,
        buyer.payment_terms_id,
        draft.warehouse_id or buyer.warehouse_id,
        draft.ship_to_id,
        draft.note,
        net,
    )


def _line_row(line: DraftLine, list_price: Decimal | None, buyer: Buyer, article: Article) -> Row:
    return (
        line.product_id,
        article.names.get(buyer.language, article.name),
        line.quantity,
        _price(line, list_price),
        line.unit_price is not None,
        line.discount_percent,
        list_price,
    )


def _price(line: DraftLine, list_price: Decimal | None) -> Decimal:
    """The price of its own, or that of the list; zero as long as there is neither."""
    return line.unit_price if line.unit_price is not None else list_price or ZERO


def _net(line: DraftLine, list_price: Decimal | None, buyer: Buyer) -> Decimal:
    return net_of_line(
        line.quantity, _price(line, list_price), line.discount_percent, buyer.currency
    )
