"""What the lists of partners can be asked for."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import lists


class Standing(lists.Choice):
    """Several conditions at once; accounts put away show only where they are asked for."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        rows = rows.filter(archived_at__isnull="archived" not in value)
        if "mine" in value:
            me = self.parent.request.user
            rows = rows.filter(Q(sales_rep=me) | Q(collector=me))
        if "over" in value:
            rows = rows.filter(exposure__gt=F("credit_account__limit"))
        if "blocked" in value:
            rows = rows.filter(credit_account__blocked=True)
        return rows


class CustomerFilters(lists.Filters):
    """By name, standing, people, terms and exposure."""

    search = ("partner__name", "number", "partner__vat_id")
    views = (
        (_("All"), {}),
        (_("Mine"), {"only": "mine"}),
        (_("Over limit"), {"only": "over"}),
        (_("Blocked"), {"only": "blocked"}),
        (_("Archived"), {"only": "archived"}),
    )
    customer = lists.Words(_("Customer"), "partner__name", "number")
    over = lists.Over(_("Exposure from"), "exposure")
    under = lists.Under(_("Exposure up to"), "exposure")
    limit = lists.Over(_("Credit limit from"), "credit_account__limit")
    rep = lists.Words(_("Sales rep"), "sales_rep__name")
    collector = lists.Words(_("Collector"), "collector__name")
    terms = lists.Words(_("Payment terms"), "payment_terms__code", "payment_terms__name")
    country = lists.Words(_("Country"), "partner__country")
    only = Standing(
        _("Standing"),
        "",
        (
            ("mine", _("Mine")),
            ("over", _("Over limit")),
            ("blocked", _("Blocked")),
            ("archived", _("Archived")),
        ),
    )


class SupplierFilters(lists.Filters):
    """By name, terms and country."""

    search = ("partner__name", "number", "partner__vat_id")
    views = ((_("All"), {}), (_("Archived"), {"only": "archived"}))
    supplier = lists.Words(_("Supplier"), "partner__name", "number")
    terms = lists.Words(_("Payment terms"), "payment_terms__code", "payment_terms__name")
    country = lists.Words(_("Country"), "partner__country")
    only = Standing(_("Standing"), "", (("archived", _("Archived")),))


class TermsFilters(lists.Filters):
    """By name and code."""

    search = ("name", "code")
    views = ((_("All"), {}), (_("Archived"), {"only": "archived"}))
    only = Standing(_("Standing"), "", (("archived", _("Archived")),))
