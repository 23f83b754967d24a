"""The deeds of the books, one file per noun."""

from ledger.actions.books import open_years, set_up_books

__all__ = [
    "open_years",
    "set_up_books",
]
