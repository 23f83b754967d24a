"""The deeds of partners."""

from partners.actions.open import open_customers, open_suppliers
from partners.actions.terms import add_terms

__all__ = ["add_terms", "open_customers", "open_suppliers"]
