"""What was said to customers about what they owe."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import CompanyQuerySet, CompanyRow
from ledger.models import OpenItem
from partners.models import Customer
from users.models import User


class ContactNote(CompanyRow):
    """One call, mail or visit about open items, and when to come back to it."""

    class Channel(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        VISIT = "visit", _("Visit")

    view_permission: ClassVar[str] = "dunning.view"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    channel = models.CharField(_("by"), max_length=6, choices=Channel, default=Channel.CALL)
    spoke_with = models.CharField(_("spoke with"), max_length=120, blank=True)
    text = models.TextField(_("what was said"), max_length=2000)
    next_contact_on = models.DateField(_("come back on"), null=True, blank=True)
    noted_at = models.DateTimeField(_("when"))
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    items = models.ManyToManyField(OpenItem, related_name="+")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact note")
        verbose_name_plural = _("contact notes")
        indexes = (models.Index(fields=["customer", "-noted_at"], name="contact_latest"),)
        constraints = (
            models.CheckConstraint(condition=~models.Q(text=""), name="contact_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.noted_at:%Y-%m-%d}"
