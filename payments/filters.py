"""What the lists of payments can be asked for."""

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from core import lists
from payments import queries
from payments.models import BankTransaction, Receipt


class Applied(django_filters.ChoiceFilter):  # type: ignore[misc]
    """How much of a receipt is applied."""

    CHOICES = (
        ("waiting", _("Waiting to be applied")),
        ("on-account", _("Left on account")),
        ("part", _("Applied in part")),
        ("full", _("Applied in full")),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Applied"), choices=self.CHOICES, **options)

    def filter(self, rows: "QuerySet[Receipt]", value: str) -> "QuerySet[Receipt]":
        if value == "waiting":
            return queries.to_apply(rows)
        if value == "on-account":
            return queries.unapplied(rows).filter(on_account=True)
        if value == "part":
            return queries.unapplied(rows).filter(open_item__open_amount__lt=F("amount"))
        if value == "full":
            return rows.filter(state=Receipt.State.RECORDED, open_item__open_amount=0)
        return rows


class StatementFilters(lists.Filters):
    """Statements by account and day."""

    search = ("statement_id", "bank_account__title", "bank_account__iban")
    views = ((_("All"), {}),)
    account = lists.Words(_("Bank account"), "bank_account__title", "bank_account__iban")
    day = lists.Days(_("Up to"), "to_date")


class TransactionFilters(lists.Filters):
    """Entries of statements by what is to be done with them."""

    search = ("counterparty", "remittance", "reference", "counterparty_iban", "end_to_end_id")
    views = (
        (_("To do"), {"state": "new"}),
        (_("Set aside"), {"state": "set_aside"}),
        (_("All"), {}),
    )
    name = lists.Words(_("Name"), "counterparty")
    text = lists.Words(_("Text"), "remittance", "reference", "end_to_end_id")
    account = lists.Words(
        _("Bank account"), "statement__bank_account__title", "statement__bank_account__iban"
    )
    over = lists.Over(_("Amount from"), "amount")
    under = lists.Under(_("Amount up to"), "amount")
    booked = lists.Days(_("Booked"), "booked_on")
    state = lists.Choice(_("State"), "state", BankTransaction.State.choices)


class ReceiptFilters(lists.Filters):
    """Receipts by customer, day, amount, and how much of them is applied."""

    search = ("number", "customer__partner__name", "payer", "text")
    views = (
        (_("Waiting"), {"applied": "waiting"}),
        (_("On account"), {"applied": "on-account"}),
        (_("All"), {}),
    )
    customer = lists.Words(_("Customer"), "customer__partner__name", "customer__number")
    payer = lists.Words(_("Payer"), "payer")
    over = lists.Over(_("Amount from"), "amount")
    under = lists.Under(_("Amount up to"), "amount")
    received = lists.Days(_("Received"), "received_on")
    statement = lists.Words(_("Bank statement"), "transaction__statement__statement_id")
    applied = Applied()
    state = lists.Choice(_("State"), "state", Receipt.State.choices)
