"""Stored files, renderings of documents, and the outbox."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import states
from core.models import CompanyQuerySet, CompanyRow
from users.models import User


class StoredFile(CompanyRow):
    """A file of a document. Its bytes are kept under their SHA-256, the same bytes only once."""

    view_permission: ClassVar[str] = "core.home"

    sha256 = models.CharField(max_length=64)
    title = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The document the file belongs to; whoever may see that may see the file.
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = (models.Index(fields=["source_kind", "source_id"], name="file_source"),)

    def __str__(self) -> str:
        return self.title


class Rendering(CompanyRow):
    """The PDF of a document: asked for in the deed, made by the worker or on first view."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    view_permission: ClassVar[str] = "documents.view"

    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_name = models.CharField(_("document"), max_length=40)
    state = states.state_field(State, State.WAITING)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True)
    problem = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("PDF")
        verbose_name_plural = _("PDFs")
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], name="once_per_rendered_document"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__isnull=False), name="done_has_file"
            ),
        )
        indexes = (
            models.Index(
                fields=["company", "asked_at"],
                condition=~Q(state="done"),
                name="rendering_waiting",
            ),
        )

    def __str__(self) -> str:
        return self.source_name

    @states.transition(state, [State.WAITING, State.FAILED], State.DONE)
    def finish(self, file_id: int, at: datetime) -> None:
        self.file_id, self.done_at, self.problem = file_id, at, ""

    @states.transition(state, [State.WAITING, State.FAILED], State.FAILED)
    def fail(self, problem: str) -> None:
        self.problem = problem


class Message(CompanyRow):
    """A mail to send, or sent. Addresses are as they were when it was queued."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNCERTAIN = "uncertain", _("May have been sent")

    view_permission: ClassVar[str] = "documents.view"

    state = states.state_field(State, State.QUEUED)
    message_id = models.CharField(max_length=120, unique=True)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_name = models.CharField(_("document"), max_length=40)
    purpose = models.CharField(max_length=20)
    files = models.ManyToManyField(StoredFile, related_name="+")
    queued_at = models.DateTimeField(_("queued"))
    sending_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(_("problem"), blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "purpose", "to"],
                name="once_per_document_and_purpose",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_has_moment"
            ),
        )
        indexes = (
            models.Index(fields=["company", "-queued_at"], name="message_latest"),
            models.Index(
                fields=["company", "state"], condition=~Q(state="sent"), name="message_unsent"
            ),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def name(self) -> str:
        """What a link to it says."""
        return _("E-mail to %s") % self.to

    @states.transition(state, State.QUEUED, State.SENDING)
    def start(self, at: datetime) -> None:
        self.sending_since, self.attempts = at, self.attempts + 1

    @states.transition(state, [State.SENDING, State.UNCERTAIN, State.FAILED], State.SENT)
    def arrive(self, at: datetime) -> None:
        """It left; or somebody says that it reached its reader by another way."""
        self.sent_at, self.problem = at, ""

    @states.transition(state, State.SENDING, State.QUEUED)
    def postpone(self, problem: str) -> None:
        """It surely did not leave, and may the next time."""
        self.problem = problem

    @states.transition(state, [State.FAILED, State.UNCERTAIN], State.QUEUED)
    def requeue(self) -> None:
        """A person wants it sent again."""
        self.problem, self.attempts = "", 0

    @states.transition(state, State.SENDING, State.FAILED)
    def fail(self, problem: str) -> None:
        self.problem = problem

    @states.transition(state, State.SENDING, State.UNCERTAIN)
    def doubt(self, problem: str) -> None:
        """Nobody knows whether it left."""
        self.problem = problem
