"""The payments app: its kinds of documents and the words of its events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from core.kinds import Kind, register
        from core.numbering import register_series

        register_series("receipt", "RC")
        register(
            Kind(
                "receipt", "payments.Receipt", _("Receipt"), _("Receipts"), url="payments:receipt"
            ),
            {
                "receipt.recorded": _("Recorded"),
                "receipt.identified": _("Payer named"),
                "receipt.applied": _("Applied"),
                "receipt.unapplied": _("Application taken back"),
                "receipt.left_on_account": _("Left on account"),
                "receipt.reversed": _("Reversed"),
            },
        )
        register(
            Kind(
                "statement",
                "payments.BankStatement",
                _("Bank statement"),
                _("Bank statements"),
                url="payments:statement",
            ),
            {"statement.imported": _("Imported")},
        )
        register(
            Kind(
                "transaction",
                "payments.BankTransaction",
                _("Bank entry"),
                _("Bank entries"),
                url="payments:transaction",
            ),
            {
                "transaction.received": _("Came in"),
                "transaction.booked": _("Booked"),
                "transaction.set_aside": _("Set aside"),
                "transaction.taken_back": _("Taken back"),
            },
        )
