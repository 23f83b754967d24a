"""Open items and their allocations: the one subledger for customers and suppliers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Company, CompanyQuerySet, CompanyRow
from ledger.models.accounts import AccountRole
from ledger.models.entries import Entry
from partners.models import Customer, Supplier


class Side(models.TextChoices):
    """On which side of the account the item stands."""

    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")


class OpenItem(CompanyRow):
    """Something owed: an instalment, a receipt, a credit note, a deposit, a payable.

    Amounts are above zero on their `side`. `account_role` is the control account it explains.
    A receipt of an unknown payer has neither customer nor supplier until it is identified.
    """

    view_permission: ClassVar[str] = "ledger.view"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    account_role = models.CharField(max_length=24, choices=AccountRole)
    side = models.CharField(max_length=6, choices=Side)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", null=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="+", null=True, db_index=False
    )
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_name = models.CharField(_("document"), max_length=40)
    position = models.PositiveSmallIntegerField(default=1)
    posted_on = models.DateField(_("date"))
    recorded_at = models.DateTimeField(_("recorded at"))
    due_on = models.DateField(_("due"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    base_amount = models.DecimalField(max_digits=20, decimal_places=4)
    open_amount = models.DecimalField(_("open"), max_digits=20, decimal_places=4)
    open_base_amount = models.DecimalField(max_digits=20, decimal_places=4)
    payment_reference = models.CharField(_("reference"), max_length=35, blank=True)
    # Facts pushed down by the apps above, in the deed that changes them.
    dunning_level = models.PositiveSmallIntegerField(default=0)
    is_disputed = models.BooleanField(default=False)
    # When an item of the system before was found to be none, and its name was free again.
    taken_back_at = models.DateTimeField(null=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "position"], name="once_per_source_and_position"
            ),
            models.UniqueConstraint(
                fields=["company", "customer", "supplier", "source_name"],
                condition=Q(source_kind="open_item", position=1, taken_back_at=None),
                nulls_distinct=False,
                name="once_taken_over",
            ),
            models.CheckConstraint(
                condition=Q(open_amount__gte=0) & Q(open_amount__lte=F("amount")),
                name="open_amount_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(open_base_amount__gte=0) & Q(open_base_amount__lte=F("base_amount")),
                name="open_base_in_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(open_amount=0) | Q(open_base_amount=0), name="closed_in_both"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(source_kind="open_item", open_amount=0),
                name="taken_back_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(customer=None) | Q(supplier=None), name="item_of_one_partner"
            ),
        )
        indexes = (
            models.Index(
                fields=["company", "customer", "currency"],
                include=[
                    "account_role",
                    "due_on",
                    "open_amount",
                    "open_base_amount",
                    "posted_on",
                    "side",
                ],
                condition=~Q(open_amount=0),
                name="item_open",
            ),
            models.Index(
                fields=["company"],
                condition=~Q(open_amount=0) & Q(account_role=AccountRole.UNAPPLIED_RECEIPTS),
                name="item_unapplied",
            ),
            models.Index(
                fields=["company", "payment_reference"],
                condition=~Q(payment_reference=""),
                name="item_reference",
            ),
            models.Index(fields=["company", "source_name"], name="item_source_name"),
            models.Index(
                fields=["supplier"], condition=Q(supplier__isnull=False), name="item_supplier"
            ),
        )

    def __str__(self) -> str:
        return self.source_name

    @property
    def name(self) -> str:
        """The name of its document."""
        return self.source_name


class Allocation(CompanyRow):
    """A dated link of a debit item with a credit item; reversed by a minus row, never deleted."""

    view_permission: ClassVar[str] = "ledger.view"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    debit_item = models.ForeignKey(OpenItem, models.PROTECT, related_name="debit_allocations")
    credit_item = models.ForeignKey(OpenItem, models.PROTECT, related_name="credit_allocations")
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    debit_base = models.DecimalField(max_digits=20, decimal_places=4)
    credit_base = models.DecimalField(max_digits=20, decimal_places=4)
    posting_date = models.DateField()
    recorded_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = (
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="allocation_sign",
            ),
        )
        indexes = (models.Index(fields=["company", "posting_date"], name="allocation_day"),)

    def __str__(self) -> str:
        return f"{self.amount}"
