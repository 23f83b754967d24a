"""Spreadsheets: other people's read without trust, our own written without formulas."""

from core.spreadsheets.cells import (
    Figure,
    parse_amount,
    parse_date,
    parse_number,
    parse_quantity,
)
from core.spreadsheets.reading import Line, read_table
from core.spreadsheets.writing import csv_file, harmless, xlsx_file

__all__ = [
    "Figure",
    "Line",
    "csv_file",
    "harmless",
    "parse_amount",
    "parse_date",
    "parse_number",
    "parse_quantity",
    "read_table",
    "xlsx_file",
]
