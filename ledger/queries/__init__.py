"""Reads of the books: balances, accounts, open items and their age, as of any day."""

from ledger.queries.ageing import Ageing, added_up, ageing
from ledger.queries.balances import Balance, account_balance, carried_over, trial_balance
from ledger.queries.documents import (
    BookedEntry,
    BookedLine,
    Settlement,
    books_of,
    settlements_of,
)
from ledger.queries.open_items import ItemThen, open_items

__all__ = [
    "Ageing",
    "Balance",
    "BookedEntry",
    "BookedLine",
    "ItemThen",
    "Settlement",
    "account_balance",
    "added_up",
    "ageing",
    "books_of",
    "carried_over",
    "open_items",
    "settlements_of",
    "trial_balance",
]
