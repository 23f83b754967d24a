"""Warehouses and stock, made by the real deeds."""

from decimal import Decimal

from catalog.models import Product
from core.models import Company
from inventory.actions import add_warehouse, receive_stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Stock, StockDocument, Warehouse
from tests.cast import system

DEFAULT_COST = Decimal("4.00")


def make_warehouse(company: Company, code: str = "HAM", title: str = "Hamburg") -> Warehouse:
    """A warehouse; the first one is the default of the company."""
    return add_warehouse(company, code, title, by=system())


def default_warehouse(company: Company) -> Warehouse:
    """The default warehouse of the company, added when there is none."""
    found = Warehouse.objects.filter(company=company, is_default=True).first()
    return found or make_warehouse(company)


def receive(
    company: Company,
    *goods: tuple[Product, Decimal | int | str],
    cost: Decimal | str = DEFAULT_COST,
    warehouse: Warehouse | None = None,
) -> StockDocument:
    """Goods that came in at one cost a piece."""
    place = warehouse or default_warehouse(company)
    lines = [StockLine(product.pk, Decimal(n), Decimal(cost)) for product, n in goods]
    return receive_stock(company, [StockChange(place.pk, lines)], by=system())[0]


def stock_of(product: Product, company: Company) -> Stock:
    """The stock row of a product in the default warehouse."""
    return Stock.objects.get(product=product, warehouse=default_warehouse(company))
