"""Long work a person can watch, leave, find again and stop."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.models.rows import CompanyQuerySet, CompanyRow
from users.models import User


class Job(CompanyRow):
    """Progress of one run over many documents."""

    view_permission: ClassVar[str] = "core.jobs"
    own_rows: ClassVar[str] = "started_by"

    title = models.CharField(max_length=120)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)  # when somebody last worked on it
    ended_at = models.DateTimeField(null=True)
    work = models.JSONField(default=list)  # ids of the rows it is about
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)
    report = models.JSONField(default=list)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        indexes = (models.Index(fields=["company", "-started_at"], name="job_latest"),)

    def __str__(self) -> str:
        return self.title

    @property
    def worked(self) -> int:
        """How many documents have been dealt with, one way or the other."""
        return self.done + self.refused

    @property
    def words(self) -> str:
        """How it stands."""
        if self.ended_at is None:
            return _now("Stopping") if self.stop_requested else _now("Running")
        return _now("Stopped") if self.worked < self.total else _now("Done")
