"""The payments app: its kinds of documents and the words of its events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

RECEIPT_WORDS = {
    "receipt.recorded": _("Recorded"),
    "receipt.identified": _("Payer named"),
    "receipt.applied": _("Applied"),
    "receipt.unapplied": _("Application taken back"),
    "receipt.left_on_account": _("Left on account"),
    "receipt.reversed": _("Reversed"),
    "receipt.return_undone": _("Return undone"),
}
STATEMENT_WORDS = {
    "statement.imported": _("Imported"),
    "statement.withdrawn": _("Withdrawn"),
}
ENTRY_WORDS = {
    "transaction.received": _("Came in"),
    "transaction.booked": _("Booked"),
    "transaction.set_aside": _("Set aside"),
    "transaction.taken_back": _("Taken back"),
}
KINDS = (
    ("receipt", "Receipt", _("Receipt"), _("Receipts"), RECEIPT_WORDS),
    ("statement", "BankStatement", _("Bank statement"), _("Bank statements"), STATEMENT_WORDS),
    ("transaction", "BankTransaction", _("Bank entry"), _("Bank entries"), ENTRY_WORDS),
)


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from core import kinds, numbering

        numbering.register_series("receipt", "RC")
        for name, model, label, plural, words in KINDS:
            kind = kinds.Kind(name, f"payments.{model}", label, plural, f"payments:{name}")
            kinds.register(kind, words)
