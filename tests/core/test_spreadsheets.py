"""Reading what people send, and refusing what nobody should send."""

import contextlib
import io
import random
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core import spreadsheets
from core.refusals import Refused
from core.spreadsheets import (
    parse_amount,
    parse_date,
    parse_number,
    parse_quantity,
    read_table,
)

COLUMNS = {"required": ["order", "quantity"], "optional": ["note"]}


def read(content, **columns):
    if isinstance(content, str):
        content = content.encode()
    return read_table(io.BytesIO(content), **(columns or COLUMNS))


def cells(lines):
    return [(line.number, line["order"], line["quantity"], line["note"]) for line in lines]


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refusal(content):
    with pytest.raises(Refused) as caught:
        read(content)
    return caught.value


TEXT = "order;quantity;note\nA-1;007;Käse, süß\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_files_are_read_in_the_encodings_people_have(encoding):
    assert cells(read(TEXT.encode(encoding))) == [(2, "A-1", "007", "Käse, süß")]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_the_one_the_heading_uses(separator):
    text = f'order{separator}"quan tity"{separator}note\nA{separator}1{separator}"x;y,z\tw"\n'
    assert cells(read(text.replace("quan tity", "Quantity"))) == [(2, "A", "1", "x;y,z\tw")]


def test_the_separator_line_of_excel_is_understood():
    assert cells(read("sep=;\norder;quantity\nA;1,5\n")) == [(3, "A", "1,5", "")]


def test_headings_are_found_whatever_their_case_and_order():
    assert cells(read("Quantity, ORDER ,\n2,A,\n")) == [(2, "A", "2", "")]
    two = read("unit price\n1\n", required=["unit_price"])
    assert two[0]["unit_price"] == "1"


def test_line_numbers_are_those_of_the_file():
    text = 'order,quantity,note\n\nA,1,"two\nlines"\n,,\nB,2\n'
    assert [(line.number, line["order"]) for line in read(text)] == [(3, "A"), (6, "B")]


def test_what_is_typed_stays_as_typed():
    assert cells(read("order,quantity\n00012,1e5\n")) == [(2, "00012", "1e5", "")]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", "empty", "first line names the columns"),
        ("order\nA\n", "missing_column", "Line 1: column quantity is missing"),
        ("order,quantity,colour\n", "unknown_column", "no column “colour”. The columns are: order"),
        ("order,order,quantity\n", "column_twice", "“order” stands there twice"),
        ("order,quantity\nA,1,2,3,4\n", "too_many_cells", "Line 2 has more cells"),
        ('order,quantity\nA,"1\n', "quotes", "Line 2: a quotation mark"),
        ('order,quantity\nA,1\nB,"1"2\n', "quotes", "Line 3: a quotation mark"),
        ("order,quantity\nA,1\x00\n", "bad_cell", "Line 2 holds a cell that is damaged"),
        (b"order,quantity\n\x81\x8d,1\n", "encoding", "Save it as CSV"),
        (b"PK\x03\x04 not a workbook", "damaged", "Save it again"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 50, "encoding", "Save it as CSV"),
        ("order,quantity\n" + "x" * 6000 + ",1\n", "bad_cell", "Line 2"),
        (",".join(["order", "quantity", *["x"] * 300]), "too_wide", "Line 1 has more than 200"),
    ],
)
def test_a_wrong_file_is_refused_with_line_rule_and_remedy(content, code, words):
    refused = refusal(content)
    assert refused.code == f"spreadsheet.{code}"
    assert words in refused.message


def test_a_workbook_gives_exact_text():
    rows = [
        ("Order", "Quantity", "Note"),
        ("A", 0.1 + 0.2, None),
        (None, None, None),
        ("B", 1500, date(2026, 3, 1)),
        ("00012", 1.125, datetime(2026, 3, 1, 8, 30)),  # noqa: DTZ001
        ("C", 123456789012345, True),
    ]
    assert cells(read(workbook(*rows))) == [
        (2, "A", "0.3", ""),
        (4, "B", "1500", "2026-03-01"),
        (5, "00012", "1.125", "2026-03-01 08:30:00"),
        (6, "C", "123456789012345", "TRUE"),
    ]


def test_a_number_of_a_workbook_is_not_ambiguous():
    line = read(workbook(("order", "quantity"), ("A", 1.125), ("B", "1.125")))
    assert parse_quantity(line[0]["quantity"]) == Decimal("1.125")
    with pytest.raises(Refused):
        parse_quantity(line[1]["quantity"])


def test_an_error_of_a_formula_is_named():
    book = Workbook()
    book.active.append(("order", "quantity"))
    book.active.append(("A", "#N/A"))
    book.active["B2"].data_type = "e"
    file = io.BytesIO()
    book.save(file)
    assert "Line 2 holds the error #N/A" in refusal(file.getvalue()).message


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.1, "0%", "10%"),
        (0.02125, "0.000%", "2.125%"),
        (1, "0.00%", "100%"),
        (10, '0.0"%"', "10"),
        (10, "0\\%", "10"),
        (10, "General", "10"),
    ],
)
def test_a_percentage_of_a_workbook_is_what_the_cell_shows(value, form, text):
    book = Workbook()
    book.active.append(("order", "quantity"))
    book.active.append(("A", value))
    book.active["B2"].number_format = form
    (line,) = read(saved(book))
    assert line["quantity"] == text


def test_a_formula_saved_without_its_value_is_refused():
    book = Workbook()
    for row in (("order", "quantity"), ("A", 1), ("B", "=B2*2")):
        book.active.append(row)
    book.active["B2"].number_format = "0.00"
    wrong = refusal(saved(book))
    assert wrong.code == "spreadsheet.no_value"
    assert "Line 3 holds a formula without its value" in wrong.message


def test_a_formula_that_gives_nothing_is_an_empty_cell():
    empty = b'<c r="B2" t="str"><f>IF(A2="","",1)</f><v></v></c>'
    (line,) = read(repacked(lambda name, part: re.sub(rb'<c r="B2".*?</c>', empty, part)))
    assert (line["order"], line["quantity"]) == ("A", "")


def repacked(change):
    """A good workbook with one part changed."""
    source = zipfile.ZipFile(io.BytesIO(workbook(("order", "quantity"), ("A", 1))))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def test_a_workbook_that_would_burst_is_refused_unopened():
    bomb = repacked(lambda name, part: part + b" " * 50_000_000 if "sheet1" in name else part)
    assert len(bomb) < 100_000
    assert refusal(bomb).code == "spreadsheet.bomb"


def test_too_many_parts_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1001):
            archive.writestr(f"part{number}", "x")
    assert refusal(file.getvalue()).code == "spreadsheet.bomb"


def test_entities_are_not_expanded():
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    evil = repacked(
        lambda name, part: (
            part.replace(b"<worksheet", entity + b"<worksheet", 1) if "sheet1" in name else part
        )
    )
    assert refusal(evil).code == "spreadsheet.damaged"


def test_a_row_far_below_is_not_filled_up_to():
    far = repacked(
        lambda name, part: (
            part.replace(b'<row r="2"', b'<row r="1048576"').replace(b'"A2"', b'"A1048576"')
            if "sheet1" in name
            else part
        )
    )
    assert refusal(far).code == "spreadsheet.too_long"


def test_more_than_20_mib_are_refused():
    assert refusal(b"x" * (20 * 2**20 + 1)).code == "spreadsheet.too_big"


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_a_damaged_workbook_is_read_or_refused_never_more(chance: random.Random, wounds):
    content = bytearray(GOOD)
    for _ in range(wounds):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with contextlib.suppress(Refused):
        read(bytes(content[: chance.choice([len(content), chance.randrange(len(content))])]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_never_more(content):
    with contextlib.suppress(Refused):
        read(content)


GOOD = workbook(("order", "quantity", "note"), ("A", 1.5, "x"), ("B", 2, date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("007", "7"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5", "1234567.5"),
        ("1'234.50", "1234.50"),
        ("1,500,000", "1500000"),
        ("1.500.000,25", "1500000.25"),
        ("-3", "-3"),
        ("\N{MINUS SIGN}3", "-3"),
        ("+3", "3"),
        ("  3 ", "3"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, value):
    assert parse_number(text, places=6) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,500", "ambiguous"),
        ("1.500", "ambiguous"),
        ("", "number"),
        ("abc", "number"),
        ("NaN", "number"),
        ("Infinity", "number"),
        ("1e5", "number"),
        ("1\x00", "number"),
        ("\u0661\u0662", "number"),
        ("1,,5", "number"),
        ("1,50,000", "number"),
        ("1.50,000.2", "number"),
        ("12-", "number"),
        ("A5", "number"),
        ("/5", "number"),
        (".500", "number"),
        ("9" * 30, "digits"),
        ("1.1234567", "digits"),
        ("1" * 10_000, "digits"),
    ],
)
def test_what_can_be_misread_is_refused(text, code):
    with pytest.raises(Refused) as caught:
        parse_number(text, places=6)
    assert caught.value.code == f"spreadsheet.{code}"
    assert len(caught.value.message) < 200


def test_an_ambiguous_number_is_answered_with_two_that_pass():
    with pytest.raises(Refused, match=r"can mean 1500 or 1\.500\. Write 1500 or 1\.5000\."):
        parse_quantity("1,500")
    assert parse_quantity("1500") == 1500
    assert parse_quantity("1.5000") == Decimal("1.5")


def test_a_quantity_is_not_negative():
    with pytest.raises(Refused, match="The quantity -2 is negative"):
        parse_quantity("-2")


def test_an_amount_has_the_decimals_of_its_currency():
    assert parse_amount("-1,234.50", "EUR") == Decimal("-1234.50")
    assert parse_amount("12.3450", "KWD") == Decimal("12.345")
    assert parse_amount("1200", "JPY") == 1200
    for text, currency in (("1.234", "EUR"), ("12.345", "USD"), ("12.5", "JPY")):
        with pytest.raises(Refused):
            parse_amount(text, currency)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-1-5", date(2026, 1, 5)),
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.2026", date(2026, 2, 1)),
        ("12/31/2026", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("5/5/2026", date(2026, 5, 5)),
    ],
)
def test_days_are_read_where_they_can_be_read_one_way(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "31.12.26", "3/4/2026", "0001-01-01", "9999-12-31", "1\x00"]
)
def test_other_days_are_refused_with_the_way_to_write_them(text):
    with pytest.raises(Refused, match="2026-12-31"):
        parse_date(text)


def test_text_is_kept_harmless_and_numbers_as_they_are():
    assert spreadsheets.harmless("=1+1") == "'=1+1"
    assert spreadsheets.harmless(Decimal(-1)) == Decimal(-1)
    assert spreadsheets.harmless("a=b") == "a=b"
