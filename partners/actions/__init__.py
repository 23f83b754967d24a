"""The deeds of partners."""

from partners.actions.archive import (
    archive_customers,
    archive_suppliers,
    restore_customers,
    restore_suppliers,
)
from partners.actions.change import (
    change_addresses,
    change_bank_accounts,
    change_contacts,
    change_customer,
    change_supplier,
)
from partners.actions.credit import (
    CreditTerms,
    block_customers,
    set_credit_limit,
    unblock_customers,
)
from partners.actions.open import open_customers, open_suppliers
from partners.actions.terms import add_terms, archive_terms, change_terms, restore_terms

__all__ = [
    "CreditTerms",
    "add_terms",
    "archive_customers",
    "archive_suppliers",
    "archive_terms",
    "block_customers",
    "change_addresses",
    "change_bank_accounts",
    "change_contacts",
    "change_customer",
    "change_supplier",
    "change_terms",
    "open_customers",
    "open_suppliers",
    "restore_customers",
    "restore_suppliers",
    "restore_terms",
    "set_credit_limit",
    "unblock_customers",
]
