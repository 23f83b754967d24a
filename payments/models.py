"""Bank statements, their transactions, and the receipts made of them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import states
from core.models import CompanyQuerySet, CompanyRow, Document
from documents.models import StoredFile
from ledger.models import BankAccount, Entry, OpenItem
from partners.models import Customer
from users.models import User


class BankStatement(CompanyRow):
    """One statement of one own account. Opening plus entries is closing (I23)."""

    view_permission: ClassVar[str] = "payments.view"

    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    statement_id = models.CharField(_("statement"), max_length=40)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"))
    opening_balance = models.DecimalField(_("opening"), max_digits=20, decimal_places=4)
    closing_balance = models.DecimalField(_("closing"), max_digits=20, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True)
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        constraints = (
            models.UniqueConstraint(
                fields=["bank_account", "statement_id", "from_date"], name="statement_once"
            ),
        )

    def __str__(self) -> str:
        return self.statement_id

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return str(self.pk)


class BankTransaction(CompanyRow):
    """One booked entry or transaction detail of a statement; `amount` is signed, credit above zero.

    `import_key` is account, booking date, bank reference and index within equal ones: banks reuse
    their references yearly and repeat them within a batch.
    """

    class State(models.TextChoices):
        NEW = "new", _("To do")
        RECORDED = "recorded", _("Recorded")
        SET_ASIDE = "set_aside", _("Set aside")

    view_permission: ClassVar[str] = "payments.view"

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="transactions")
    import_key = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    booked_on = models.DateField(_("booked"))
    value_on = models.DateField(_("value date"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    counterparty = models.CharField(_("from"), max_length=140, blank=True)
    counterparty_iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    reference = models.CharField(_("structured reference"), max_length=35, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    remittance = models.TextField(_("text"), blank=True)
    state = states.state_field(State, State.NEW)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank transaction")
        verbose_name_plural = _("bank transactions")
        constraints = (
            models.UniqueConstraint(fields=["company", "import_key"], name="transaction_once"),
        )
        indexes = (
            models.Index(
                fields=["company", "booked_on"], condition=Q(state="new"), name="transaction_todo"
            ),
        )

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"

    @states.transition(state, State.NEW, State.RECORDED)
    def record(self) -> None:
        """It is in the books."""

    @states.transition(state, State.NEW, State.SET_ASIDE)
    def set_aside(self, reason: str) -> None:
        self.reason = reason

    @states.transition(state, [State.RECORDED, State.SET_ASIDE], State.NEW)
    def take_back(self) -> None:
        self.reason = ""


class Receipt(Document):
    """Money received; its open item is the part not yet applied to invoices.

    `evidence` is the list of what spoke for the match: stage, items, what was read where.
    """

    class State(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        REVERSED = "reversed", _("Reversed")

    view_permission: ClassVar[str] = "payments.view"

    state = states.state_field(State, State.RECORDED)
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    transaction = models.ForeignKey(
        BankTransaction, models.PROTECT, related_name="receipts", null=True
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", null=True, verbose_name=_("customer")
    )
    received_on = models.DateField(_("received"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    fx_rate = models.DecimalField(max_digits=24, decimal_places=12, default=1)
    open_item = models.OneToOneField(OpenItem, models.PROTECT, related_name="+", null=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", null=True)
    payer = models.CharField(_("payer"), max_length=140, blank=True)
    text = models.TextField(_("text"), blank=True)
    evidence = models.JSONField(default=list)
    reversed_at = models.DateTimeField(null=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="receipt_number"),
            models.UniqueConstraint(
                fields=["transaction"],
                condition=Q(state="recorded"),
                name="once_per_bank_transaction",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_positive"),
            models.CheckConstraint(
                condition=~Q(state="reversed") | Q(reversed_at__isnull=False),
                name="reversed_has_moment",
            ),
        )
        indexes = (models.Index(fields=["company", "-received_on", "-id"], name="receipt_latest"),)

    @states.transition(state, State.RECORDED, State.REVERSED)
    def reverse(self, at: datetime) -> None:
        self.reversed_at = at
