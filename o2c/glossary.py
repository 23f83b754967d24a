"""The words of the trade that screens explain on hover: name → label and meaning."""

from typing import Any

from django.utils.translation import gettext_lazy as _

GLOSSARY: dict[str, tuple[Any, Any]] = {
    "open": (_("Open"), _("Issued and not yet paid, credited or written off.")),
    "overdue": (_("Overdue"), _("Open after the due date.")),
    "exposure": (
        _("Exposure"),
        _("Open orders, goods not yet billed and open invoices, less unapplied cash."),
    ),
    "credit_limit": (_("Credit limit"), _("The highest exposure the customer may reach.")),
}
