"""What people asked for: keys that make a request count once, refusals, and signed links."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.companies import Company
from core.models.rows import CompanyQuerySet, CompanyRow
from users.models import User


class IdempotencyKey(models.Model):
    """A request that was carried out, with its answer; kept forever, since money keys are."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.UUIDField()
    deed = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "key", "deed"], name="once_per_request_key"),
        )

    def __str__(self) -> str:
        return f"{self.deed} {self.key}"


class RefusedAttempt(CompanyRow):
    """A deed the business said no to; written after the refusal in a transaction of its own."""

    view_permission: ClassVar[str] = "core.audit"

    company = models.ForeignKey(  # type: ignore[assignment] # a refusal may concern none
        Company, models.PROTECT, related_name="+", null=True
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    path = models.CharField(max_length=300)
    code = models.CharField(max_length=60)
    message = models.TextField()

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused attempt")

    def __str__(self) -> str:
        return f"{self.code} {self.at:%Y-%m-%d %H:%M}"


class SignedLink(CompanyRow):
    """A door for someone without a login: one purpose, one subject, an end, revocable."""

    view_permission: ClassVar[str] = "core.audit"

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed link")

    def __str__(self) -> str:
        return f"{self.purpose} {self.kind} {self.subject_id}"


class SignedLinkVisit(models.Model):
    """One opening of a signed link; opening never acts."""

    link = models.ForeignKey(SignedLink, models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%Y-%m-%d %H:%M}"
