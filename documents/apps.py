"""The documents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents and mail")

    def ready(self) -> None:
        from core import kinds

        kinds.register(
            kinds.Kind(
                "message",
                "documents.Message",
                _("Message"),
                _("E-mails"),
                "documents:message",
                "pk",
            ),
            {
                "message.queued": _("Queued"),
                "message.sent": _("Sent"),
                "pdfs.asked": _("PDFs asked for"),
            },
        )
