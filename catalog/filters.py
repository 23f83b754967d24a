"""What the lists of the catalogue can be asked for."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import TaxClass
from core import clock, lists


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
    """Prices by today: valid, coming, ended."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        today = clock.today(self.parent.company)
        wanted = {
            "valid": Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today)),
            "coming": Q(valid_from__gt=today),
            "ended": Q(valid_to__lt=today),
        }
        found = Q()
        for word in value:
            found |= wanted[word]
        return rows.filter(found)


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
    ends = lists.Days(_("Valid to"), "valid_to")
    when = When(
        _("State"), "", (("valid", _("Valid")), ("coming", _("Coming")), ("ended", _("Ended")))
    )
