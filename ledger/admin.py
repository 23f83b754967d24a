"""The admin site looks at the books; the deeds change them."""

from core.admin import look_only
from ledger.models import (
    Account,
    Allocation,
    BankAccount,
    Entry,
    FxRate,
    OpenItem,
    Period,
    TaxCode,
)

look_only(Account, Allocation, BankAccount, Entry, FxRate, OpenItem, Period, TaxCode)
