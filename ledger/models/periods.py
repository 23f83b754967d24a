"""Periods that open and close per part of the books, and rates of exchange."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import states
from core.models import CompanyQuerySet, CompanyRow
from partners.models import with_history


class Module(models.TextChoices):
    """The part of the books a period closes."""

    RECEIVABLES = "AR", _("Receivables")
    PAYABLES = "AP", _("Payables")
    INVENTORY = "INV", _("Inventory")
    GENERAL = "GL", _("General ledger")


class Period(CompanyRow):
    """A month of one module; posting takes a share lock on it, closing an exclusive one."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SOFT_CLOSED = "soft_closed", _("Closed except for controllers")
        CLOSED = "closed", _("Closed")
        LOCKED = "locked", _("Locked for good")

    view_permission: ClassVar[str] = "ledger.view"

    module = models.CharField(_("part"), max_length=3, choices=Module)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    state = states.state_field(State, State.OPEN)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = (
            models.UniqueConstraint(fields=["company", "module", "starts_on"], name="period_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_days"),
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m} {self.get_module_display()}"

    @property
    def name(self) -> str:
        """What pages call it."""
        return str(self)

    @states.transition(state, State.OPEN, State.SOFT_CLOSED)
    def soft_close(self) -> None:
        """Only controllers still post."""

    @states.transition(state, [State.OPEN, State.SOFT_CLOSED], State.CLOSED)
    def close(self) -> None:
        """Nobody posts any more."""

    @states.transition(state, [State.SOFT_CLOSED, State.CLOSED], State.OPEN)
    def reopen(self) -> None:
        """Posting goes on."""

    @states.transition(state, State.CLOSED, State.LOCKED)
    def lock(self) -> None:
        """Closed for good."""


@with_history()
class FxRate(models.Model):
    """On a day, 1 unit of `base` is worth `rate` units of `quote`."""

    base = models.CharField(_("currency"), max_length=3)
    quote = models.CharField(_("in"), max_length=3)
    on = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=24, decimal_places=12)
    source = models.CharField(_("source"), max_length=40)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = (
            models.UniqueConstraint(fields=["base", "quote", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_positive"),
        )

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize()} {self.quote}"

    @property
    def pair(self) -> str:
        """Which unit is worth what."""
        return f"1 {self.base} in {self.quote}"
