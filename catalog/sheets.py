"""Articles and prices from spreadsheets: each line becomes a draft and what speaks against it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.checks import examine_products, product_of, products_by_code
from catalog.drafts import PriceDraft, ProductDraft, checked_price
from catalog.models import PriceList, Product
from core import formats
from core.money import ZERO
from core.refusals import Refused
from core.spreadsheets import Line, parse_date, parse_number, parse_quantity
from core.spreadsheets.imports import Checked, Problem
from partners.drafts import Findings
from partners.sheets import yes_or_no

LANGUAGES = [code for code, _name in settings.DOCUMENT_LANGUAGES if code != "en"]
PRODUCTS_REQUIRED = ("code", "name")
PRODUCTS_OPTIONAL = ("unit", "tax_class", "is_stocked", *(f"name_{code}" for code in LANGUAGES))
PRICES_REQUIRED = ("product", "price")
PRICES_OPTIONAL = ("from_quantity", "valid_from", "valid_to")
COLUMNS = {"names": "name", "amount": "price", "min_quantity": "from_quantity"}


def check_products(lines: Sequence[Line]) -> Checked[ProductDraft]:
    """What the lines would add, and every mistake in them."""
    read = [_product(line) for line in lines]
    checked, wrong = examine_products([draft for draft, _found in read])
    problems = [
        _problem(line, refusal)
        for place, line in enumerate(lines)
        for refusal in (*read[place][1], *wrong.get(place, ()))
    ]
    heads = (_("Line"), _("Article number"), _("Name"), _("Unit"), _("Tax"), _("Kept in stock"))
    rows = [
        (line.number, d.code, d.name, d.unit, d.tax_class, _("yes") if d.is_stocked else _("no"))
        for line, d in zip(lines, checked, strict=True)
    ]
    return Checked([draft for draft, _found in read], problems, heads, rows)


def _product(line: Line) -> tuple[ProductDraft, Findings]:
    found = Findings()
    stocked = found.value("is_stocked", yes_or_no, line["is_stocked"], True, otherwise=True)
    names = {code: line[f"name_{code}"] for code in LANGUAGES}
    unit = line["unit"] or "C62"
    return ProductDraft(line["code"], line["name"], unit, line["tax_class"], stocked, names), found


def check_prices(price_list: PriceList, lines: Sequence[Line], today: date) -> Checked[PriceDraft]:
    """What the lines would set in a list, and every mistake in them."""
    known = products_by_code([line["product"] for line in lines])
    read = [_price(line, known, today) for line in lines]
    seen: dict[object, int] = {}
    problems: list[Problem] = []
    for line, (draft, found) in zip(lines, read, strict=True):
        if draft.product_id and seen.setdefault(draft.key, line.number) != line.number:
            rule = _("Line %(line)d sets a price for the same quantity and day. Remove one.")
            words = rule % {"line": seen[draft.key]}
            found.add("product", Refused("catalog.price_twice", words))
        problems += [_problem(line, refusal) for refusal in (*found, *checked_price(draft))]
    heads = (_("Line"), _("Product"), _("From"), _("Price"), _("Valid from"), _("Valid to"))
    rows = [
        (
            line.number, line["product"], formats.quantity(d.min_quantity),
            f"{d.amount:f} {price_list.currency}", d.valid_from, d.valid_to or "",
        )
        for line, (d, _found) in zip(lines, read, strict=True)
    ]  # fmt: skip
    return Checked([draft for draft, _found in read], problems, heads, rows)


def _price(line: Line, known: Mapping[str, Product], today: date) -> tuple[PriceDraft, Findings]:
    found = Findings()
    product = found.value("product", product_of, line["product"], known, otherwise=None)
    amount = found.value("price", _amount, line["price"], otherwise=ZERO)
    least, first, last = ZERO, today, None
    if line["from_quantity"]:
        least = found.value("from_quantity", parse_quantity, line["from_quantity"], otherwise=ZERO)
    if line["valid_from"]:
        first = found.value("valid_from", parse_date, line["valid_from"], otherwise=today)
    if line["valid_to"]:
        last = found.value("valid_to", parse_date, line["valid_to"], otherwise=None)
    return PriceDraft(product.pk if product else 0, amount, first, least, last), found


def _amount(text: str) -> Decimal:
    return parse_number(text, places=8)


def _problem(line: Line, refusal: Refused) -> Problem:
    field = str(refusal.numbers.get("field", "name"))
    column = COLUMNS.get(field, field)
    return Problem(line.number, column, line[column][:60], refusal.message)
