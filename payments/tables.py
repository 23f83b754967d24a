"""The lists of payments."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import kinds, lists
from core.lists.columns import Raw
from core.templatetags.o2c import badge
from payments.findings import standing_of
from payments.models import Receipt


class WhoColumn(lists.NameColumn):
    """Who paid, and the link; many entries of a bank have no name."""

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        shown = self.value_of(record, name) or _("No name")
        return kinds.linked(shown, table.link(record))


class StandingColumn(lists.Column):
    """What became of a receipt: unapplied, applied in part or in full, on account, reversed."""

    css = "badges"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, **options)

    def draw(self, record: Receipt, name: str, table: lists.Table) -> object:
        return badge(*standing_of(record))

    def raw(self, record: Receipt, name: str) -> Raw:
        return str(standing_of(record)[1])


class StatementTable(lists.Table):
    """Imported statements."""

    statement_id = lists.NameColumn(__("Statement"))
    bank_account = lists.TextColumn(__("Bank account"), accessor="bank_account__title")
    from_date = lists.DayColumn(__("From"))
    to_date = lists.DayColumn(__("To"))
    opening_balance = lists.MoneyColumn(__("Opening"))
    closing_balance = lists.MoneyColumn(__("Closing"))
    entries = lists.NumberColumn(__("Entries"))
    todo = lists.NumberColumn(__("To do"))
    imported_at = lists.DayColumn(__("Imported"))
    reason = lists.TextColumn(__("Withdrawn"))
    kind = "statement"
    order = "-to_date"
    hidden = ("imported_at",)


class TransactionTable(lists.Table):
    """Entries of statements."""

    counterparty = WhoColumn(__("Name"))
    booked_on = lists.DayColumn(__("Booked"))
    value_on = lists.DayColumn(__("Value date"))
    amount = lists.MoneyColumn(__("Amount"))
    remittance = lists.TextColumn(__("Text"))
    reference = lists.TextColumn(__("Reference"))
    bank_account = lists.TextColumn(__("Bank account"), accessor="statement__bank_account__title")
    state = lists.StateColumn(__("State"))
    reason = lists.TextColumn(__("Reason"))
    kind = "transaction"
    order = "-booked_on"
    totals = ("amount",)
    hidden = ("value_on", "reference", "reason")


class ReceiptTable(lists.Table):
    """Money received."""

    number = lists.NameColumn(__("Receipt"))
    customer = lists.TextColumn(__("Customer"), accessor="customer__partner__name")
    payer = lists.TextColumn(__("Payer"))
    received_on = lists.DayColumn(__("Received"))
    days = lists.SpanColumn(__("Days since the invoice"), since="invoiced_on", until="received_on")
    amount = lists.MoneyColumn(__("Amount"))
    in_base = lists.MoneyColumn(
        __("Amount in the company's currency"), currency="company__currency", total=__("Received")
    )
    left = lists.MoneyColumn(__("Not applied"), accessor="open_item__open_amount")
    left_in_base = lists.MoneyColumn(
        __("Not applied in the company's currency"),
        accessor="open_item__open_base_amount",
        currency="company__currency",
        total=__("Not applied"),
    )
    standing = StandingColumn(__("State"))
    bank_account = lists.TextColumn(__("Bank account"), accessor="bank_account__title")
    text = lists.TextColumn(__("Text"))
    kind = "receipt"
    order = "-received_on"
    totals = ("in_base", "left_in_base")
    hidden = ("payer", "in_base", "left_in_base", "bank_account", "text", "days")
