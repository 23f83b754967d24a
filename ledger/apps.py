"""The ledger app."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Kind, its words, the name of its page, what names a row in addresses, and the words of its events.
KINDS: tuple[tuple[str, str, Any, Any, str, dict[str, Any]], ...] = (
    (
        "entry", "Entry", _("Journal entry"), _("Journal entries"), "name",
        {"entry.posted": _("Posted"), "entry.reversed": _("Reversed")},
    ),
    (
        "account", "Account", _("Account"), _("Accounts"), "name",
        {
            "account.added": _("Added"),
            "account.changed": _("Changed"),
            "account.archived": _("Taken out of use"),
            "account.restored": _("Taken into use again"),
        },
    ),
    (
        "bank_account", "BankAccount", _("Own bank account"), _("Own bank accounts"), "pk",
        {
            "bank_account.added": _("Added"),
            "bank_account.changed": _("Changed"),
            "bank_account.archived": _("Taken out of use"),
            "bank_account.restored": _("Taken into use again"),
        },
    ),
    (
        "open_item", "OpenItem", _("Open item taken over"), _("Open items taken over"), "pk",
        {"item.taken_over": _("Taken over"), "item.taken_back": _("Taken back")},
    ),
    (
        "period", "Period", _("Period"), _("Periods"), "pk",
        {
            "period.soft_closed": _("Closed except for controllers"),
            "period.closed": _("Closed"),
            "period.reopened": _("Opened again"),
            "period.locked": _("Locked for good"),
            "books.set_up": _("Books set up"),
            "books.years_opened": _("Year opened"),
            "balances.taken_over": _("Balances taken over"),
            "rates.set": _("Rates entered"),
            "tax_code.added": _("Tax code added"),
            "tax_code.ended": _("Tax code ended"),
        },
    ),
)  # fmt: skip


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("Books")

    def ready(self) -> None:
        from core.kinds import Kind, register
        from core.numbering import register_series

        register_series("entry", "JE")
        for name, model, label, plural, key, verbs in KINDS:
            kind = Kind(name, f"ledger.{model}", label, plural, f"ledger:{name}", key=key)
            register(kind, verbs)
