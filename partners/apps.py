"""The partners app."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Customers and suppliers")

    def ready(self) -> None:
        from core.kinds import Kind, register
        from core.numbering import register_series
        from partners.numbers import PREFIXES

        for kind, prefix in PREFIXES.items():
            register_series(kind, prefix, endless=True)
        buyers = ("partners.Customer", _("Customer"), _("Customers"), "partners:customer")
        sellers = ("partners.Supplier", _("Supplier"), _("Suppliers"), "partners:supplier")
        register(Kind("customer", *buyers, key="number"), _told("customer", ACCOUNT | CREDIT))
        register(Kind("supplier", *sellers, key="number"), _told("supplier", ACCOUNT))
        terms = ("partners.PaymentTerms", _("Payment terms"), _("Payment terms"))
        register(Kind("terms", *terms, "partners:terms_page", key="code"), _told("terms", TERMS))


ACCOUNT = {
    "opened": _("Account opened"),
    "changed": _("Changed"),
    "addresses_changed": _("Addresses changed"),
    "contacts_changed": _("Contacts changed"),
    "bank_accounts_changed": _("Bank accounts changed"),
    "archived": _("Archived"),
    "restored": _("Restored"),
}
CREDIT = {
    "limit_set": _("Credit terms set"),
    "blocked": _("Credit blocked"),
    "unblocked": _("Credit block lifted"),
}
TERMS = {
    "added": _("Added"),
    "changed": _("Changed"),
    "archived": _("Archived"),
    "restored": _("Restored"),
}


def _told(kind: str, words: Mapping[str, object]) -> dict[str, object]:
    """The words of the events of a kind."""
    return {f"{kind}.{verb}": said for verb, said in words.items()}
