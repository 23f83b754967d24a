"""The side menu: group, label, URL name, permission, icon, and the letter after `g`.

An entry shows to those who have the permission (or its `_own` form) and only once its page exists.
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Entry(NamedTuple):
    """One line of the menu."""

    group: Any
    label: Any
    url: str
    permission: str
    icon: str
    key: str = ""


SELL, CASH, BUY, STOCK = _("Sell"), _("Cash"), _("Buy"), _("Goods")
BOOKS, ADMIN = _("Books"), _("Administration")

MENU = (
    Entry("", _("Home"), "analytics:home", "core.home", "home", "h"),
    Entry("", _("Dashboard"), "analytics:dashboard", "analytics.view", "chart-line", "d"),
    Entry(SELL, _("Customers"), "partners:customers", "partners.view", "users", "c"),
    Entry(SELL, _("Orders"), "orders:orders", "orders.view", "shopping-cart", "o"),
    Entry(SELL, _("On hold"), "orders:holds", "orders.view", "hand-stop"),
    Entry(SELL, _("To ship"), "orders:to_ship", "orders.ship", "package-export"),
    Entry(SELL, _("Shipments"), "orders:shipments", "orders.view", "truck-delivery", "s"),
    Entry(SELL, _("Billing"), "invoicing:billables", "invoicing.view", "receipt", "b"),
    Entry(SELL, _("Invoices"), "invoicing:invoices", "invoicing.view", "file-invoice", "i"),
    Entry(CASH, _("Bank statements"), "payments:statements", "payments.view", "building-bank", "k"),
    Entry(CASH, _("Cash application"), "payments:worklist", "payments.apply", "arrows-join", "a"),
    Entry(CASH, _("Receipts"), "payments:receipts", "payments.view", "cash", "r"),
    Entry(CASH, _("Collections"), "dunning:ageing", "dunning.view", "clock-dollar", "l"),
    Entry(BUY, _("Suppliers"), "partners:suppliers", "partners.view_suppliers", "building-store"),
    Entry(STOCK, _("Products"), "catalog:products", "catalog.view", "package", "p"),
    Entry(STOCK, _("Price lists"), "catalog:price_lists", "catalog.view", "tags"),
    Entry(STOCK, _("Stock"), "inventory:stock", "inventory.view", "building-warehouse", "w"),
    Entry(BOOKS, _("Journal"), "ledger:entries", "ledger.view", "notebook", "j"),
    Entry(BOOKS, _("Trial balance"), "ledger:trial_balance", "ledger.view", "scale", "t"),
    Entry(BOOKS, _("Chart of accounts"), "ledger:chart", "ledger.view_setup", "list-numbers"),
    Entry(BOOKS, _("Periods"), "ledger:periods", "ledger.view", "calendar-check"),
    Entry(BOOKS, _("Proof of the books"), "analytics:proof", "analytics.prove", "shield-check"),
    Entry(BOOKS, _("Mailbox"), "documents:mailbox", "documents.view", "mail", "m"),
    Entry(ADMIN, _("Jobs"), "core:jobs", "core.jobs", "progress-check"),
    Entry(ADMIN, _("Parked work"), "core:follow_ups", "core.follow_ups", "player-pause"),
    Entry(ADMIN, _("Payment terms"), "partners:terms", "partners.terms", "calendar-dollar"),
    Entry(ADMIN, _("Bank accounts"), "ledger:banks", "ledger.setup", "building-bank"),
    Entry(ADMIN, _("Exchange rates"), "ledger:rates", "ledger.setup", "currency-euro"),
    Entry(ADMIN, _("Tax codes"), "ledger:taxes", "ledger.setup", "receipt-tax"),
    Entry(ADMIN, _("Take over"), "ledger:take_over", "ledger.take_over", "database-import"),
    Entry(ADMIN, _("Company"), "core:company", "core.company", "building"),
    Entry(ADMIN, _("People"), "core:people", "core.people", "user-shield"),
    Entry(ADMIN, _("Events"), "core:events", "core.audit", "history"),
    Entry(ADMIN, _("Refused attempts"), "core:refused", "core.audit", "hand-stop"),
)
