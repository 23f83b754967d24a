"""The demo's first day: companies with books, banks, warehouses, products, prices, customers."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from unicodedata import normalize

from catalog.actions import add_price_lists, add_products, set_prices
from catalog.drafts import PriceDraft, PriceListDraft, ProductDraft
from catalog.models import Product
from core import clock
from core.models import Company
from core.money import round_to
from inventory.actions import add_warehouse, take_over_stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Warehouse
from invoicing.actions import set_billing_rules
from invoicing.models import BillingRule
from ledger.actions import set_up_books, take_over_balances
from ledger.actions.banks import add_bank_accounts
from ledger.actions.rates import set_fx_rates
from ledger.drafts import BalanceDraft, BankAccountDraft
from ledger.models import BankAccount
from o2c.demo import company as staff
from o2c.demo import market
from o2c.demo.habits import Habit
from partners.actions import add_terms, open_customers, open_suppliers
from partners.drafts import (
    AddressDraft,
    ContactDraft,
    CustomerDraft,
    PartnerDraft,
    SupplierDraft,
)
from partners.drafts import BankAccountDraft as PartnerAccount
from partners.models import Contact, Customer
from partners.terms import standard
from users.models import User

SEED = 20240
EARNED_BEFORE = "2970"  # the account of what earlier years earned
BILLED_MONTHLY = 6  # one customer of so many
GBP_PER_EUR = Decimal("0.86")
RATES = {("EUR", "GBP"): GBP_PER_EUR, ("GBP", "EUR"): round_to(1 / GBP_PER_EUR, 12)}


@dataclass
class Account:
    """A customer as the story knows it."""

    customer: Customer
    made: market.MadeCustomer

    @property
    def habit(self) -> Habit:
        return self.made.habit


@dataclass
class Stage:
    """One company of the demo with everything its weeks need at hand."""

    company: Company
    warehouse: Warehouse
    random: Random
    banks: dict[str, BankAccount]
    people: dict[str, User]
    accounts: list[Account] = field(default_factory=list)


def found(today: date, *, by: User) -> tuple[list[Stage], list[Product], dict[str, Decimal]]:
    """Everything that is there before the first order; also the products and their costs."""
    companies = staff.found_companies(by=by)
    people = {user.email.split("@")[0]: user for user in staff.hire_people(companies, by=by)}
    first_year = staff.first_day(today).year
    for company in companies:
        set_up_books(company, by=by, first_year=first_year, years=today.year - first_year + 2)
    goods = market.products(Random(SEED))
    drafts = [
        ProductDraft(g.code, g.name, tax_class=g.tax_class, is_stocked=g.is_stocked) for g in goods
    ]
    products = add_products(companies[0], drafts, by=by)
    costs = {g.code: g.cost for g in goods}
    opening = Opening(products, {g.code: g.price for g in goods}, people, today)
    stages = [_open(company, opening, by) for company in companies]
    for stage in stages:
        _stock_up(stage, products, costs, by)
        stage.accounts = _win_customers(stage, by)
        _agree_on_bills(stage, by)
        _find_suppliers(stage, by)
    return stages, products, costs


@dataclass(frozen=True)
class Opening:
    """What all companies of the demo open with."""

    products: list[Product]
    prices: dict[str, Decimal]
    people: dict[str, User]
    today: date


def _open(company: Company, opening: Opening, by: User) -> Stage:
    """Banks, rates, terms, prices and the warehouse of one company."""
    start, people = staff.first_day(opening.today), opening.people
    banks = _open_banks(company, by)
    set_fx_rates(
        [
            (base, quote, start + timedelta(weeks=week), _drift(rate, week), "ECB")
            for (base, quote), rate in RATES.items()
            for week in range(105)
        ],
        company=company,
        by=by,
    )
    add_terms(company, standard(company.language), by=by)
    lists = add_price_lists(
        company,
        [PriceListDraft(f"List prices {code}", code, is_default=True) for code in banks],
        by=by,
    )
    for price_list in lists:
        factor = GBP_PER_EUR if price_list.currency == "GBP" else Decimal(1)
        set_prices(
            company,
            price_list.pk,
            [
                PriceDraft(
                    product.pk,
                    round_to(opening.prices[product.code] * factor * share, 2),
                    start,
                    n,
                )
                for product in opening.products
                for n, share in ((Decimal(0), Decimal(1)), (Decimal(50), Decimal("0.92")))
            ],
            by=by,
        )
    warehouse = add_warehouse(company, "MAIN", f"{company.city} warehouse", by=by)
    return Stage(company, warehouse, Random(f"{SEED}{company.slug}"), banks, people)


def _drift(rate: Decimal, week: int) -> Decimal:
    """A rate that wanders a little, the same way each time the demo is made."""
    return round_to(rate * (1 + Decimal((week * 7) % 23 - 11) / 800), 6)


def _open_banks(company: Company, by: User) -> dict[str, BankAccount]:
    """One account per currency the company is paid in."""
    drafts = [
        BankAccountDraft(f"{company.name} {currency}", iban, currency, is_default=True)
        for currency, iban in staff.BANKS[company.slug].items()
    ]
    return {bank.currency: bank for bank in add_bank_accounts(company, drafts, by=by)}


def _stock_up(stage: Stage, products: list[Product], costs: dict[str, Decimal], by: User) -> None:
    """A full warehouse to begin with."""
    lines = [
        StockLine(product.pk, Decimal(stage.random.randint(150, 400)), costs[product.code])
        for product in products
        if product.is_stocked
    ]
    take_over_stock(stage.company, [StockChange(stage.warehouse.pk, lines)], by=by)
    worth = sum((line.quantity * (line.unit_cost or 0) for line in lines), Decimal(0))
    capital = BalanceDraft(EARNED_BEFORE, stage.company.currency, -worth)
    take_over_balances(stage.company, [capital], on=clock.today(stage.company), by=by)


def _win_customers(stage: Stage, by: User) -> list[Account]:
    company = stage.company
    reps = [stage.people[name] for name in ("ravi", "greta")]
    collector = stage.people["chiara"]
    made = list(market.customers(company.slug, company.currency, stage.random))
    drafts = [
        CustomerDraft(
            PartnerDraft(
                name=someone.name,
                legal_name=someone.name,
                country=someone.country.code,
                language=someone.country.language,
                vat_id=someone.vat_id,
                addresses=[AddressDraft(someone.street, someone.city, "", someone.postcode)],
                contacts=[
                    ContactDraft(
                        f"{purpose}@{_domain(someone.name)}",
                        *market.person(someone.country.code, place),
                        purpose=purpose,
                    )
                    for purpose in (Contact.Purpose.ORDERS, Contact.Purpose.INVOICES)
                ],
                bank_accounts=[PartnerAccount(someone.iban)],
            ),
            number=someone.number,
            currency=someone.currency,
            terms=someone.terms,
            credit_limit=someone.credit_limit,
            sales_rep_id=reps[place % 2].pk,
            collector_id=collector.pk,
        )
        for place, someone in enumerate(made)
    ]
    customers = open_customers(company, drafts, by=by)
    return [Account(*pair) for pair in zip(customers, made, strict=True)]


def _agree_on_bills(stage: Stage, by: User) -> None:
    """Some customers want one bill a month."""
    collected = BillingRule.Rhythm.COLLECTED.value
    chosen = {a.customer.pk: collected for a in stage.accounts[::BILLED_MONTHLY]}
    set_billing_rules(stage.company, chosen, by=by)


def _find_suppliers(stage: Stage, by: User) -> None:
    drafts = [
        SupplierDraft(
            PartnerDraft(
                name=name,
                legal_name=name,
                country=stage.company.country,
                addresses=[AddressDraft("Industriestr. 1", stage.company.city)],
                contacts=[ContactDraft(f"orders@{_domain(name)}", purpose=Contact.Purpose.ORDERS)],
            ),
            currency=stage.company.currency,
        )
        for name in market.SUPPLIERS[stage.company.country]
    ]
    open_suppliers(stage.company, drafts, by=by)


def _domain(name: str) -> str:
    """A mail domain from a firm's name, in the name space for examples."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(c if c.isalnum() else "-" for c in plain).strip("-") + ".example"
