"""Spreadsheets: other people's read without trust, our own written without formulas."""

from core.spreadsheets.cells import (
    Figure,
    parse_amount,
    parse_date,
    parse_number,
    parse_quantity,
    parse_yes,
)
from core.spreadsheets.lines import Cells, Problem
from core.spreadsheets.reading import Line, read_table
from core.spreadsheets.writing import csv_file, harmless, xlsx_file

__all__ = [
    "Cells",
    "Figure",
    "Line",
    "Problem",
    "csv_file",
    "harmless",
    "parse_amount",
    "parse_date",
    "parse_number",
    "parse_quantity",
    "parse_yes",
    "read_table",
    "xlsx_file",
]
