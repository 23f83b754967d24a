"""The ledger app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("Books")

    def ready(self) -> None:
        from core import kinds, numbering

        numbering.register_series("entry", "JE")
        kinds.register(
            kinds.Kind(
                "entry", "ledger.Entry", _("Journal entry"), _("Journal entries"), "ledger:entry"
            ),
            {
                "entry.posted": _("Posted"),
                "entry.reversed": _("Reversed"),
                "books.set_up": _("Books set up"),
                "books.years_opened": _("Year opened"),
            },
        )
