"""Partners, and what is agreed with them."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import CompanyQuerySet, CompanyRow, SharedQuerySet
from users.models import User


def with_history() -> Any:
    """Keeps every version of a row, written by triggers, one statement for a whole set."""
    level = pghistory.Statement
    return pghistory.track(
        pghistory.InsertEvent(level=level),
        pghistory.UpdateEvent(level=level),
        pghistory.DeleteEvent(level=level),
    )


@with_history()
class Partner(models.Model):
    """A person or firm, known once for all companies."""

    view_permission: ClassVar[str] = "partners.view"

    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("registered name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_business = models.BooleanField(_("is a business"), default=True)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    registration_id = models.CharField(_("registration number"), max_length=40, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = (
            models.UniqueConstraint(
                fields=["vat_id"], condition=~Q(vat_id=""), name="partner_vat_id_once"
            ),
        )
        indexes = (models.Index(models.functions.Upper("name"), name="partner_name"),)

    def __str__(self) -> str:
        return self.name


@with_history()
class Address(models.Model):
    """A place of a partner, for bills or for goods."""

    class Purpose(models.TextChoices):
        BILLING = "billing", _("Billing")
        SHIPPING = "shipping", _("Shipping")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="addresses")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    addressee = models.CharField(_("addressee"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=200)
    street2 = models.CharField(_("second line"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return f"{self.street}, {self.postcode} {self.city}"


@with_history()
class Contact(models.Model):
    """Someone at a partner, and the mail they want to get."""

    class Purpose(models.TextChoices):
        ORDERS = "orders", _("Orders")
        INVOICES = "invoices", _("Invoices")
        REMITTANCE = "remittance", _("Payment advices")
        DUNNING = "dunning", _("Reminders")
        DISPUTES = "disputes", _("Disputes")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@with_history()
class PartnerBankAccount(models.Model):
    """An account of a partner, by which payments are recognised."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="bank_accounts")
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    holder = models.CharField(_("account holder"), max_length=120, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints = (
            models.UniqueConstraint(fields=["partner", "iban"], name="partner_iban_once"),
        )
        indexes = (models.Index(fields=["iban"], name="partner_iban"),)

    def __str__(self) -> str:
        return self.iban


@with_history()
class PaymentTerms(CompanyRow):
    """When an invoice is due: one instalment or several, the last taking the remainder."""

    view_permission: ClassVar[str] = "partners.view"

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment terms")
        verbose_name_plural = _("payment terms")
        constraints = (models.UniqueConstraint(fields=["company", "code"], name="terms_code"),)

    def __str__(self) -> str:
        return self.name


@with_history()
class TermsInstalment(models.Model):
    """One part of the terms: `percent` due after `months` and `days`, counted as `rule` says."""

    class Rule(models.TextChoices):
        NET = "net", _("Days after the invoice date")
        DAYS_THEN_MONTH_END = "days_eom", _("Add the days, then go to the end of the month")
        MONTH_END_THEN_DAYS = "eom_days", _("Go to the end of the month, then add the days")
        DAY_OF_NEXT_MONTH = "day_next", _("A fixed day of the next month")

    terms = models.ForeignKey(PaymentTerms, models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.NET)
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)

    class Meta:
        ordering = ("terms", "position")
        constraints = (
            models.UniqueConstraint(fields=["terms", "position"], name="instalment_position"),
            models.CheckConstraint(
                condition=Q(percent__gt=0) & Q(percent__lte=100), name="instalment_percent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"


@with_history()
class CreditAccount(CompanyRow):
    """Whose credit an order uses: one customer, or a group of customers with one limit."""

    view_permission: ClassVar[str] = "partners.view"

    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency of the limit"), max_length=3)
    limit = models.DecimalField(_("credit limit"), max_digits=20, decimal_places=4, default=0)
    max_overdue_days = models.PositiveSmallIntegerField(_("days overdue allowed"), default=30)
    blocked = models.BooleanField(_("blocked"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = (
            models.CheckConstraint(condition=Q(limit__gte=0), name="limit_not_negative"),
        )

    def __str__(self) -> str:
        return self.name


class Exposure(models.Model):
    """What a credit account owes and will owe, gross, in one currency.

    A running total, kept by `partners.exposure.Moves` in the transaction of each deed that changes
    it: orders and shipments move the first two columns, whatever opens or settles items of a
    customer the last two. `check_books` recomputes all four (I11a from orders, I11i from items).
    """

    credit_account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="exposures")
    currency = models.CharField(max_length=3)
    open_orders = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    unbilled = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    receivable = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    unapplied = models.DecimalField(max_digits=20, decimal_places=4, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["credit_account", "currency"], name="one_exposure_per_currency"
            ),
        )

    def __str__(self) -> str:
        return f"{self.credit_account} {self.currency}"


@with_history()
class Customer(CompanyRow):
    """A partner's account as a buyer from one company."""

    view_permission: ClassVar[str] = "partners.view"
    own_rows: ClassVar[str] = "sales_rep"

    number = models.CharField(_("number"), max_length=20)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="customers")
    currency = models.CharField(_("currency"), max_length=3)
    payment_terms = models.ForeignKey(PaymentTerms, models.PROTECT, related_name="+")
    credit_account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="customers")
    sales_rep = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("sales rep")
    )
    collector = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("collector")
    )
    po_number_required = models.BooleanField(_("wants its order number on bills"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="customer_number"),
            models.UniqueConstraint(fields=["company", "partner"], name="customer_once"),
        )

    def __str__(self) -> str:
        return self.partner.name

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return self.number


@with_history()
class Supplier(CompanyRow):
    """A partner's account as a seller to one company."""

    view_permission: ClassVar[str] = "partners.view_suppliers"

    number = models.CharField(_("number"), max_length=20)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="suppliers")
    currency = models.CharField(_("currency"), max_length=3)
    payment_terms = models.ForeignKey(PaymentTerms, models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="supplier_number"),
            models.UniqueConstraint(fields=["company", "partner"], name="supplier_once"),
        )

    def __str__(self) -> str:
        return self.partner.name

    @property
    def name(self) -> str:
        """The name in addresses and links."""
        return self.number
