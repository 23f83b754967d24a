"""The deeds of the books, one file per noun."""

from ledger.actions.accounts import (
    add_accounts,
    archive_accounts,
    change_account,
    restore_accounts,
)
from ledger.actions.banks import (
    add_bank_accounts,
    archive_bank_accounts,
    change_bank_account,
    restore_bank_accounts,
)
from ledger.actions.books import open_years, set_up_books
from ledger.actions.manual import post_manual_entries, reverse_entries
from ledger.actions.periods import close_periods, lock_periods, reopen_periods, soft_close_periods
from ledger.actions.rates import set_fx_rates
from ledger.actions.take_over import (
    take_back_open_items,
    take_over_balances,
    take_over_open_items,
)
from ledger.actions.taxes import add_tax_codes, end_tax_code
from ledger.actions.totals import find_settled_entries, fold_totals

__all__ = [
    "add_accounts",
    "add_bank_accounts",
    "add_tax_codes",
    "archive_accounts",
    "archive_bank_accounts",
    "change_account",
    "change_bank_account",
    "close_periods",
    "end_tax_code",
    "find_settled_entries",
    "fold_totals",
    "lock_periods",
    "open_years",
    "post_manual_entries",
    "reopen_periods",
    "restore_accounts",
    "restore_bank_accounts",
    "reverse_entries",
    "set_fx_rates",
    "set_up_books",
    "soft_close_periods",
    "take_back_open_items",
    "take_over_balances",
    "take_over_open_items",
]
