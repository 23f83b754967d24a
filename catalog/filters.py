"""What the lists of the catalogue can be asked for."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import TaxClass, Validity
from core import lists


class Use(lists.Choice):
    """Several conditions at once; what was put away shows only where it is asked for."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        rows = rows.filter(archived_at__isnull="archived" not in value)
        return rows.filter(price=None) if "unpriced" in value else rows


class ProductFilters(lists.Filters):
    """By number, name, tax and use."""

    search = ("code", "name")
    views = (
        (_("All"), {}),
        (_("Without a price"), {"only": "unpriced"}),
        (_("Archived"), {"only": "archived"}),
    )
    product = lists.Words(_("Product"), "code", "name")
    over = lists.Over(_("Price from"), "price")
    under = lists.Under(_("Price up to"), "price")
    unit = lists.Words(_("Unit"), "unit__name", "unit__code")
    tax = lists.Choice(_("Tax"), "tax_class", TaxClass.choices)
    only = Use(_("Use"), "", (("unpriced", _("Without a price")), ("archived", _("Archived"))))


class PriceListFilters(lists.Filters):
    """By name and currency."""

    search = ("name",)
    views = ((_("All"), {}), (_("Archived"), {"only": "archived"}))
    currency = lists.Words(_("Currency"), "currency")
    only = Use(_("Use"), "", (("archived", _("Archived")),))


class When(lists.Choice):
    """Prices by what they are today; what was superseded has ended, what rests will come again."""

    also: ClassVar[dict[str, str]] = {
        Validity.ENDED: Validity.SUPERSEDED,
        Validity.COMING: Validity.RESTING,
    }

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return super().filter(rows, [*value, *(self.also[v] for v in value if v in self.also)])


class PriceFilters(lists.Filters):
    """By product, price and day."""

    search = ("product__code", "product__name")
    views = (
        (_("All"), {}),
        (_("Valid"), {"when": "valid"}),
        (_("Coming"), {"when": "coming"}),
        (_("Ended"), {"when": "ended"}),
    )
    product = lists.Words(_("Product"), "product__code", "product__name")
    over = lists.Over(_("Price from"), "amount")
    under = lists.Under(_("Price up to"), "amount")
    starts = lists.Days(_("Valid from"), "valid_from")
    ends = lists.Days(_("Valid to"), "ends_on")
    when = When(_("State"), "state", Validity.choices)
