"""A small world for the walk over all doors: two companies, everybody, one of each thing."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core import clock
from core.actions import action
from core.models import Company, Membership
from core.roles import Role
from documents import renderings
from documents.files import NewFile, store
from documents.outbox import Letter, queue_messages
from inventory.models import Stock, StockDocument
from invoicing.actions import unapply_credits
from invoicing.models import Invoice
from ledger.actions import add_accounts, take_over_open_items
from ledger.drafts import AccountDraft, ItemDraft
from ledger.models import Account, Entry, Period, TaxCode
from tests import cast
from tests.factories.catalog import default_list, make_product
from tests.factories.invoicing import applications, credit, make_invoice
from tests.factories.orders import make_confirmed_order, make_submitted_order, ship
from tests.factories.partners import make_customer, make_supplier
from tests.factories.payments import Paid, make_bank_account, make_receipts
from users.models import User


@dataclass
class World:
    """`people` by role, and what an address of each kind is about: `about(address)`."""

    company: Company
    other: Company
    people: dict[str, User]
    stranger: User
    neighbour: User  # has every role, in the other company
    other_rep: User  # a sales rep of the company who looks after nobody
    objects: dict[str, str] = field(default_factory=dict)

    def about(self, address: Any) -> str | None:
        """The object of an address: its own, or that of its kind."""
        return self.objects.get(address.name, self.objects.get(address.key))


def build() -> World:
    company, other = cast.make_company("house"), cast.make_company("other")
    people = {role.value: cast.member(company, role) for role in Role}
    neighbour = cast.stranger()
    for role in Role:
        Membership.objects.create(user=neighbour, company=other, role=role, created_at=clock.now())
    world = World(company, other, people, cast.stranger(), neighbour, cast.sales_rep(company))
    world.objects = things(world)
    return world


def things(world: World) -> dict[str, str]:
    """One of each kind, looked after by the sales rep among `people`."""
    company, rep = world.company, world.people[Role.SALES_REP]
    customer = make_customer(company, "Acme", sales_rep=rep)
    invoice = make_invoice(company, customer)
    note = credit(make_invoice(company, customer))
    unapply_credits(company, applications(note), by=cast.system())
    job = cast.start_job(company, "Import", 1, by=rep)
    return {
        **books(company, customer),
        "customers": customer.number,
        "collections/customers": customer.number,
        "invoices": invoice.name,
        "invoicing:apply_credit": note.name,
        "jobs": str(job.pk),
        "people": str(rep.pk),
        **goods(company, customer),
        **wares(company, customer),
        **post(company, invoice),
        **money(company),
        "suppliers": make_supplier(company).number,
        "terms": customer.payment_terms.code,
    }


def goods(company: Company, customer: Any) -> dict[str, str]:
    """An order that was shipped, one on hold, and the stock behind them."""
    shipment = ship(make_confirmed_order(company, customer))
    make_submitted_order(company, customer, customer_reference="PO-1")
    held = make_submitted_order(company, customer, customer_reference="PO-1")
    row = Stock.objects.filter(company=company).first()
    document = StockDocument.objects.filter(company=company).first()
    assert row and document
    return {
        "orders": held.name,
        "shipments": shipment.name,
        "holds": str(held.holds.get().pk),
        "stock": str(row.pk),
        "stock/documents": document.name,
        "warehouses": row.warehouse.code,
    }


def wares(company: Company, customer: Any) -> dict[str, str]:
    """An article, the default price list and the customer who may get a list of its own."""
    return {
        "products": make_product(company, price=10).code,
        "prices": str(default_list(company).pk),
        "prices/of": customer.number,
    }


def money(company: Company) -> dict[str, str]:
    """A bank statement with a payment, and the receipt made of it."""
    [receipt] = make_receipts(company, [Paid("10.00", text="Thank you", name="Acme")])
    return {
        "payments/entries": receipt.transaction.name,
        "payments/receipts": receipt.name,
        "payments/statements": receipt.transaction.statement.name,
    }


@action
def post(company: Company, invoice: Invoice, *, by: User | None = None) -> dict[str, str]:
    """A mail about an invoice, a file of it, and its PDF that is asked for."""
    by, source = by or cast.system(), ("invoice", invoice.pk)
    letter = Letter((*source, invoice.name), "letter", "a@customer.example", "Hello", "Hello")
    [mail] = queue_messages(company, [letter], by=by)
    renderings.ask(company, "invoice", [(invoice.pk, invoice.name)])
    [file] = store(company, [NewFile("hello.txt", "text/plain", b"hello", source)], by=by)
    return {"mail": str(mail), "files": str(file)}


def books(company: Company, customer: Any) -> dict[str, str]:
    """What every company with books has, and a payment from the system before."""

    def first(model: Any) -> Any:
        return model.objects.filter(company=company).first()

    own = AccountDraft("9876", "Nobody else's", Account.Kind.EXPENSE)
    [account] = add_accounts(company, [own], by=cast.system())
    today = clock.today(company)
    paid = ItemDraft("OLD-1", today, "EUR", Decimal(-10), customer=customer.number)
    [taken_over] = take_over_open_items(company, [paid], on=today, by=cast.system())
    return {
        "books/accounts": account.number,
        "books/banks": str(make_bank_account(company).pk),
        "books/items": str(taken_over.pk),
        "books/journal": first(Entry).number,
        "books/periods": str(first(Period).pk),
        "books/take-over/balances": "2025-12-31",
        "books/take-over/items": "2025-12-31",
        "books/taxes": str(first(TaxCode).pk),
    }
