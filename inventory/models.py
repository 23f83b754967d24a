"""Warehouses, stock rows, their moves and reservations.

Moves and reservations are hot tables: that their stock row is there is proved by a trigger once
for a whole statement (migration 0002), not by a constraint row by row.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from core.models import CompanyQuerySet, CompanyRow, Document


class Warehouse(CompanyRow):
    """A place where stock lies; `is_default` serves orders that name none."""

    view_permission: ClassVar[str] = "inventory.view"

    code = models.CharField(_("code"), max_length=10)
    title = models.CharField(_("name"), max_length=80)
    is_default = models.BooleanField(_("is the default"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        constraints = (
            models.UniqueConstraint(fields=["company", "code"], name="warehouse_code"),
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_default=True), name="one_default_warehouse"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(archived_at=None), name="default_warehouse_in_use"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return self.code


class Stock(CompanyRow):
    """One product in one warehouse. `value` is in the company's currency, at moving average."""

    view_permission: ClassVar[str] = "inventory.view"

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="stock", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    on_hand = models.DecimalField(_("on hand"), max_digits=20, decimal_places=6, default=0)
    reserved = models.DecimalField(_("reserved"), max_digits=20, decimal_places=6, default=0)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, default=0)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = (
            models.UniqueConstraint(fields=["warehouse", "product"], name="stock_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")), name="stock_promised"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & (~Q(on_hand=0) | Q(value=0)), name="stock_value"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product} @ {self.warehouse}"

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return str(self.pk)


class StockDocument(Document):
    """A receipt, an adjustment or an opening count; its moves are its lines.

    A wrong one is set right by another that `reverses` it at the values booked.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        ADJUSTMENT = "adjustment", _("Adjustment")
        OPENING = "opening", _("Opening stock")
        REVERSAL = "reversal", _("Reversal")

    view_permission: ClassVar[str] = "inventory.view"

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    moved_on = models.DateField(_("date"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, related_name="reversed_by", null=True, editable=False
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock document")
        verbose_name_plural = _("stock documents")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="stock_document_number"),
            models.CheckConstraint(
                condition=(Q(kind="reversal") & Q(reverses__isnull=False) & ~Q(reason=""))
                | (~Q(kind="reversal") & Q(reverses=None)),
                name="reversal_has_document_and_reason",
            ),
        )


class Move(models.Model):
    """A change of one stock row: quantity and value, both signed. Append-only.

    Its journal entry is that of its source.
    """

    stock = models.ForeignKey(
        Stock, models.PROTECT, related_name="moves", db_index=False, db_constraint=False
    )
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    moved_on = models.DateField(_("date"))
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_name = models.CharField(_("document"), max_length=40)

    class Meta:
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        constraints = (models.CheckConstraint(condition=~Q(quantity=0), name="move_not_zero"),)
        indexes = (
            models.Index(fields=["stock", "-id"], name="move_latest"),
            models.Index(fields=["source_kind", "source_id"], name="move_source"),
        )

    def __str__(self) -> str:
        return f"{self.quantity}"


class Reservation(models.Model):
    """Stock promised to an order line; used by shipping, given back by cancelling."""

    stock = models.ForeignKey(
        Stock, models.PROTECT, related_name="reservations", db_constraint=False
    )
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)

    class Meta:
        verbose_name = _("reservation")
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], name="once_per_reserving_row"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="reservation_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.quantity}"
