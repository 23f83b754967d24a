"""Products, units and price lists."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.models import CompanyQuerySet, CompanyRow, SharedQuerySet
from partners.models import Customer, with_history


class Unit(models.Model):
    """A unit of measure; `code` is of UN/ECE Recommendation 20 (BT-130), e.g. C62 for pieces."""

    code = models.CharField(_("code"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=40)
    digits = models.PositiveSmallIntegerField(_("decimals"), default=0)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name


class TaxClass(models.TextChoices):
    """How a product is taxed at home; the rate comes from the tax codes of the company."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("Zero rate")
    EXEMPT = "exempt", _("Exempt")


@with_history()
class Product(models.Model):
    """An article or a service, known once for all companies."""

    view_permission: ClassVar[str] = "catalog.view"

    code = models.CharField(_("article number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    tax_class = models.CharField(
        _("tax"), max_length=10, choices=TaxClass, default=TaxClass.STANDARD
    )
    is_stocked = models.BooleanField(_("is kept in stock"), default=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = (models.UniqueConstraint(Upper("code"), name="product_code_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@with_history()
class PriceList(CompanyRow):
    """Prices in one currency; one list per currency is the default of the company."""

    view_permission: ClassVar[str] = "catalog.view"

    name = models.CharField(_("name"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3)
    is_default = models.BooleanField(_("is the default"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = (
            models.UniqueConstraint(fields=["company", "name"], name="price_list_name"),
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(is_default=True),
                name="one_default_list_per_currency",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Validity(models.TextChoices):
    """What a price is on a day; derived in `catalog.queries.with_validity`, never stored."""

    VALID = "valid", _("Valid")
    RESTING = "resting", _("Rests, a campaign runs")
    COMING = "coming", _("Coming")
    SUPERSEDED = "superseded", _("Superseded")
    ENDED = "ended", _("Ended")


@with_history()
class Price(models.Model):
    """The price of one unit from `min_quantity` on, on the days from `valid_from` to `valid_to`."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices")
    min_quantity = models.DecimalField(_("from"), max_digits=20, decimal_places=6, default=0)
    amount = models.DecimalField(_("price"), max_digits=20, decimal_places=8)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = (
            models.UniqueConstraint(
                fields=["price_list", "product", "min_quantity", "valid_from"], name="price_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="price_days"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product} {self.amount}"


@with_history()
class PriceListAssignment(CompanyRow):
    """Which customer buys from which list, before the default list is looked at."""

    view_permission: ClassVar[str] = "catalog.view"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="assignments")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["customer"], name="one_list_per_customer"),)

    def __str__(self) -> str:
        return f"{self.customer}: {self.price_list}"
