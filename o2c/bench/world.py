"""A company to measure in: customers with endless credit, shelves that never run out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from catalog.actions import add_price_lists, add_products, set_prices
from catalog.drafts import PriceDraft, PriceListDraft, ProductDraft
from core.companies import found_company
from core.models import Company
from inventory.actions import add_warehouse, take_over_stock
from inventory.drafts import StockChange, StockLine
from ledger.actions import add_bank_accounts, set_up_books
from ledger.drafts import BankAccountDraft
from ledger.models import BankAccount
from orders.drafts import DraftLine, OrderDraft
from partners.actions import add_terms, open_customers
from partners.drafts import AddressDraft, ContactDraft, CustomerDraft, PartnerDraft
from partners.models import Customer
from partners.terms import STANDARD
from users.models import User

CUSTOMERS, PRODUCTS = 1000, 200
ENDLESS = Decimal(10) ** 12
LINES = 5


@dataclass
class World:
    """What the measured deeds work on."""

    company: Company
    customers: list[Customer]
    products: list[int]
    bank: BankAccount
    by: User
    turn: int = 0

    def drafts(self, orders: int, lines: int = LINES) -> list[OrderDraft]:
        """The next orders, over all customers and products in turn."""
        made = []
        for _order in range(orders):
            self.turn += 1
            made.append(
                OrderDraft(
                    customer_id=self.customers[self.turn % len(self.customers)].pk,
                    lines=[
                        DraftLine(
                            self.products[(self.turn * 7 + n) % len(self.products)], Decimal(2)
                        )
                        for n in range(lines)
                    ],
                    customer_reference=f"PO-{self.turn}",
                )
            )
        return made

    @cached_property
    def by_id(self) -> dict[int, Customer]:
        return {customer.pk: customer for customer in self.customers}


BENCH = {
    "slug": "bench",
    "name": "Bench",
    "legal_name": "Bench GmbH",
    "country": "DE",
    "currency": "EUR",
    "vat_id": "DE136695976",
    "email": "bench@bench.example",
}


def make_world(today: date) -> World:
    """Founds the company and everything the deeds need."""
    by = User.objects.system()
    company = found_company(BENCH, by=by)
    set_up_books(company, by=by, first_year=today.year, years=2)
    account = BankAccountDraft("Bank", "DE89370400440532013000", currency="EUR")
    (bank,) = add_bank_accounts(company, [account], by=by)
    add_terms(company, STANDARD, by=by)
    products = [
        row.pk
        for row in add_products(
            company, [ProductDraft(f"P{n:04d}", f"Product {n}") for n in range(PRODUCTS)], by=by
        )
    ]
    (prices,) = add_price_lists(company, [PriceListDraft("List", "EUR", is_default=True)], by=by)
    set_prices(
        company,
        prices.pk,
        [PriceDraft(pk, Decimal("9.99"), date(today.year, 1, 1)) for pk in products],
        by=by,
    )
    warehouse = add_warehouse(company, "MAIN", "Warehouse", by=by)
    shelves = [StockLine(pk, Decimal(10) ** 8, Decimal("5.00")) for pk in products]
    take_over_stock(company, [StockChange(warehouse.pk, shelves)], by=by)
    customers = open_customers(company, [_customer(n) for n in range(CUSTOMERS)], by=by)
    return World(company, customers, products, bank, by)


def _customer(number: int) -> CustomerDraft:
    return CustomerDraft(
        PartnerDraft(
            name=f"Customer {number}",
            country="DE",
            addresses=[AddressDraft("Street 1", "Berlin", "DE", "10115")],
            contacts=[ContactDraft(f"c{number}@customer.example")],
        ),
        credit_limit=ENDLESS,
    )
