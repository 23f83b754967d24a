"""The invoicing app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicingConfig(AppConfig):
    name = "invoicing"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        from core import kinds, numbering
        from documents import renderings
        from invoicing.printing import sheets

        numbering.register_series("invoice", "INV", chronological=True)
        numbering.register_series("credit_note", "CN", chronological=True)
        kinds.register(
            kinds.Kind(
                "invoice",
                "invoicing.Invoice",
                _("Invoice"),
                _("Invoices"),
                "invoicing:invoice",
                credit=_("Credit note"),
            ),
            {
                "invoice.issued": _("Issued"),
                "credit_note.issued": _("Credited"),
                "credit_note.applied": _("Applied"),
                "credit_note.unapplied": _("Application taken back"),
                "item.applied": _("Applied"),
                "item.unapplied": _("Application taken back"),
                "billing_rule.set": _("Way of billing changed"),
            },
        )
        renderings.register(
            "invoice", renderings.Print("print/invoice.html", "print/invoice.css", sheets)
        )
