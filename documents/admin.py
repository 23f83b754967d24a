"""Files, PDFs and mail, to look at."""

from core.admin import look_only
from documents.models import Message, Rendering, StoredFile

look_only(Message, Rendering, StoredFile)
