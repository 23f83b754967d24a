"""The counter rows behind document numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.companies import Company


class NumberSeries(models.Model):
    """One counter per company, kind and year (0: endless); only `core.numbering` advances it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    prefix = models.CharField(max_length=12)
    next = models.PositiveBigIntegerField(default=1)
    chronological = models.BooleanField(default=False)
    last_date = models.DateField()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(
                fields=["company", "kind", "fiscal_year"], name="one_series_per_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix}-{self.fiscal_year}"
