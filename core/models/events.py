"""What happened, what it happened to, what follows, and which document came from which.

Events are append-only and form an object-centric event log (OCEL): one event, several subjects.
Nothing refers to these tables by foreign key, so that they can be split by month.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.companies import Company
from core.models.rows import CompanyQuerySet, CompanyRow
from users.models import User


class Event(models.Model):
    """One past-tense fact, e.g. `order.confirmed`. `facts` hold references, never personal data."""

    company = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    verb = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        indexes = (models.Index(fields=["company", "verb", "at"], name="event_verb"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class EventSubject(models.Model):
    """One object an event happened to; `role` tells several of one kind apart."""

    event_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    role = models.CharField(max_length=20, default="")

    class Meta:
        indexes = (
            models.Index(fields=["kind", "subject_id", "event_id"], name="subject_timeline"),
            models.Index(fields=["event_id"], name="subject_event"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class FollowUp(CompanyRow):
    """Work that follows an event. The table is the queue: a dead broker delays, never loses.

    waiting → leased (leased_until in the future) → done | parked with the refusal's words.
    """

    view_permission: ClassVar[str] = "core.follow_ups"

    company = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    handler = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        constraints = (
            models.UniqueConstraint(
                fields=["event_id", "handler", "subject_id"], name="once_per_event_and_handler"
            ),
        )
        indexes = (
            models.Index(
                fields=["handler", "due_at"],
                condition=models.Q(done_at=None, parked_at=None),
                name="follow_up_waiting",
            ),
            models.Index(
                fields=["company", "parked_at"],
                condition=models.Q(parked_at__isnull=False, done_at=None),
                name="follow_up_parked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.handler} {self.kind} {self.subject_id}"


class DocumentLink(models.Model):
    """The document flow, from → to in a role, e.g. from a shipment to its invoice as `billed_by`.

    Names are kept beside the ids, so that a page shows its related documents from here alone.
    """

    company = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    from_kind = models.CharField(max_length=20)
    from_id = models.BigIntegerField()
    from_name = models.CharField(max_length=40)
    to_kind = models.CharField(max_length=20)
    to_id = models.BigIntegerField()
    to_name = models.CharField(max_length=40)
    role = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["from_kind", "from_id", "to_kind", "to_id", "role"],
                name="once_per_link",
            ),
        )
        indexes = (models.Index(fields=["to_kind", "to_id"], name="link_backwards"),)

    def __str__(self) -> str:
        return f"{self.from_name} → {self.to_name}"
