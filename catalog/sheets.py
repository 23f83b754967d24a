"""Articles and prices from spreadsheets: each line becomes a draft and what speaks against it."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.checks import examine_products, product_of, products_by_code
from catalog.drafts import PriceDraft, ProductDraft, checked_price
from catalog.models import PriceList, Product
from core import clock, formats
from core.models import Company
from core.money import ZERO
from core.spreadsheets import Cells, Line, parse_date, parse_number, parse_quantity, parse_yes
from core.spreadsheets.imports import Checked

LANGUAGES = [code for code, _name in settings.DOCUMENT_LANGUAGES if code != "en"]
PRODUCTS_REQUIRED = ("code", "name")
PRODUCTS_OPTIONAL = ("unit", "tax_class", "is_stocked", *(f"name_{code}" for code in LANGUAGES))
PRICES_REQUIRED = ("product", "price")
PRICES_OPTIONAL = ("from_quantity", "valid_from", "valid_to")
COLUMNS = {"names": "name", "amount": "price", "min_quantity": "from_quantity"}


def check_products(lines: Sequence[Line]) -> Checked[ProductDraft]:
    """What the lines would add, and every mistake in them."""
    cells = [Cells(line) for line in lines]
    drafts = [_product(each) for each in cells]
    checked, wrong = examine_products(drafts)
    for place, refusals in wrong.items():
        cells[place].tell(refusals, COLUMNS, "name")
    problems = [problem for each in cells for problem in each.problems]
    heads = (_("Line"), _("Article number"), _("Name"), _("Unit"), _("Tax"), _("Kept in stock"))
    rows = [
        (line.number, d.code, d.name, d.unit, d.tax_class, _("yes") if d.is_stocked else _("no"))
        for line, d in zip(lines, checked, strict=True)
    ]
    return Checked(drafts, problems, heads, rows)


def _product(cells: Cells) -> ProductDraft:
    line = cells.line
    stocked = cells.read_if_any("is_stocked", parse_yes, True)
    names = {code: line[f"name_{code}"] for code in LANGUAGES}
    unit = line["unit"] or "C62"
    return ProductDraft(line["code"], line["name"], unit, line["tax_class"], stocked, names)


def check_prices(price_list: PriceList, lines: Sequence[Line], today: date) -> Checked[PriceDraft]:
    """What the lines would set in a list, and every mistake in them."""
    known = products_by_code([line["product"] for line in lines])
    cells = [Cells(line) for line in lines]
    drafts = [_price(each, known, today) for each in cells]
    seen: dict[object, int] = {}
    for each, draft in zip(cells, drafts, strict=True):
        number = each.line.number
        if draft.product_id and seen.setdefault(draft.key, number) != number:
            rule = _("Line %(line)d sets a price for the same quantity and day. Remove one.")
            each.wrong("product", rule % {"line": seen[draft.key]})
        each.tell(checked_price(draft), COLUMNS, "price")
    problems = [problem for each in cells for problem in each.problems]
    heads = (_("Line"), _("Product"), _("From"), _("Price"), _("Valid from"), _("Valid to"))
    rows = [
        (
            line.number, line["product"], formats.quantity(d.min_quantity),
            f"{d.amount:f} {price_list.currency}", d.valid_from, d.valid_to or "",
        )
        for line, d in zip(lines, drafts, strict=True)
    ]  # fmt: skip
    return Checked(drafts, problems, heads, rows)


def _price(cells: Cells, known: Mapping[str, Product], today: date) -> PriceDraft:
    product = cells.read("product", lambda code: product_of(code, known), None)
    amount = cells.read("price", lambda text: parse_number(text, places=8), ZERO)
    least = cells.read_if_any("from_quantity", parse_quantity, ZERO)
    first = cells.read_if_any("valid_from", parse_date, today)
    last = cells.read_if_any("valid_to", parse_date, None)
    return PriceDraft(product.pk if product else 0, amount, first, least, last)


def example_products(company: Company) -> list[dict[str, str]]:
    """Two articles that nobody has, with a unit and a tax that the company knows."""
    tax = Product.objects.exclude(tax_class="").values_list("tax_class", flat=True).first()
    codes = [f"EXAMPLE-{clock.now():%y%m%d%H%M%S}-{n}" for n in (1, 2)]
    return [
        {"code": code, "name": name, "unit": "C62", "tax_class": tax or "standard",
         "is_stocked": "yes"}
        for code, name in zip(codes, ("Example hammer", "Example chisel"), strict=True)
    ]  # fmt: skip


def example_prices(price_list: PriceList) -> list[dict[str, str]]:
    """Prices of articles there are, from ten pieces on a little lower."""
    codes = Product.objects.filter(archived_at=None).order_by("code").values_list("code", flat=True)
    steps = (("0", "25.00"), ("10", "22.50"))
    return [
        {"product": code, "price": price, "from_quantity": least}
        for code in codes[:2]
        for least, price in steps
    ]
