"""The rows of the books, one file per noun."""

from ledger.models.accounts import Account, AccountRole, BankAccount
from ledger.models.entries import Entry, EntryLine, Journal
from ledger.models.items import Allocation, OpenItem, Side
from ledger.models.periods import FxRate, Module, Period
from ledger.models.tax import TaxCategory, TaxCode
from ledger.models.totals import DayTotal, TotalsMark

__all__ = [
    "Account",
    "AccountRole",
    "Allocation",
    "BankAccount",
    "DayTotal",
    "Entry",
    "EntryLine",
    "FxRate",
    "Journal",
    "Module",
    "OpenItem",
    "Period",
    "Side",
    "TaxCategory",
    "TaxCode",
    "TotalsMark",
]
