"""The parts of a document: lines, VAT groups, instalments; written once, with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from invoicing.models.billables import Billable
from invoicing.models.documents import Invoice
from ledger.models import OpenItem, TaxCategory, TaxCode


class InvoiceLine(models.Model):
    """One line (BG-25). `net` is BT-131; `quantity × unit_price − discount` rounded once."""

    invoice = models.ForeignKey(  # checked by trigger
        Invoice, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    billable = models.ForeignKey(  # written in the same deed
        Billable,
        models.PROTECT,
        related_name="lines",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    corrects = models.ForeignKey(  # checked by trigger
        "self", models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    product = models.ForeignKey(  # the order line's
        Product,
        models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    product_code = models.CharField(max_length=40, blank=True)
    description = models.CharField(_("description"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    unit_code = models.CharField(max_length=3)
    unit_price = models.DecimalField(_("price"), max_digits=20, decimal_places=8)
    discount_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    net = models.DecimalField(_("net"), max_digits=20, decimal_places=4)
    tax_code = models.ForeignKey(  # the order line's, or its successor of the day of supply
        TaxCode, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ("invoice", "position")
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = (
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position"),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.position}"


class TaxGroup(models.Model):
    """VAT breakdown of one category and rate (BG-23)."""

    invoice = models.ForeignKey(  # checked by trigger
        Invoice, models.CASCADE, related_name="tax_groups", db_index=False, db_constraint=False
    )
    category = models.CharField(_("category"), max_length=2, choices=TaxCategory)
    rate = models.DecimalField(_("rate"), max_digits=7, decimal_places=4)
    net = models.DecimalField(_("net"), max_digits=20, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=20, decimal_places=4)
    base_net = models.DecimalField(max_digits=20, decimal_places=4)
    base_tax = models.DecimalField(max_digits=20, decimal_places=4)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("invoice", "pk")
        verbose_name = _("VAT group")
        verbose_name_plural = _("VAT groups")
        constraints = (
            models.UniqueConstraint(
                fields=["invoice", "category", "rate"], name="one_group_per_rate"
            ),
        )

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"


class Instalment(models.Model):
    """A part of an invoice with its own due date and open item."""

    invoice = models.ForeignKey(  # checked by trigger
        Invoice, models.CASCADE, related_name="instalments", db_index=False, db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("due"))
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    open_item = models.OneToOneField(  # written in the same deed
        OpenItem, models.PROTECT, related_name="+", db_constraint=False
    )

    class Meta:
        ordering = ("invoice", "position")
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        constraints = (
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_instalment"),
        )

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount}"
