"""What the lists of the books can be asked for."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import lists
from ledger.models import Account, AccountRole, Journal, TaxCategory


class EntryFilters(lists.Filters):
    """By journal, day, document and person."""

    search = ("number", "source_name", "text")
    views = (
        (_("All"), {}),
        (_("Sales"), {"journal": "sales"}),
        (_("Cash"), {"journal": "cash"}),
        (_("Stock"), {"journal": "stock"}),
        (_("General"), {"journal": "general,opening"}),
    )
    journal = lists.Choice(_("Journal"), "journal", Journal.choices)
    on = lists.Days(_("Day"), "posting_date")
    document = lists.Words(_("Document"), "source_name")
    by = lists.Words(_("By"), "recorded_by__name")


class LineFilters(lists.Filters):
    """By day, document, side and amount."""

    search = ("entry__number", "entry__source_name", "entry__text")
    on = lists.Days(_("Day"), "posting_date")
    document = lists.Words(_("Document"), "entry__source_name")
    currency = lists.Words(_("Currency"), "currency")
    over = lists.Over(_("Amount from"), "base_amount")
    under = lists.Under(_("Amount up to"), "base_amount")


class InUse(lists.Choice):
    """Rows out of use show only where they are asked for."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return rows.filter(archived_at__isnull="archived" not in value)


class ChartFilters(lists.Filters):
    """By name, kind and use."""

    search = ("number", "title")
    views = (
        (_("In use"), {}),
        (_("Balance sheet"), {"kind": "asset,liability,equity"}),
        (_("Profit and loss"), {"kind": "income,expense"}),
        (_("Out of use"), {"only": "archived"}),
    )
    kind = lists.Choice(_("Kind"), "kind", Account.Kind.choices)
    role = lists.Choice(_("Used for"), "role", AccountRole.choices)
    only = InUse(_("State"), "", (("archived", _("Out of use")),))


class RateFilters(lists.Filters):
    """By currency and day."""

    search = ("base", "quote", "source")
    currency = lists.Words(_("Currency"), "base", "quote")
    on = lists.Days(_("Day"), "on")


class TaxCodeFilters(lists.Filters):
    """By code and category."""

    search = ("code", "name", "exemption_reason")
    category = lists.Choice(_("Category"), "category", TaxCategory.choices)


class BankFilters(lists.Filters):
    """By name and number."""

    search = ("title", "iban")
    views = ((_("In use"), {}), (_("Out of use"), {"only": "archived"}))
    only = InUse(_("State"), "", (("archived", _("Out of use")),))
