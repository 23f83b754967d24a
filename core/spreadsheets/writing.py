"""Our own spreadsheets, written so that no cell is ever taken for a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

EXCEL_DIGITS = 15

# Signs that start a formula, also in their full-width forms.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula is quoted; numbers and days stay."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


class _Echo:
    """A file that hands back what is written to it, so that a CSV can be streamed."""

    def write(self, text: str) -> str:
        return text


def csv_file(name: str, rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """The rows as a CSV download, made while it is sent."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([_plain(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(_with_mark(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _with_mark(lines: Iterable[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from lines


def _plain(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else harmless(value)


def xlsx_file(name: str, rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """The rows as an XLSX download; text is typed as text, numbers and days as what they are."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_fitting(value))
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    file = TemporaryFile()  # noqa: SIM115  (closed by the response)
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _fitting(value: object) -> Any:
    """The value as a workbook can hold it: no moments with zones, no more digits than Excel has."""
    if isinstance(value, str):
        return NOT_XML.sub("", str(harmless(value)))
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > EXCEL_DIGITS:
        return f"{value:f}"
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
