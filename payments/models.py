"""Bank statements, their transactions, and the receipts made of them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import states
from core.formats import amount, day
from core.models import CompanyQuerySet, CompanyRow, Document
from documents.models import StoredFile
from ledger.models import BankAccount, Entry, OpenItem
from partners.models import Customer
from users.models import User


def pk_in(name: str) -> int:
    """The key in a name such as `BT-17`; 0, which no row has, where there is none."""
    digits = name[3:]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


class BankStatement(CompanyRow):
    """One statement of one own account: opening plus its transactions is closing (I23).

    The statements of an account are a chain: each opens with what the one before closed with.
    Where a file repeats days that are there already, only the new part is kept, its opening
    balance moved accordingly, and `repeated` counts what was left out. One that was wrong is
    withdrawn as the last of its chain: it keeps its reason and has no place any more.
    """

    view_permission: ClassVar[str] = "payments.view"

    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    statement_id = models.CharField(_("statement"), max_length=40)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"))
    opening_balance = models.DecimalField(_("opening"), max_digits=20, decimal_places=4)
    closing_balance = models.DecimalField(_("closing"), max_digits=20, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    chain_position = models.IntegerField(null=True)
    repeated = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True)
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        constraints = (
            models.UniqueConstraint(
                fields=["bank_account", "statement_id", "from_date"],
                condition=Q(chain_position__isnull=False),
                name="statement_once",
            ),
            models.UniqueConstraint(
                fields=["bank_account", "chain_position"], name="once_per_chain_position"
            ),
            models.CheckConstraint(
                condition=Q(chain_position__isnull=False, reason="")
                | (Q(chain_position=None) & ~Q(reason="")),
                name="withdrawn_has_reason",
            ),
        )

    def __str__(self) -> str:
        return self.statement_id

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return f"BS-{self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        return self.chain_position is None


class BankTransaction(CompanyRow):
    """One booked entry or transaction detail of a statement; `amount` is signed, credit above zero.

    `import_key` is account, booking date, bank reference, amount and place among equal ones:
    banks reuse their references yearly and repeat them within a batch. It is withdrawn with its
    statement. `charges` is what a bank
    kept of the payment before it credited `amount`. `entry` books what is no receipt.
    """

    class State(models.TextChoices):
        NEW = "new", _("To do")
        RECORDED = "recorded", _("Recorded")
        SET_ASIDE = "set_aside", _("Set aside")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    view_permission: ClassVar[str] = "payments.view"

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="transactions")
    import_key = models.CharField(max_length=200, db_collation="C")
    position = models.PositiveIntegerField()
    booked_on = models.DateField(_("booked"))
    value_on = models.DateField(_("value date"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    charges = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    is_reversal = models.BooleanField(_("reversal"), default=False)
    code = models.CharField(max_length=35, blank=True)
    counterparty = models.CharField(_("name"), max_length=140, blank=True)
    counterparty_iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    reference = models.CharField(_("structured reference"), max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    remittance = models.TextField(_("text"), blank=True)
    state = states.state_field(State, State.NEW)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", null=True)
    times_booked = models.PositiveSmallIntegerField(default=0)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank transaction")
        verbose_name_plural = _("bank transactions")
        constraints = (
            models.UniqueConstraint(
                fields=["company", "import_key"],
                condition=~Q(state="withdrawn"),
                name="transaction_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | ~Q(reason=""), name="set_aside_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="recorded") | Q(entry=None), name="booked_is_recorded"
            ),
        )
        indexes = (
            models.Index(
                fields=["company", "booked_on"], condition=Q(state="new"), name="transaction_todo"
            ),
        )

    def __str__(self) -> str:
        return f"{day(self.booked_on)}, {amount(self.amount, self.currency, code=True)}"

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return f"BT-{self.pk}"

    @states.transition(state, State.NEW, State.RECORDED)
    def record(self) -> None:
        """It is in the books."""

    @states.transition(state, State.NEW, State.SET_ASIDE)
    def set_aside(self, reason: str) -> None:
        self.reason = reason

    @states.transition(state, [State.RECORDED, State.SET_ASIDE], State.NEW)
    def take_back(self) -> None:
        self.reason, self.entry = "", None

    @states.transition(state, State.NEW, State.WITHDRAWN)
    def withdraw(self) -> None:
        """It never was: its statement was wrong."""


class Receipt(Document):
    """Money received; its open item is the part not yet applied to invoices.

    `evidence` lists what was found when it was matched, for and against (see `wording`); `finding`
    is its sum, by which the worklist is ranked. Money left on account has left the worklist; with
    `hands_off`, a person took an application back, and none is made again without asking.
    `returned_by` is the transaction by which the bank took a reversed receipt back.
    """

    class State(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        REVERSED = "reversed", _("Reversed")

    class KnownBy(models.TextChoices):
        PERSON = "person", _("named by a person")
        IBAN = "iban", _("by bank account")
        NAME = "name", _("by name")
        DOCUMENT = "document", _("by the document quoted")
        APPLIED = "applied", _("by what it was applied to")

    class Finding(models.TextChoices):
        APPLIED = "a_applied", _("Applied without asking")
        PROPOSED = "b_proposed", _("There is a proposal")
        PAYER = "c_payer", _("The payer is known")
        NOTHING = "d_nothing", _("The payer is not known")

    view_permission: ClassVar[str] = "payments.view"

    state = states.state_field(State, State.RECORDED)
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    transaction = models.ForeignKey(
        BankTransaction, models.PROTECT, related_name="receipts", null=True
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        verbose_name=_("customer"),
    )
    received_on = models.DateField(_("received"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    fx_rate = models.DecimalField(max_digits=24, decimal_places=12, default=1)
    open_item = models.OneToOneField(OpenItem, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    charges = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    payer = models.CharField(_("payer"), max_length=140, blank=True)
    known_by = models.CharField(max_length=10, choices=KnownBy, blank=True)
    text = models.TextField(_("text"), blank=True)
    finding = models.CharField(max_length=10, choices=Finding, default=Finding.NOTHING)
    evidence = models.JSONField(default=list)
    on_account = models.BooleanField(_("left on account"), default=False)
    hands_off = models.BooleanField(default=False)
    reversed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    returned_by = models.OneToOneField(
        BankTransaction, models.PROTECT, related_name="returned_receipt", null=True
    )

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
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(charges__gte=0) & Q(charges__lt=models.F("amount")),
                name="receipt_positive",
            ),
            models.CheckConstraint(
                condition=Q(customer=None, known_by="") | Q(customer__isnull=False),
                name="known_payer_is_named",
            ),
            models.CheckConstraint(condition=Q(number__isnull=False), name="receipt_has_number"),
            models.CheckConstraint(
                condition=(Q(state="reversed") & Q(reversed_at__isnull=False) & ~Q(reason=""))
                | (Q(state="recorded") & Q(reversed_at=None, returned_by=None)),
                name="reversed_has_moment_and_reason",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-received_on", "-id"], name="receipt_latest"),
            models.Index(fields=["customer", "-id"], name="receipt_customer"),
            models.Index(fields=["company", "amount", "-id"], name="receipt_amount"),
        )

    @states.transition(state, State.RECORDED, State.REVERSED)
    def reverse(self, at: datetime, reason: str) -> None:
        self.reversed_at, self.reason = at, reason
