"""The lists of partners."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import lists
from core.lists.columns import Raw
from core.templatetags.o2c import badge


class StandingColumn(lists.Column):
    """Whether business can go on: blocked, over the limit, archived, or good."""

    css = "badges"

    def __init__(self, *args: Any, good: Any = "", **options: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, **options)
        self.good = good

    def standing(self, record: Any) -> tuple[str, str]:
        account = getattr(record, "credit_account", None)
        if record.archived_at:
            return "archived", _("Archived")
        if account and account.blocked:
            return "on_hold", _("Blocked")
        if account and record.exposure > account.limit:
            return "held", _("Over limit")
        return "active", str(self.good or _("Good"))

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        return badge(*self.standing(record))

    def raw(self, record: Any, name: str) -> Raw:
        return self.standing(record)[1]


class CustomerTable(lists.Table):
    """Buyers with their credit."""

    name = lists.NameColumn(__("Customer"), accessor="partner__name")
    number = lists.TextColumn(__("Number"))
    standing = StandingColumn(__("Standing"))
    exposure = lists.MoneyColumn(__("Exposure"), currency="credit_account__currency")
    limit = lists.MoneyColumn(
        __("Credit limit"), accessor="credit_account__limit", currency="credit_account__currency"
    )
    terms = lists.TextColumn(__("Terms"), accessor="payment_terms__name")
    sales_rep = lists.TextColumn(__("Sales rep"), accessor="sales_rep__name")
    collector = lists.TextColumn(__("Collector"), accessor="collector__name")
    country = lists.TextColumn(__("Country"), accessor="partner__country")
    currency = lists.TextColumn(__("Currency"))
    vat_id = lists.TextColumn(__("VAT number"), accessor="partner__vat_id")
    kind = "customer"
    order = "name"
    totals = ("exposure",)
    hidden = ("collector", "currency", "vat_id")


class SupplierTable(lists.Table):
    """Sellers."""

    name = lists.NameColumn(__("Supplier"), accessor="partner__name")
    number = lists.TextColumn(__("Number"))
    standing = StandingColumn(__("Standing"))
    terms = lists.TextColumn(__("Terms"), accessor="payment_terms__name")
    country = lists.TextColumn(__("Country"), accessor="partner__country")
    currency = lists.TextColumn(__("Currency"))
    vat_id = lists.TextColumn(__("VAT number"), accessor="partner__vat_id")
    kind = "supplier"
    order = "name"


class TermsTable(lists.Table):
    """Payment terms."""

    name = lists.NameColumn(__("Payment terms"))
    code = lists.TextColumn(__("Code"))
    used_by = lists.NumberColumn(__("Customers"))
    standing = StandingColumn(__("State"), good=__("In use"))
    kind = "terms"
    order = "code"
