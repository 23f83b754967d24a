"""Addresses of customers, suppliers and payment terms."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from partners.views import customers as buyers
from partners.views import imports, parts, terms
from partners.views import suppliers as sellers


def _of(kind: str, deed: str, view: Callable[..., Any]) -> URLPattern:
    """A deed on one account: customers/C-00001/edit is `customer_edit`."""
    return path(f"{kind}s/<str:number>/{deed.replace('_', '-')}", view, name=f"{kind}_{deed}")


app_name = "partners"
urlpatterns = [
    path("customers/", buyers.customers, name="customers"),
    path("customers/new", buyers.new_customer, name="new_customer"),
    path("customers/import", imports.import_customers, name="import_customers"),
    path("customers/find", imports.find_customers, name="find_customers"),
    path("customers/archive", buyers.archive_customers, name="archive_customers"),
    path("customers/restore", buyers.restore_customers, name="restore_customers"),
    path("customers/block", buyers.block_customers, name="block_customers"),
    path("customers/unblock", buyers.unblock_customers, name="unblock_customers"),
    path("customers/<str:number>", buyers.customer, name="customer"),
    _of("customer", "edit", buyers.edit_customer),
    _of("customer", "credit", buyers.set_credit),
    _of("customer", "addresses", parts.customer_addresses),
    _of("customer", "contacts", parts.customer_contacts),
    _of("customer", "bank_accounts", parts.customer_bank_accounts),
    _of("customer", "archive", buyers.archive_customer),
    _of("customer", "restore", buyers.restore_customer),
    path("suppliers/", sellers.suppliers, name="suppliers"),
    path("suppliers/new", sellers.new_supplier, name="new_supplier"),
    path("suppliers/find", imports.find_suppliers, name="find_suppliers"),
    path("suppliers/archive", sellers.archive_suppliers, name="archive_suppliers"),
    path("suppliers/restore", sellers.restore_suppliers, name="restore_suppliers"),
    path("suppliers/<str:number>", sellers.supplier, name="supplier"),
    _of("supplier", "edit", sellers.edit_supplier),
    _of("supplier", "addresses", parts.supplier_addresses),
    _of("supplier", "contacts", parts.supplier_contacts),
    _of("supplier", "bank_accounts", parts.supplier_bank_accounts),
    _of("supplier", "archive", sellers.archive_supplier),
    _of("supplier", "restore", sellers.restore_supplier),
    path("terms/", terms.terms_list, name="terms"),
    path("terms/new", terms.new_terms, name="new_terms"),
    path("terms/<str:code>", terms.terms_page, name="terms_page"),
    path("terms/<str:code>/edit", terms.edit_terms, name="edit_terms"),
    path("terms/<str:code>/archive", terms.archive_terms, name="archive_terms"),
    path("terms/<str:code>/restore", terms.restore_terms, name="restore_terms"),
]
