"""The words of the trade that screens explain on hover: name → label and meaning."""

from typing import Any

from django.utils.translation import gettext_lazy as _

GLOSSARY: dict[str, tuple[Any, Any]] = {
    "dso": (_("DSO"), _("Days sales outstanding: how many days of sales are still unpaid.")),
    "dso_count_back": (
        _("DSO, count-back"),
        _("Days sales outstanding, counted back month by month until the open amount is used up."),
    ),
    "open": (_("Open"), _("Issued and not yet paid, credited or written off.")),
    "overdue": (_("Overdue"), _("Open after the due date.")),
    "unapplied": (_("Unapplied cash"), _("Money received that is not yet matched to an invoice.")),
    "exposure": (
        _("Exposure"),
        _("Open orders, goods not yet billed and open invoices, less unapplied cash."),
    ),
    "credit_limit": (_("Credit limit"), _("The highest exposure the customer may reach.")),
    "aging": (_("Ageing"), _("Open amounts by how long they have been due.")),
    "available": (_("Available"), _("On hand, less what is reserved for orders.")),
    "reserved": (_("Reserved"), _("Set aside for confirmed orders, not yet shipped.")),
    "backorder": (_("Backorder"), _("Ordered quantity that no stock is reserved for yet.")),
    "billable": (_("Billable"), _("Something delivered or agreed that may now be invoiced.")),
    "net": (_("Net"), _("Amount before tax.")),
    "gross": (_("Gross"), _("Amount including tax.")),
}
