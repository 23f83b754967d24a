"""Products and price lists, added by the real deeds."""

from datetime import date
from decimal import Decimal
from itertools import count

from catalog.actions import add_price_lists, add_products, set_prices
from catalog.drafts import PriceDraft, PriceListDraft, ProductDraft
from catalog.models import PriceList, Product
from core.models import Company
from tests.cast import system

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def product_draft(**fields: object) -> ProductDraft:
    """An article kept in stock, at the standard rate."""
    number = next(_numbers)
    usual: dict[str, object] = {"code": f"A-{number:04d}", "name": f"Article {number}"}
    return ProductDraft(**{**usual, **fields})  # type: ignore[arg-type]


def make_product(company: Company, price: Decimal | int | str | None = None, **fields) -> Product:
    """An article; with `price`, it stands at that price in the company's default list."""
    product = add_products(company, [product_draft(**fields)], by=system())[0]
    if price is not None:
        make_price(default_list(company), product, price)
    return product


def make_products(company: Company, how_many: int, price: Decimal | int = 10) -> list[Product]:
    """Several articles at one price in the default list, added as one set."""
    drafts = [product_draft() for _ in range(how_many)]
    products = add_products(company, drafts, by=system())
    prices = [PriceDraft(product.pk, Decimal(price), LONG_AGO) for product in products]
    set_prices(company, default_list(company).pk, prices, by=system())
    return products


def make_price_list(company: Company, name: str = "", **fields) -> PriceList:
    """A price list in the company's currency."""
    usual = {"name": name or f"List {next(_numbers)}", "currency": company.currency}
    return add_price_lists(company, [PriceListDraft(**{**usual, **fields})], by=system())[0]


def default_list(company: Company, currency: str = "") -> PriceList:
    """The default list of a currency, made when there is none."""
    currency = currency or company.currency
    found = PriceList.objects.filter(company=company, currency=currency, is_default=True).first()
    return found or make_price_list(
        company, f"Standard {currency}", currency=currency, is_default=True
    )


def make_price(
    price_list: PriceList, product: Product, amount: Decimal | int | str, **fields
) -> None:
    """A price valid since long ago for any quantity, unless the fields say otherwise."""
    draft = PriceDraft(product.pk, Decimal(amount), **{"valid_from": LONG_AGO, **fields})
    set_prices(price_list.company, price_list.pk, [draft], by=system())
