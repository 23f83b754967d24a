"""Reads shaped for the pages of the catalogue."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.models import Price, PriceList, PriceListAssignment, Product, Validity
from core import clock
from core.access import Request
from core.history import Change, Track, changes
from core.models import Company, rights
from core.pages import Deed, Panel
from partners.models import Customer
from users.models import User


def products(user: User, company: Company) -> "QuerySet[Product]":
    """Articles as lists show them, with today's price of one in the default list."""
    today = clock.today(company)
    fits = valid_on(today).filter(
        price_list__company=company,
        price_list__is_default=True,
        price_list__currency=company.currency,
        product=OuterRef("pk"),
        min_quantity__lte=1,
    )
    price = fits.order_by("-min_quantity", "-valid_from").values("amount")[:1]
    rows = Product.objects.visible_to(user).select_related("unit")
    return rows.annotate(price=Subquery(price), currency=Value(company.currency))


def valid_on(day: date) -> "QuerySet[Price]":
    """Prices valid on a day."""
    return Price.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
    )


# The later prices of the same case: list, product and quantity.
_LATER = Price.objects.filter(
    price_list=OuterRef("price_list"),
    product=OuterRef("product"),
    min_quantity=OuterRef("min_quantity"),
    valid_from__gt=OuterRef("valid_from"),
)
_REPLACING = _LATER.filter(Q(valid_to=None) | Q(valid_to__gte=OuterRef("valid_to"))).order_by()


def with_validity(rows: "QuerySet[Price]", day: date) -> "QuerySet[Any]":
    """Adds `state`, what each price is on a day, and `ends_on`, the last day it can count on.

    As `catalog.quote` has it: of the prices that are valid for a case, the one that began last
    counts. So a price without an end, or with one as late, supersedes those before it; one that
    ends earlier lets them rest until then.
    """
    first = _REPLACING.values("price_list").annotate(first=Min("valid_from")).values("first")
    ends_on = Least("valid_to", Cast(Subquery(first) - Value(timedelta(days=1)), DateField()))
    resting = Exists(_LATER.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day))
    return rows.annotate(ends_on=ends_on).annotate(
        state=Case(
            When(valid_from__gt=day, then=Value(Validity.COMING)),
            When(valid_to__lt=day, then=Value(Validity.ENDED)),
            When(ends_on__lt=day, then=Value(Validity.SUPERSEDED)),
            When(resting, then=Value(Validity.RESTING)),
            default=Value(Validity.VALID),
        )
    )


def price_lists(user: User, company: Company) -> "QuerySet[PriceList]":
    """Price lists as pages show them, with how many customers they have."""
    theirs = PriceListAssignment.objects.filter(price_list=OuterRef("pk")).order_by()
    rows = PriceList.objects.visible_to(user).filter(company=company)
    return rows.annotate(customers_count=_counted(theirs))


def counted_price_lists(user: User, company: Company) -> "QuerySet[PriceList]":
    """Price lists as lists show them, with how many valid prices and customers they have."""
    prices = with_validity(Price.objects.filter(price_list=OuterRef("pk")), clock.today(company))
    valid = prices.filter(state=Validity.VALID).order_by()
    return price_lists(user, company).annotate(prices_count=_counted(valid))


def _counted(rows: "QuerySet[Any]") -> Coalesce:
    return Coalesce(Subquery(rows.values("price_list").annotate(n=Count("pk")).values("n")), 0)


def prices(price_list: PriceList, day: date) -> "QuerySet[Price]":
    """The prices of a list, with their products and what they are on a day."""
    rows = Price.objects.filter(price_list=price_list).select_related("product__unit", "price_list")
    return with_validity(rows.annotate(currency=F("price_list__currency")), day)


def prices_of_product(product: Product, company: Company, user: User) -> "QuerySet[Price]":
    """What a product costs in the lists of a company, today and later."""
    mine = PriceList.objects.visible_to(user).filter(company=company, archived_at=None)
    today = clock.today(company)
    rows = Price.objects.filter(product=product, price_list__in=mine)
    rows = with_validity(rows, today).exclude(state__in=[Validity.ENDED, Validity.SUPERSEDED])
    return rows.select_related("price_list").order_by(
        "-price_list__is_default", "price_list__name", "min_quantity", "valid_from"
    )


def customers_of(price_list: PriceList, user: User) -> "QuerySet[Customer]":
    """Who buys from a list, as far as the reader may see them."""
    theirs = PriceListAssignment.objects.filter(price_list=price_list).values("customer")
    rows = Customer.objects.visible_to(user).filter(pk__in=theirs).select_related("partner")
    return rows.order_by("partner__name")


def product_history(product: Product) -> list[Change]:
    """What was changed in an article."""
    return changes(Track(Product, product.pk), added=False)


def price_list_history(price_list: PriceList) -> list[Change]:
    """What was changed in a list and its prices."""
    prices_in_it = Track(Price, price_list.pk, "price_list_id", "product")
    return changes(Track(PriceList, price_list.pk), prices_in_it, added=False)


def list_of(customer: Customer) -> PriceList | None:
    """The list of a customer's own, if there is one."""
    found = PriceListAssignment.objects.filter(customer=customer).select_related("price_list")
    assignment = found.first()
    return assignment.price_list if assignment else None


def price_list_of_customer(request: Request, company: Company, customer: Any) -> Panel | None:
    """The panel on a customer's page: from which list it buys."""
    may = rights(request.user)
    if not may.may("catalog.view", company.pk):
        return None
    own = list_of(customer)
    rows = []
    if own:
        url = reverse("catalog:price_list", args=[company.slug, own.pk])
        rows.append([format_html('<a href="{}">{}</a>', url, own.name), own.currency])
    change = Deed(
        "price_list",
        _("Choose a list"),
        reverse("catalog:assign_price_list", args=[company.slug, customer.number]),
        method="get",
    )
    return Panel(
        _("Price list"),
        ((_("Price list"), "name"), (_("Currency"), "")),
        rows,
        empty=_("Buys at the default prices of the currency."),
        deed=change if may.may("catalog.prices", company.pk) else None,
    )
