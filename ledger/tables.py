"""The lists of the books."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import formats, lists
from core.kinds import KINDS, linked, source_address
from core.lists.columns import NOTHING, Raw
from core.templatetags.o2c import badge
from ledger.queries import account_balance, carried_over


class SourceColumn(lists.TextColumn):
    """The document an entry came from, as a link where its kind is known by name."""

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        entry = getattr(record, "entry", record)
        return linked(entry.source_name or NOTHING, source_address(table.company, entry))


class EntryTable(lists.Table):
    """The journal."""

    number = lists.NameColumn(__("Entry"))
    posting_date = lists.DayColumn(__("Day"))
    journal = lists.TextColumn(__("Journal"), accessor="get_journal_display", orderable=False)
    source_name = SourceColumn(__("Document"), orderable=False)
    text = lists.TextColumn(__("Text"), orderable=False)
    total = lists.MoneyColumn(__("Amount"), currency="company__currency", orderable=False)
    recorded_at = lists.DayColumn(__("Recorded"), orderable=False)
    recorded_by = lists.TextColumn(__("By"), accessor="recorded_by__name", orderable=False)
    kind = "entry"
    order = "-posting_date"
    hidden = ("recorded_at",)


class SideColumn(lists.MoneyColumn):
    """The base amount of a line where it stands on one side: 1 debit, -1 credit."""

    def __init__(self, *args: Any, sign: int, **options: Any) -> None:
        super().__init__(*args, currency="entry__company__currency", orderable=False, **options)
        self.sign = sign

    def raw(self, record: Any, name: str) -> Raw:
        base: Decimal = record.base_amount * self.sign
        return base if base > 0 else None

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        value = self.raw(record, name)
        return "" if value is None else self.show(value, record, table)


class ForeignColumn(lists.Column):
    """The amount in the currency of the document, where that is another."""

    css = "num"

    def raw(self, record: Any, name: str) -> Raw:
        same = record.currency == record.entry.company.currency
        return None if same else formats.amount(record.amount, record.currency, code=True)

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        return self.raw(record, name) or ""


class EntryColumn(lists.TextColumn):
    """The entry of a line, as a link."""

    css = "name"

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        address = KINDS["entry"].address(table.company, record.entry.number)
        return linked(record.entry.number, address)


class BalanceColumn(lists.MoneyColumn):
    """The balance after a line, worked out from that of the page's latest line.

    Where a fiscal year begins between two lines, what the account gained or lost then is counted.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        currency = "entry__company__currency"
        super().__init__(*args, currency=currency, orderable=False, empty_values=(), **options)
        self.after: dict[int, Decimal] = {}

    def prepare(self, rows: list[Any]) -> None:
        super().prepare(rows)
        ordered = sorted(rows, key=lambda row: (row.posting_date, row.pk), reverse=True)
        if not ordered:
            return
        company, account = ordered[0].entry.company, ordered[0].account
        years = {row.pk: company.year_begins(row.posting_date) for row in ordered}
        carried = carried_over(company, account, years.values())
        posted = self._after(ordered[0]) - carried[years[ordered[0].pk]]
        for row in ordered:
            self.after[row.pk] = posted + carried[years[row.pk]]
            posted -= row.base_amount

    @staticmethod
    def _after(row: Any) -> Decimal:
        """The balance of the account after the latest line of the page."""
        sums = account_balance(row.entry.company, row.account, row.posting_date)
        balance = sum((part.base_amount for part in sums), Decimal(0))
        later = type(row).objects.filter(
            account_id=row.account_id, posting_date=row.posting_date, pk__gt=row.pk
        )
        return balance - sum(later.values_list("base_amount", flat=True), Decimal(0))

    def raw(self, record: Any, name: str) -> Raw:
        return self.after.get(record.pk)

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        value = self.after.get(record.pk)
        return NOTHING if value is None else self.show(value, record, table)


class LineTable(lists.Table):
    """The lines of one account, some of them: without a balance, which would have gaps."""

    posting_date = lists.DayColumn(__("Day"))
    entry = EntryColumn(__("Entry"), accessor="entry__number", orderable=False)
    document = SourceColumn(__("Document"), accessor="entry__source_name", orderable=False)
    text = lists.TextColumn(__("Text"), accessor="entry__text", orderable=False)
    foreign = ForeignColumn(__("In its currency"), orderable=False, empty_values=())
    debit = SideColumn(__("Debit"), accessor="base_amount", sign=1)
    credit = SideColumn(__("Credit"), accessor="base_amount", sign=-1)
    kind = "entry"
    order = "-posting_date"


class AccountTable(LineTable):
    """All lines of one account with the balance after each."""

    balance = BalanceColumn(__("Balance"), accessor="pk")


class UseColumn(lists.Column):
    """Whether a row is in use."""

    css = "badges"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, accessor="pk", **options)

    def raw(self, record: Any, name: str) -> Raw:
        return _("Out of use") if record.archived_at else _("In use")

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        return badge("archived" if record.archived_at else "active", self.raw(record, name))


class ChartTable(lists.Table):
    """The chart of accounts."""

    number = lists.NameColumn(__("Account"))
    title = lists.TextColumn(__("Name"))
    account_kind = lists.TextColumn(__("Kind"), accessor="get_kind_display", orderable=False)
    role = lists.TextColumn(__("Used for"), accessor="get_role_display", orderable=False)
    use = UseColumn(__("State"))
    kind = "account"
    order = "number"
    hidden = ("use",)  # the saved views part what is in use from what is not


class RateColumn(lists.NumberColumn):
    """A rate, with so many decimals that the points of a column stand in one line."""

    def show(self, value: Any, record: Any, table: lists.Table) -> object:
        return formats.number(value, 6, 12)


class RateTable(lists.Table):
    """Rates of exchange."""

    pair = lists.TextColumn(__("Currencies"), accessor="pair", orderable=False)
    on = lists.DayColumn(__("Day"))
    rate = RateColumn(__("Rate"))
    source = lists.TextColumn(__("Source"))
    order = "-on"


class TaxCodeTable(lists.Table):
    """Tax codes; the name leads to the deed that ends one."""

    code = lists.TextColumn(__("Code"))
    name = lists.TextColumn(__("Name"))
    category = lists.TextColumn(__("Category"), accessor="get_category_display", orderable=False)
    rate = lists.NumberColumn(__("Percent"))
    tax_class = lists.TextColumn(__("Products taxed"))
    exemption_reason = lists.TextColumn(__("Reason printed"))
    valid_from = lists.DayColumn(__("From"))
    valid_to = lists.DayColumn(__("To"))
    order = "code"
    hidden = ("category",)


class BankTable(lists.Table):
    """Own bank accounts."""

    title = lists.NameColumn(__("Bank account"))
    iban = lists.TextColumn(__("IBAN"))
    bic = lists.TextColumn(__("BIC"))
    currency = lists.TextColumn(__("Currency"))
    account = lists.TextColumn(__("Account in the books"), accessor="account__number")
    printed = lists.TextColumn(__("On invoices"), accessor="printed", orderable=False)
    use = UseColumn(__("State"))
    kind = "bank_account"
    order = "title"
