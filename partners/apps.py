"""The partners app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Customers and suppliers")

    def ready(self) -> None:
        from core.kinds import Kind, register

        register(
            Kind(
                "customer", "partners.Customer", _("Customer"), _("Customers"),
                "partners:customer", key="number",
            ),
            {
                "customer.opened": _("Account opened"),
                "customer.changed": _("Changed"),
                "customer.addresses_changed": _("Addresses changed"),
                "customer.contacts_changed": _("Contacts changed"),
                "customer.bank_accounts_changed": _("Bank accounts changed"),
                "customer.limit_set": _("Credit terms set"),
                "customer.blocked": _("Credit blocked"),
                "customer.unblocked": _("Credit block lifted"),
                "customer.archived": _("Archived"),
                "customer.restored": _("Restored"),
            },
        )  # fmt: skip
        register(
            Kind(
                "supplier", "partners.Supplier", _("Supplier"), _("Suppliers"),
                "partners:supplier", key="number",
            ),
            {
                "supplier.opened": _("Account opened"),
                "supplier.changed": _("Changed"),
                "supplier.addresses_changed": _("Addresses changed"),
                "supplier.contacts_changed": _("Contacts changed"),
                "supplier.bank_accounts_changed": _("Bank accounts changed"),
                "supplier.archived": _("Archived"),
                "supplier.restored": _("Restored"),
            },
        )  # fmt: skip
        register(
            Kind(
                "terms", "partners.PaymentTerms", _("Payment terms"), _("Payment terms"),
                "partners:terms_page", key="code",
            ),
            {
                "terms.added": _("Added"),
                "terms.changed": _("Changed"),
                "terms.archived": _("Archived"),
                "terms.restored": _("Restored"),
            },
        )  # fmt: skip
