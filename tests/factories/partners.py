"""Customers, suppliers and payment terms, opened by the real deeds."""

from decimal import Decimal
from itertools import count

from core.models import Company
from partners import terms as standard
from partners.actions import add_terms, open_customers, open_suppliers
from partners.drafts import (
    AddressDraft,
    BankAccountDraft,
    ContactDraft,
    CustomerDraft,
    PartnerDraft,
    SupplierDraft,
)
from partners.models import Customer, PaymentTerms, Supplier
from tests.cast import system
from users.models import User

_numbers = count(1)


def make_terms(company: Company) -> dict[str, PaymentTerms]:
    """The standard payment terms of a company by code, added when they are not there yet."""
    found = {terms.code: terms for terms in PaymentTerms.objects.filter(company=company)}
    missing = [draft for draft in standard.STANDARD if draft.code not in found]
    if missing:
        found |= {terms.code: terms for terms in add_terms(company, missing, by=system())}
    return found


def partner_draft(name: str = "", **fields: object) -> PartnerDraft:
    """A firm in Berlin with an address, a contact and a bank account."""
    name = name or f"Customer {next(_numbers)}"
    usual: dict[str, object] = {
        "country": "DE",
        "addresses": [
            AddressDraft("Lindenallee 7", "Berlin", postcode="10115"),
            AddressDraft("Tor 3", "Berlin", postcode="12099", purpose="shipping"),
        ],
        "contacts": [ContactDraft("invoices@customer.example", "Bea Braun")],
    }
    return PartnerDraft(name, **{**usual, **fields})  # type: ignore[arg-type]


def make_customer(
    company: Company,
    name: str = "",
    *,
    limit: Decimal | int = 50_000,
    terms: str = "NET30",
    currency: str = "",
    iban: str = "",
    sales_rep: User | None = None,
    collector: User | None = None,
    number: str = "",
    credit_with: str = "",
    **partner: object,
) -> Customer:
    """A buyer in good standing; `credit_with` is the number of the one whose limit it shares."""
    make_terms(company)
    accounts = {"bank_accounts": [BankAccountDraft(iban)]} if iban else {}
    draft = CustomerDraft(
        partner_draft(name, **accounts, **partner),
        number=number,
        currency=currency,
        terms=terms,
        credit_limit=Decimal(0 if credit_with else limit),
        credit_with=credit_with,
        sales_rep_id=sales_rep and sales_rep.pk,
        collector_id=collector and collector.pk,
    )
    return open_customers(company, [draft], by=system())[0]


def make_customers(company: Company, how_many: int) -> list[Customer]:
    """Several buyers in good standing, opened as one set."""
    make_terms(company)
    drafts = [CustomerDraft(partner_draft(), credit_limit=Decimal(50_000)) for _ in range(how_many)]
    return open_customers(company, drafts, by=system())


def make_supplier(company: Company, name: str = "", **partner: object) -> Supplier:
    """A seller."""
    make_terms(company)
    return open_suppliers(company, [SupplierDraft(partner_draft(name, **partner))], by=system())[0]
