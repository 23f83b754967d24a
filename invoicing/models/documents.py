"""Invoices and credit notes."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import states
from core.models import Company, CompanyQuerySet, Document
from ledger.models import Entry
from partners.models import Customer


class Status(models.TextChoices):
    """What readers call the state of a document; derived by `queries.with_status`, never stored."""

    DRAFT = "draft", _("Draft")
    CANCELLED = "cancelled", _("Cancelled")
    CREDITED = "credited", _("Credited")
    PAID = "paid", _("Paid")
    APPLIED = "applied", _("Applied")
    OVERDUE = "overdue", _("Overdue")
    PARTLY_PAID = "partly_paid", _("Partly settled")
    PARTLY_APPLIED = "partly_applied", _("Partly applied")
    SENT = "sent", _("Sent")
    ISSUED = "issued", _("Issued")


class Invoice(Document):
    """An invoice or a credit note: a snapshot of what was billed, never changed once issued.

    Amounts are in `currency`, stored once (BT-106 … BT-115); `base_…` in the company's currency.
    `seller` and `buyer` freeze names, addresses and tax numbers as printed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        SETTLED = "settled", _("Settled")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    view_permission: ClassVar[str] = "invoicing.view"
    own_rows: ClassVar[str] = "customer__sales_rep"

    # Company, customer and entry have no constraint that looks at each row: they come from rows
    # locked or written in the same deed, and the proof of the books looks at all (I22i, I07b).
    company = models.ForeignKey(  # the indexes below begin with it
        Company,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INVOICE)
    state = states.state_field(State, State.ISSUED)  # no deed drafts one yet (decision 0006)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="credit_notes",
        null=True,
        db_index=False,
        verbose_name=_("corrects"),
    )
    gives_back = models.BooleanField(_("is billed again"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    customer_reference = models.CharField(_("customer's order number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date"), null=True)
    supplied_from = models.DateField(_("supplied from"), null=True)
    supplied_on = models.DateField(_("date of supply"), null=True)
    due_on = models.DateField(_("due"), null=True)
    terms_text = models.CharField(_("payment terms"), max_length=200, blank=True)
    payment_reference = models.CharField(_("payment reference"), max_length=35, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    fx_rate = models.DecimalField(max_digits=24, decimal_places=12, default=1)
    net = models.DecimalField(_("net"), max_digits=20, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=20, decimal_places=4)
    gross = models.DecimalField(_("total"), max_digits=20, decimal_places=4)
    base_gross = models.DecimalField(max_digits=20, decimal_places=4)
    base_tax = models.DecimalField(max_digits=20, decimal_places=4)
    open_amount = models.DecimalField(_("open"), max_digits=20, decimal_places=4)
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="invoice_number"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | (Q(number__isnull=False) & Q(issued_on__isnull=False) & Q(due_on__isnull=False)),
                name="issued_has_number_and_dates",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(gross=0) | Q(entry__isnull=False),
                name="issued_has_entry",
            ),
            models.CheckConstraint(
                condition=(Q(state="settled") & Q(open_amount=0))
                | (Q(state="issued") & Q(open_amount__gt=0))
                | Q(state__in=["draft", "cancelled"]),
                name="settled_means_nothing_open",
            ),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax"))
                & Q(gross__gte=0)
                & Q(open_amount__gte=0)
                & Q(open_amount__lte=F("gross")),
                name="invoice_amounts",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None, gives_back=False)
                | Q(kind="credit_note", corrects__isnull=False),
                name="credit_note_names_invoice",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-issued_on", "-id"], name="invoice_latest"),
            models.Index(fields=["customer", "-id"], name="invoice_customer"),
            models.Index(fields=["company", "gross", "-id"], name="invoice_gross"),
            models.Index(
                fields=["company", "due_on"],
                condition=Q(state="issued"),
                name="invoice_unsettled",
            ),
            models.Index(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="invoice_corrected"
            ),
        )

    @states.transition(state, State.DRAFT, State.ISSUED)
    def issue(self, number: str, issued_on: date) -> None:
        self.number, self.issued_on = number, issued_on

    @states.transition(state, State.ISSUED, State.SETTLED)
    def settle(self) -> None:
        """Nothing is open any more."""

    @states.transition(state, State.SETTLED, State.ISSUED)
    def reopen(self) -> None:
        """An allocation was reversed."""

    @states.transition(state, State.DRAFT, State.CANCELLED)
    def cancel(self) -> None:
        """It was never issued."""

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    def get_status_display(self) -> str:
        """The words of the derived status, where the row was read with it."""
        return str(Status(getattr(self, "status", self.state)).label)
