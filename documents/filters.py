"""What the lists of mail and PDFs can be asked for."""

from django.utils.translation import gettext_lazy as _

from core import lists
from documents.models import Message, Rendering


class MessageFilters(lists.Filters):
    """By reader, document, day and state."""

    search = ("subject", "to", "source_name")
    views = (
        (_("All"), {}),
        (_("Failed or in doubt"), {"state": "failed,uncertain"}),
        (_("Waiting"), {"state": "queued,sending"}),
    )
    to = lists.Words(_("To"), "to")
    document = lists.Words(_("Document"), "source_name")
    queued = lists.Days(_("Queued"), "queued_at")
    state = lists.Choice(_("State"), "state", Message.State.choices)


class RenderingFilters(lists.Filters):
    """By document and state."""

    search = ("source_name", "problem")
    document = lists.Words(_("Document"), "source_name")
    state = lists.Choice(_("State"), "state", Rendering.State.choices)
