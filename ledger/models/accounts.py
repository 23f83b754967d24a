"""The chart of accounts. Postings name roles; a role belongs to one account of a company."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import CompanyQuerySet, CompanyRow
from partners.models import with_history

NUMBER_LENGTH = 10


class AccountRole(models.TextChoices):
    """What an account is for, as postings name it."""

    AR_CONTROL = "AR_CONTROL", _("Trade receivables")
    UNAPPLIED_RECEIPTS = "UNAPPLIED_RECEIPTS", _("Unapplied receipts and credits")
    UNBILLED_RECEIVABLE = "UNBILLED_RECEIVABLE", _("Unbilled receivables")
    DEFERRED_REVENUE = "DEFERRED_REVENUE", _("Deferred revenue")
    CUSTOMER_DEPOSITS = "CUSTOMER_DEPOSITS", _("Customer deposits")
    REVENUE = "REVENUE", _("Revenue")
    REVENUE_RETURNS = "REVENUE_RETURNS", _("Returns and credit notes")
    DISCOUNT_GIVEN = "DISCOUNT_GIVEN", _("Discounts given")
    FREIGHT_INCOME = "FREIGHT_INCOME", _("Freight income")
    VAT_OUTPUT = "VAT_OUTPUT", _("VAT on sales")
    VAT_INPUT = "VAT_INPUT", _("VAT on purchases")
    VAT_RC_OUTPUT = "VAT_RC_OUTPUT", _("Reverse-charge VAT owed")
    VAT_RC_INPUT = "VAT_RC_INPUT", _("Reverse-charge VAT deductible")
    VAT_IMPORT = "VAT_IMPORT", _("Import VAT")
    INVENTORY = "INVENTORY", _("Inventory")
    INVENTORY_DIFFERENCE = "INVENTORY_DIFFERENCE", _("Inventory differences")
    COGS = "COGS", _("Cost of goods sold")
    BAD_DEBT = "BAD_DEBT", _("Bad debts")
    ECL_ALLOWANCE = "ECL_ALLOWANCE", _("Allowance for credit losses")
    ECL_EXPENSE = "ECL_EXPENSE", _("Expected credit losses")
    PAYMENT_DIFFERENCE = "PAYMENT_DIFFERENCE", _("Payment differences")
    FX_REALISED = "FX_REALISED", _("Exchange differences, realised")
    FX_UNREALISED = "FX_UNREALISED", _("Exchange differences, unrealised")
    AR_REVALUATION = "AR_REVALUATION", _("Revaluation of receivables")
    BANK = "BANK", _("Bank")
    CARD_CLEARING = "CARD_CLEARING", _("Card clearing")
    DD_CLEARING = "DD_CLEARING", _("Direct debit clearing")
    PAYMENT_CLEARING = "PAYMENT_CLEARING", _("Payments in transit")
    BANK_FEES = "BANK_FEES", _("Bank fees")
    PAYMENT_FEES = "PAYMENT_FEES", _("Payment provider fees")
    CHARGEBACK_FEES = "CHARGEBACK_FEES", _("Chargeback fees")
    LATE_INTEREST_INCOME = "LATE_INTEREST_INCOME", _("Late interest")
    DUNNING_FEE_INCOME = "DUNNING_FEE_INCOME", _("Reminder fees")
    AP_CONTROL = "AP_CONTROL", _("Trade payables")
    GRNI = "GRNI", _("Goods received, not invoiced")
    PRICE_VARIANCE = "PRICE_VARIANCE", _("Price variances")
    LANDED_COST_CLEARING = "LANDED_COST_CLEARING", _("Landed cost clearing")
    SUPPLIER_PREPAYMENTS = "SUPPLIER_PREPAYMENTS", _("Prepayments to suppliers")
    DISCOUNT_RECEIVED = "DISCOUNT_RECEIVED", _("Discounts received")
    EXPENSE = "EXPENSE", _("Expenses")
    IC_RECEIVABLE = "IC_RECEIVABLE", _("Intercompany receivables")
    IC_PAYABLE = "IC_PAYABLE", _("Intercompany payables")
    IC_REVENUE = "IC_REVENUE", _("Intercompany revenue")
    IC_EXPENSE = "IC_EXPENSE", _("Intercompany expense")
    OPENING_BALANCE = "OPENING_BALANCE", _("Opening balances")
    RETAINED_EARNINGS = "RETAINED_EARNINGS", _("Retained earnings")


# Accounts that take postings from their subledger only; a manual entry to them is refused.
CONTROL_ROLES = frozenset(
    {
        AccountRole.AR_CONTROL,
        AccountRole.UNAPPLIED_RECEIPTS,
        AccountRole.AP_CONTROL,
        AccountRole.GRNI,
        AccountRole.CUSTOMER_DEPOSITS,
        AccountRole.SUPPLIER_PREPAYMENTS,
        AccountRole.INVENTORY,
    }
)


@with_history()
class Account(CompanyRow):
    """One account of a company's chart."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    view_permission: ClassVar[str] = "ledger.view_setup"

    number = models.CharField(_("number"), max_length=NUMBER_LENGTH)
    title = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    role = models.CharField(_("used for"), max_length=24, choices=AccountRole, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ("company", "number")
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="account_number"),
            models.UniqueConstraint(
                fields=["company", "role"],
                condition=~models.Q(role=""),
                name="one_account_per_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return self.number

    @property
    def is_result(self) -> bool:
        """Whether it counts from the first day of each fiscal year."""
        return self.kind in (self.Kind.INCOME, self.Kind.EXPENSE)

    @property
    def keeps_results(self) -> bool:
        """Whether it gains the results of the years that ended."""
        return self.role == AccountRole.RETAINED_EARNINGS


@with_history()
class BankAccount(CompanyRow):
    """An account of the company at a bank, with the ledger account that mirrors it."""

    view_permission: ClassVar[str] = "ledger.view_setup"

    title = models.CharField(_("name"), max_length=80)
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    is_default = models.BooleanField(_("is printed on invoices"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("own bank account")
        verbose_name_plural = _("own bank accounts")
        constraints = (
            models.UniqueConstraint(
                fields=["company", "iban", "currency"], name="own_bank_account_once"
            ),
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=models.Q(is_default=True),
                name="one_printed_bank_account",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """What pages call it."""
        return self.title

    @property
    def printed(self) -> str:
        """Whether invoices in its currency print it, in a word."""
        return str(_("Printed")) if self.is_default else ""
