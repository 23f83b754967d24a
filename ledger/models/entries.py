"""Journal entries and their lines: written once by `ledger.posting`, changed by nobody."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Company, CompanyQuerySet, CompanyRow
from ledger.models.accounts import Account
from ledger.models.periods import Module
from users.models import User


class Journal(models.TextChoices):
    """The book an entry stands in."""

    SALES = "sales", _("Sales")
    CASH = "cash", _("Cash and allocations")
    STOCK = "stock", _("Stock")
    PURCHASES = "purchases", _("Purchases")
    GENERAL = "general", _("General")
    OPENING = "opening", _("Opening")

    @property
    def module(self) -> Module:
        """The part of the books whose period must be open."""
        return MODULES.get(self, Module.GENERAL)


MODULES = {
    Journal.SALES: Module.RECEIVABLES,
    Journal.CASH: Module.RECEIVABLES,
    Journal.STOCK: Module.INVENTORY,
    Journal.PURCHASES: Module.PAYABLES,
}


class Entry(CompanyRow):
    """One balanced entry of one source and event. Corrections are reversals (rule L2).

    The books are the hottest tables: what a trigger proves for a whole statement (an open period
    of the company, entry and account of each line) needs no foreign key checked row by row.
    """

    view_permission: ClassVar[str] = "ledger.view"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.CharField(_("number"), max_length=30)
    journal = models.CharField(_("journal"), max_length=10, choices=Journal)
    posting_date = models.DateField(_("posting date"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        User,
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("recorded by"),
    )
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_name = models.CharField(_("document"), max_length=40)
    event = models.CharField(max_length=20)
    text = models.CharField(_("text"), max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "event"], name="once_per_source_and_event"
            ),
            models.UniqueConstraint(fields=["company", "number"], name="entry_number"),
        )
        indexes = (
            models.Index(fields=["company", "-posting_date", "-id"], name="entry_latest"),
            BrinIndex(fields=["recorded_at"], name="entry_recorded", autosummarize=True),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return self.number


class EntryLine(models.Model):
    """One side of an entry. Amounts are signed, debit above zero.

    `base_amount` is in the company's currency, `amount` in `currency`; both balance over the
    entry. A line of an exchange difference has an amount of zero in the foreign currency.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", db_constraint=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    posting_date = models.DateField()  # of the entry, so that an account reads in order of days
    base_amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    # Who and what the line is about, where the account has a subledger.
    partner_id = models.BigIntegerField(null=True)
    open_item_id = models.BigIntegerField(null=True)
    tax_code_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(base_amount=0) | ~Q(amount=0), name="line_not_zero"
            ),
        )
        indexes = (
            models.Index(fields=["account", "-posting_date", "-id"], name="line_of_account"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.base_amount}"

    @property
    def credit(self) -> Decimal:
        """The base amount seen from the credit side."""
        return -self.base_amount
