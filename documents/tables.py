"""The lists of mail and of PDFs that wait."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import lists
from core.kinds import source_address


class MessageTable(lists.Table):
    """Mail that is queued, or was sent."""

    subject = lists.NameColumn(_("Subject"))
    to = lists.TextColumn(_("To"))
    source_name = lists.TextColumn(_("Document"))
    queued_at = lists.DayColumn(_("Queued"))
    sent_at = lists.DayColumn(_("Sent"))
    attempts = lists.NumberColumn(_("Attempts"))
    state = lists.StateColumn(_("State"))
    problem = lists.TextColumn(_("Problem"))
    kind = "message"
    order = "-queued_at"
    hidden = ("attempts", "problem")


class RenderingTable(lists.Table):
    """PDFs that are not there yet."""

    source_name = lists.NameColumn(_("Document"))
    asked_at = lists.DayColumn(_("Asked for"))
    state = lists.StateColumn(_("State"))
    problem = lists.TextColumn(_("Problem"))
    order = "asked_at"

    def link(self, record: Any) -> str:
        return source_address(self.company, record)
