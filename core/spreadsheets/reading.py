"""Other people's spreadsheets, read without trust into lines of text."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from core.spreadsheets.cells import Figure, refused

PACKED, UNPACKED, RATIO, ENTRIES = 20 * 2**20, 200 * 2**20, 100, 1_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 200, 5_000
EXCEL_DIGITS = 15
LITERAL = re.compile(r'"[^"]*"|\\.')  # signs of a number format that only decorate
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What a broken or hostile workbook makes the reader raise.
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row below the heading: the number it has in the file, and its text by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(
    file: IO[bytes], *, required: Sequence[str], optional: Sequence[str] = ()
) -> list[Line]:
    """The rows of a CSV or XLSX file, text exactly as typed, empty rows left out.

    Columns are found by their headings, whatever their case and order. Raises Refused for what
    cannot be read, a missing or unknown column, and anything beyond the limits.
    """
    content = file.read(PACKED + 1)
    refuse_too_big(len(content))
    rows = _workbook_rows(content) if content[:4] == b"PK\x03\x04" else _text_rows(content)
    first = next(rows, None)
    if first is None:
        raise refused("empty", _("The file is empty. Its first line names the columns."))
    names = _columns(first, required, optional)
    lines = []
    for number, cells in rows:
        if any(cell for cell in cells[len(names) :]):
            text = _("Line %(line)d has more cells than the heading. Check its separators.")
            raise refused("too_many_cells", text, line=number)
        lines.append(Line(number, dict(zip(names, cells, strict=False))))
    return lines


def refuse_too_big(size: int) -> None:
    """Refuses a file by its size in bytes, which is known before it is read."""
    if size > PACKED:
        raise refused("too_big", _("The file is larger than 20 MiB. Split it and load the parts."))


def _columns(
    heading: tuple[int, list[str]], required: Sequence[str], optional: Sequence[str]
) -> list[str]:
    line, cells = heading
    names = [re.sub(r"[\s_-]+", "_", cell.strip().lower()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = {"line": line, "known": ", ".join([*required, *optional])}
    for name in names:
        if name not in required and name not in optional:
            text = _("Line %(line)d: there is no column “%(name)s”. The columns are: %(known)s.")
            raise refused("unknown_column", text, name=name[:40], **known)
        if names.count(name) > 1:
            text = _("Line %(line)d: the column “%(name)s” stands there twice. Remove one.")
            raise refused("column_twice", text, name=name, line=line)
    missing = ", ".join(name for name in required if name not in names)
    if missing:
        text = _("Line %(line)d: column %(missing)s is missing. The columns are: %(known)s.")
        raise refused("missing_column", text, missing=missing, **known)
    return names


def _checked(number: int, cells: list[str]) -> bool:
    """Refuses what no cell may hold; says whether the row holds anything at all."""
    if number > MOST_ROWS + 1:
        raise refused("too_long", _("The file has more than 200,000 rows. Split it."))
    if len(cells) > MOST_COLUMNS:
        text = _("Line %(line)d has more than 200 columns. Remove what does not belong there.")
        raise refused("too_wide", text, line=number)
    for cell in cells:
        if "\0" in cell or len(cell) > LONGEST_CELL:
            text = _("Line %(line)d holds a cell that is damaged or too long. Type it again.")
            raise refused("bad_cell", text, line=number)
    return any(cells)


OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def _decoded(content: bytes) -> str:
    mark = next((m for m in BYTE_ORDER_MARKS if content.startswith(m)), None)
    if mark:
        encodings = [BYTE_ORDER_MARKS[mark]]
    elif content[1:2] == b"\0" or content[:1] == b"\0":
        encodings = ["utf-16-be" if content[:1] == b"\0" else "utf-16-le"]
    else:
        encodings = [] if content.startswith(OLD_EXCEL) else ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("encoding", _("The file is no text. Save it as CSV (UTF-8) or XLSX."))


def _text_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    first = text[: text.find("\n")] if "\n" in text else text
    told = re.fullmatch(r"sep=(.)\r?", first)  # Excel's own way to name the separator
    delimiter = told[1] if told else max(";,\t", key=re.sub(r'"[^"]*"', "", first).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if _checked(number, cells) and not (told and number == 1):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error:
        rule = _("Line %(line)d: a quotation mark is open or stands inside a cell. Correct it.")
        raise refused("quotes", rule, line=number) from None


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        _check_archive(content)
        formulas = _sheet_rows(content, data_only=False)  # opened only where it is asked
        for number, row in _sheet_rows(content, data_only=True):
            if any(_is_blank(cell) for cell in row):
                _refuse_without_value(number, row, next(f for n, f in formulas if n == number))
            cells = [_cell_text(cell, number) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if _checked(number, cells):
                yield number, cells
    except UNREADABLE:
        raise refused(
            "damaged", _("The workbook is damaged. Save it again as XLSX or CSV.")
        ) from None


def _sheet_rows(content: bytes, *, data_only: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The cells of the first sheet by row: with the values, or else with the formulas."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    yield from enumerate(sheet.iter_rows(), start=1)


def _is_blank(cell: Any) -> bool:
    """Whether a cell is in the file and holds no value: of a style only, or of a formula."""
    return cell.value is None and cell.data_type == "n" and hasattr(cell, "row")


def _refuse_without_value(number: int, row: tuple[Any, ...], formulas: tuple[Any, ...]) -> None:
    """Some programs save a formula and not what it gives; that is not nothing."""
    for cell, formula in zip(row, formulas, strict=False):
        if _is_blank(cell) and formula.data_type == "f":
            text = _("Line %(line)d holds a formula without its value. Open it in Excel and save.")
            raise refused("no_value", text, line=number)


def _check_archive(content: bytes) -> None:
    """Refuses an archive that would burst, before anything of it is unpacked."""
    entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * max(packed, 1):
        raise refused("bomb", _("The workbook unpacks to far more than it shows. Save it as CSV."))


def _cell_text(cell: Any, line: int) -> str:
    value = cell.value
    if cell.data_type == "e":
        text = _("Line %(line)d holds the error %(error)s. Correct the formula and save again.")
        raise refused("cell_error", text, line=line, error=value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{EXCEL_DIGITS}g}")
        if "%" in LITERAL.sub("", cell.number_format):
            return Figure(f"{(exact * 100).normalize():f}%")
        return Figure(f"{exact:f}")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value).strip()
