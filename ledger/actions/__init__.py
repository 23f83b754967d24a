"""The deeds of the books, one file per noun."""

from ledger.actions.books import open_years, set_up_books
from ledger.actions.totals import find_settled_entries, fold_totals

__all__ = [
    "find_settled_entries",
    "fold_totals",
    "open_years",
    "set_up_books",
]
