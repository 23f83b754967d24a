"""The deeds of payments."""

from payments.actions.application import (
    Choice,
    apply_receipts,
    leave_on_account,
    match_receipts,
    unapply_receipts,
)
from payments.actions.payers import identify_payer
from payments.actions.receipts import (
    enter_receipts,
    record_receipts,
    return_receipts,
    reverse_receipts,
    undo_returns,
)
from payments.actions.statements import import_statement, import_statements
from payments.actions.transactions import (
    book_transactions,
    set_aside_transactions,
    take_back_transactions,
)
from payments.actions.withdrawing import withdraw_statements

__all__ = [
    "Choice",
    "apply_receipts",
    "book_transactions",
    "enter_receipts",
    "identify_payer",
    "import_statement",
    "import_statements",
    "leave_on_account",
    "match_receipts",
    "record_receipts",
    "return_receipts",
    "reverse_receipts",
    "set_aside_transactions",
    "take_back_transactions",
    "unapply_receipts",
    "undo_returns",
    "withdraw_statements",
]
