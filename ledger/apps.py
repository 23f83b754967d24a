"""The ledger app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("Books")

    def ready(self) -> None:
        from core.kinds import Kind, register
        from core.numbering import register_series

        register_series("entry", "JE")
        register(
            Kind("entry", "ledger.Entry", _("Journal entry"), _("Journal entries"), "ledger:entry"),
            {"entry.posted": _("Posted"), "entry.reversed": _("Reversed")},
        )
        register(
            Kind("account", "ledger.Account", _("Account"), _("Accounts"), "ledger:account"),
            {
                "account.added": _("Added"),
                "account.changed": _("Changed"),
                "account.archived": _("Taken out of use"),
            },
        )
        register(
            Kind(
                "bank_account",
                "ledger.BankAccount",
                _("Own bank account"),
                _("Own bank accounts"),
                "ledger:bank_account",
                key="pk",
            ),
            {
                "bank_account.added": _("Added"),
                "bank_account.changed": _("Changed"),
                "bank_account.archived": _("Taken out of use"),
            },
        )
        register(
            Kind(
                "open_item",
                "ledger.OpenItem",
                _("Open item taken over"),
                _("Open items taken over"),
                "ledger:open_item",
                key="pk",
            ),
            {"item.taken_over": _("Taken over")},
        )
        register(
            Kind("period", "ledger.Period", _("Period"), _("Periods"), "ledger:period", key="pk"),
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
        )
