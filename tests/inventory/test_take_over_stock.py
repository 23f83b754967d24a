"""Opening stock from a spreadsheet."""

import io
from datetime import date
from decimal import Decimal

import pytest

from core.spreadsheets import read_table
from inventory.actions import take_over_stock
from inventory.models import Stock, StockDocument
from inventory.sheets import OPTIONAL, REQUIRED, changes_of, check_stock
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import make_warehouse, receive

D = Decimal


@pytest.fixture
def check(company, place):
    make_warehouse(company, "BER", "Berlin")
    make_product(company, code="BOLT")
    make_product(company, code="NUT")
    make_product(company, code="HELP", is_stocked=False)

    def checked(*rows, head="product;quantity;unit_cost;warehouse"):
        content = "\n".join([head, *rows]).encode()
        lines = read_table(io.BytesIO(content), required=REQUIRED, optional=OPTIONAL)
        return check_stock(company, lines)

    return checked


def test_lines_become_one_document_for_each_warehouse(company, check):
    checked = check("bolt;10;1,25;", "NUT;4;2;ber", "BOLT;1;1;BER")
    assert checked.problems == []
    changes = changes_of(checked.drafts, date(2025, 1, 1))
    documents = take_over_stock(company, changes, by=cast.company_admin(company))
    assert [d.kind for d in documents] == ["opening", "opening"]
    assert StockDocument.objects.filter(moved_on=date(2025, 1, 1)).count() == 2
    assert sorted(Stock.objects.values_list("value", flat=True)) == [1, 8, D("12.5")]


def test_an_article_is_found_whatever_the_case_of_its_number(company, check):
    clip = make_product(company, code="clip-s")
    checked = check("CLIP-S;10;1,25;", "Clip-s;4;2;ber")
    assert checked.problems == []
    assert {draft.line.product_id for draft in checked.drafts} == {clip.pk}


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        ("BALL;1;1;", "product", "no such product"),
        ("HELP;1;1;", "product", "no such product"),
        ("NUT;1;1;XXX", "warehouse", "no such warehouse"),
        ("NUT;;1;", "quantity", "missing"),
        ("NUT;0;1;", "quantity", "above zero"),
        ("NUT;-1;1;", "quantity", "above zero"),
        (f"NUT;{'9' * 30};1;", "quantity", "too many digits"),
        ("NUT;1.5;1;", "quantity", "at most 0 decimals"),
        ("NUT;1;-1;", "unit_cost", "above zero"),
        ("NUT;1;dear;", "unit_cost", "is no number"),
        ("BOLT;1;1;", "product", "stands above already"),
    ],
)
def test_each_mistake_names_line_column_and_remedy(check, row, column, text):
    (problem,) = check("BOLT;1;1;", row).problems
    assert (problem.line, problem.column) == (3, column)
    assert text in problem.text


def test_what_has_moved_already_is_not_taken_over(company, check):
    from catalog.models import Product

    receive(company, (Product.objects.get(code="NUT"), 1))
    (problem,) = check("NUT;1;1;", "NUT;1;1;BER").problems
    assert (problem.line, problem.column) == (2, "product")
