"""Reads shaped for the pages of stock."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core import formats
from core.access import Request
from core.kinds import addresses
from core.models import Company, rights
from core.pages import Panel
from inventory.models import Move, Stock, StockDocument, Warehouse
from users.models import User

MOST_MOVES = 100


def stock(user: User, company: Company) -> "QuerySet[Stock]":
    """Stock rows as the list shows them, with what is free."""
    rows = Stock.objects.visible_to(user).filter(company=company)
    rows = rows.select_related("product__unit", "warehouse", "company")
    return rows.annotate(free=F("on_hand") - F("reserved"))


def stock_of_product(request: Request, company: Company, product: Any) -> Panel | None:
    """The panel on a product's page: what is on hand, promised and free in each warehouse."""
    may = rights(request.user).may("inventory.view", company.pk)
    if not (may and product.is_stocked):
        return None
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("inventory:stock_row", args=[company.slug, row.pk]),
                row.warehouse.title,
            ),
            *(
                formats.quantity(part)
                for part in (row.on_hand, row.reserved, row.on_hand - row.reserved)
            ),
        ]
        for row in stock(request.user, company).filter(product=product).order_by("warehouse")
    ]
    heads = ((_("Warehouse"), "name"), (_("On hand"), "num"), (_("Reserved"), "num"),
             (_("Free"), "num"))  # fmt: skip
    return Panel(_("Stock"), heads, rows, empty=_("None has come in yet."))


def documents(user: User, company: Company) -> "QuerySet[StockDocument]":
    """Stock documents as lists and pages show them."""
    rows = StockDocument.objects.visible_to(user).filter(company=company)
    return rows.select_related("warehouse", "reverses", "reversed_by")


def warehouses(user: User, company: Company) -> "QuerySet[Warehouse]":
    return Warehouse.objects.visible_to(user).filter(company=company)


def moves_of_stock(company: Company, row: Stock) -> list[Any]:
    """The latest movements of a stock row, each with the address of its document."""
    found: list[Any] = list(row.moves.order_by("-pk")[:MOST_MOVES])
    known = addresses(company, [(move.source_kind, move.source_id) for move in found])
    for move in found:
        move.address = known.get((move.source_kind, move.source_id), ("", ""))[1]
    return found


def moves_of_document(document: StockDocument) -> "QuerySet[Move]":
    rows = Move.objects.filter(source_kind="stock_document", source_id=document.pk)
    return rows.select_related("stock__product__unit").order_by("pk")
