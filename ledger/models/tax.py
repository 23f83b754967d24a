"""Tax codes: category and rate of EN 16931, by day of supply."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import CompanyQuerySet, CompanyRow
from partners.models import with_history


class TaxCategory(models.TextChoices):
    """VAT category codes (UNCL 5305 as EN 16931 uses it, BT-118 and BT-151)."""

    STANDARD = "S", _("Standard or reduced rate")
    ZERO = "Z", _("Zero rated")
    EXEMPT = "E", _("Exempt")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    INTRA_COMMUNITY = "K", _("Intra-community supply")
    EXPORT = "G", _("Export")
    OUTSIDE_SCOPE = "O", _("Outside the scope of tax")


@with_history()
class TaxCode(CompanyRow):
    """How a supply is taxed: what `ledger.tax.determine` picks for a line."""

    view_permission: ClassVar[str] = "ledger.view_setup"

    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=80)
    category = models.CharField(_("category"), max_length=2, choices=TaxCategory)
    tax_class = models.CharField(_("product's tax"), max_length=10, blank=True)
    rate = models.DecimalField(_("rate in percent"), max_digits=7, decimal_places=4)
    exemption_reason = models.CharField(_("reason printed"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax code")
        verbose_name_plural = _("tax codes")
        constraints = (
            models.UniqueConstraint(fields=["company", "code", "valid_from"], name="tax_code_once"),
            models.CheckConstraint(
                condition=Q(category="S", rate__gt=0) | (~Q(category="S") & Q(rate=0)),
                name="tax_rate_of_category",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="tax_days"
            ),
        )

    def __str__(self) -> str:
        return self.name
