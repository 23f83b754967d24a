"""Sums per account and day, so that reports need not add up every line ever posted."""

from django.db import models

from core.models import Company
from ledger.models.accounts import Account


class DayTotal(models.Model):
    """The sum of one account's lines of one day in one currency, up to the company's mark.

    Both sides are above zero, in the company's currency and in `currency`. A cache: the ledger's
    totals fold new entries into it, reports add what lies above the mark, and an invariant proves
    it equal to the lines.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    day = models.DateField()
    base_debit = models.DecimalField(max_digits=20, decimal_places=4)
    base_credit = models.DecimalField(max_digits=20, decimal_places=4)
    debit = models.DecimalField(max_digits=20, decimal_places=4)
    credit = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "day", "currency"], name="one_total_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"


class TotalsMark(models.Model):
    """Up to which entry id the day totals of a company are complete."""

    company = models.OneToOneField(Company, models.PROTECT, primary_key=True, related_name="+")
    entry_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.company_id}: {self.entry_id}"
