"""What may be invoiced, and how customers want it billed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Company, CompanyQuerySet, CompanyRow
from invoicing.models.documents import Invoice
from orders.models import OrderLine
from partners.models import Customer


class Billable(CompanyRow):
    """Something that may be invoiced, once: a shipment line, a fee, a period.

    `net` is its share of the order line's net by `core.money.cumulative`, so that the parts add
    up to the line. What a credit note gives back is a new row of the next `generation`.
    """

    view_permission: ClassVar[str] = "invoicing.view"
    own_rows: ClassVar[str] = "customer__sales_rep"

    company = models.ForeignKey(  # the customer's
        Company,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    generation = models.PositiveSmallIntegerField(default=1)
    customer = models.ForeignKey(  # the order's
        Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    order_line = models.ForeignKey(  # the shipment line's, which keeps it from being deleted
        OrderLine, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    shipment_id = models.BigIntegerField(null=True)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    net = models.DecimalField(_("net"), max_digits=20, decimal_places=4)
    supplied_on = models.DateField(_("supplied on"))
    invoice = models.ForeignKey(  # checked by trigger
        Invoice,
        models.PROTECT,
        related_name="billables",
        null=True,
        db_index=False,
        db_constraint=False,
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("billable")
        verbose_name_plural = _("billables")
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "generation"], name="once_per_billed_source"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="billable_positive"),
        )
        indexes = (
            models.Index(
                fields=["company", "customer"], condition=Q(invoice=None), name="billable_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_kind} {self.source_id}"


class BillingRule(CompanyRow):
    """How a customer wants to be billed; one without a row gets an invoice for each shipment."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", _("An invoice for each shipment")
        COLLECTED = "collected", _("Collected until somebody bills them")

    view_permission: ClassVar[str] = "invoicing.view"
    own_rows: ClassVar[str] = "customer__sales_rep"

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="+")
    rhythm = models.CharField(_("billing"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing rule")
        verbose_name_plural = _("billing rules")

    def __str__(self) -> str:
        return f"{self.customer}: {self.get_rhythm_display()}"
