"""Reads for the pages of documents: mail, PDFs, and who may have a file."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.kinds import KINDS
from core.models import Company
from documents.models import Message, Rendering, StoredFile
from users.models import User

# What a person has to look at: failed, perhaps sent, or waiting with a problem.
TROUBLED = Q(state__in=["failed", "uncertain"]) | (Q(state="queued") & ~Q(problem=""))


def mail(user: User, company: Company) -> QuerySet[Message]:
    """The messages of a company that a person may read."""
    rows: QuerySet[Message] = Message.objects.visible_to(user).filter(company=company)
    return rows


def troubled(user: User, company: Company) -> QuerySet[Message]:
    """Messages that a person has to decide about, the oldest first."""
    return mail(user, company).filter(TROUBLED).order_by("queued_at", "pk")


def messages_of(kind: str, pk: int) -> list[Message]:
    """The mail about one document, newest first."""
    rows = Message.objects.filter(source_kind=kind, source_id=pk)
    return list(rows.order_by("-queued_at", "-pk")[:20])


def pdf_of(kind: str, pk: int) -> str:
    """The address of a document's PDF; empty while there is none."""
    done = Rendering.objects.filter(source_kind=kind, source_id=pk, state=Rendering.State.DONE)
    found = done.values_list("company__slug", "file_id").first()
    return reverse("documents:file", args=found) if found else ""


def pdfs(user: User, company: Company) -> QuerySet[Rendering]:
    """The PDFs of a company, there or not yet, that a person may see."""
    rows: QuerySet[Rendering] = Rendering.objects.visible_to(user).filter(company=company)
    return rows


def renderings(user: User, company: Company) -> QuerySet[Rendering]:
    """PDFs that are not there yet."""
    return pdfs(user, company).exclude(state=Rendering.State.DONE)


def file_for(user: User, company: Company, pk: int) -> StoredFile | None:
    """A file, for whoever may see the document it belongs to."""
    file = StoredFile.objects.visible_to(user).filter(company=company, pk=pk).first()
    if file is None or file.source_kind not in KINDS:
        return None
    documents = KINDS[file.source_kind].visible_to(user)
    return file if documents.filter(pk=file.source_id, company=company).exists() else None
