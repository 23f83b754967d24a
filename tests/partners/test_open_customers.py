"""Opening accounts for customers and suppliers."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from core.actions import RequestKey, request_key
from core.models import Event, EventSubject
from core.refusals import Refused
from partners.actions import open_customers, open_suppliers
from partners.drafts import (
    AddressDraft,
    BankAccountDraft,
    ContactDraft,
    CustomerDraft,
    PartnerDraft,
    SupplierDraft,
)
from partners.models import Customer, Exposure, Partner
from tests.cast import accountant, sales_manager, sales_rep, stranger, system
from tests.factories.partners import make_customer, make_supplier, make_terms, partner_draft

IBAN = "DE89 3704 0044 0532 0130 00"
pytestmark = pytest.mark.django_db


def test_opens_an_account_with_all_that_belongs_to_it(company):
    make_terms(company)
    rep, collector = sales_rep(company), accountant(company)
    draft = CustomerDraft(
        PartnerDraft(
            name="  Acme   GmbH ",
            country="de",
            vat_id="136 695 976",
            addresses=[AddressDraft("Am Markt 1", "Bremen", postcode="28195")],
            contacts=[ContactDraft("kasse@acme.example", purpose="dunning")],
            bank_accounts=[BankAccountDraft(IBAN)],
        ),
        terms="NET14",
        credit_limit=Decimal(5000),
        sales_rep_id=rep.pk,
        collector_id=collector.pk,
    )
    customer = open_customers(company, [draft], by=system())[0]
    partner = customer.partner
    assert (customer.number, customer.currency, customer.payment_terms.code) == (
        "C-00001",
        "EUR",
        "NET14",
    )
    assert (partner.name, partner.legal_name, partner.country) == ("Acme GmbH", "Acme GmbH", "DE")
    assert partner.vat_id == "DE136695976"
    assert partner.addresses.get().country == "DE"
    assert partner.contacts.get().purpose == "dunning"
    account = partner.bank_accounts.get()
    assert (account.iban, account.bic) == ("DE89370400440532013000", "COBADEFFXXX")
    assert (customer.sales_rep, customer.collector) == (rep, collector)
    assert (customer.credit_account.limit, customer.credit_account.name) == (5000, "Acme GmbH")
    exposure = Exposure.objects.get(credit_account=customer.credit_account)
    assert (exposure.currency, exposure.receivable) == ("EUR", 0)
    event = Event.objects.get(company=company, verb="customer.opened")
    assert EventSubject.objects.get(event_id=event.pk).subject_id == customer.pk


def test_numbers_go_on_and_around_those_that_are_taken(company):
    make_customer(company, number="C-00002")
    found = [make_customer(company).number for _ in range(3)]
    assert found == ["C-00001", "C-00003", "C-00004"]


def test_a_partner_is_known_once_for_all_companies(company, other_company):
    ours = make_customer(company, "Acme", vat_id="DE136695976")
    theirs = make_customer(other_company, "ACME Ltd", vat_id="de 136695976")
    assert ours.partner == theirs.partner
    assert theirs.partner.name == "Acme"
    supplier = make_supplier(company, "Acme", vat_id="DE136695976")
    assert supplier.partner == ours.partner


def test_a_known_partners_bank_account_is_not_written_twice(company, other_company):
    make_customer(company, vat_id="DE136695976", iban=IBAN)
    theirs = make_customer(other_company, vat_id="DE136695976", iban=IBAN)
    assert theirs.partner.bank_accounts.count() == 1


def test_a_partner_has_one_account_in_a_company(company):
    ours = make_customer(company, "Acme", vat_id="DE136695976")
    with pytest.raises(Refused) as refusal:
        make_customer(company, "Acme", vat_id="DE136695976")
    assert refusal.value.code == "partners.has_account"
    assert ours.number in refusal.value.message


def test_customers_can_share_a_limit(company):
    make_terms(company)
    parent = make_customer(company, limit=1000)
    draft = CustomerDraft(partner_draft(), credit_with=parent.number, currency="USD")
    child = open_customers(company, [draft], by=system())[0]
    assert child.credit_account == parent.credit_account


WRONG = [
    ("value.missing", "name", {"name": " "}),
    ("value.too_long", "name", {"name": "x" * 121}),
    ("value.damaged", "name", {"name": "a\0b"}),
    ("value.country", "country", {"country": "ZZ"}),
    ("value.country", "country", {"country": "Germany"}),
    ("value.vat_id", "vat_id", {"vat_id": "DE136695977"}),
    ("value.vat_id", "vat_id", {"vat_id": "12"}),
    ("value.iban", "bank_accounts", {"bank_accounts": [BankAccountDraft(f"{IBAN[:-1]}1")]}),
    ("value.iban", "bank_accounts", {"bank_accounts": [BankAccountDraft("")]}),
    ("value.bic", "bank_accounts", {"bank_accounts": [BankAccountDraft(IBAN, "X")]}),
    ("partners.email", "contacts", {"contacts": [ContactDraft("nobody")]}),
    ("value.unknown_word", "contacts", {"contacts": [ContactDraft("a@b.example", purpose="x")]}),
    ("value.missing", "addresses", {"addresses": [AddressDraft("", "Bonn")]}),
]


@pytest.mark.parametrize(("code", "field", "fields"), WRONG)
def test_refuses_what_cannot_be_true_and_changes_nothing(company, code, field, fields):
    make_terms(company)
    good = CustomerDraft(PartnerDraft("Fine", "DE"))
    bad = CustomerDraft(replace(partner_draft(), **fields))
    with pytest.raises(Refused) as refusal:
        open_customers(company, [good, bad], by=system())
    assert (refusal.value.code, refusal.value.numbers["field"]) == (code, field)
    assert refusal.value.numbers["line"] == 1
    assert not Customer.objects.exists()
    assert not Partner.objects.exists()


WRONG_ACCOUNT = [
    ("partners.no_terms", {"terms": "NET7"}),
    ("value.currency", {"currency": "EURO"}),
    ("value.number", {"number": "C/1"}),
    ("value.reserved", {"number": "find"}),
    ("value.reserved", {"number": "unblock"}),
    ("partners.limit", {"credit_limit": Decimal(-1)}),
    ("partners.limit", {"credit_limit": Decimal("NaN")}),
    ("partners.limit", {"credit_limit": Decimal("1e30")}),
    ("partners.limit_digits", {"credit_limit": Decimal("0.001")}),
    ("partners.no_credit_account", {"credit_with": "C-99999"}),
    ("partners.no_member", {"sales_rep_id": 0x7FFFFFFF}),
    ("partners.no_member", {"collector_id": 0x7FFFFFFF}),
]


@pytest.mark.parametrize(("code", "fields"), WRONG_ACCOUNT)
def test_refuses_an_account_that_cannot_be(company, code, fields):
    make_terms(company)
    with pytest.raises(Refused) as refusal:
        open_customers(company, [CustomerDraft(partner_draft(), **fields)], by=system())
    assert refusal.value.code == code
    assert not Customer.objects.exists()


def test_refuses_the_same_number_or_partner_twice_in_one_set(company):
    make_terms(company)
    same_number = [CustomerDraft(partner_draft(), number="K1") for _ in range(2)]
    same_partner = [CustomerDraft(partner_draft(vat_id="DE136695976")) for _ in range(2)]
    for drafts in (same_number, same_partner):
        with pytest.raises(Refused) as refusal:
            open_customers(company, drafts, by=system())
        assert refusal.value.code == "partners.twice"


def test_only_a_credit_controller_grants_credit(company):
    make_terms(company)
    by = sales_manager(company)
    with pytest.raises(Refused) as refusal:
        open_customers(company, [CustomerDraft(partner_draft(), credit_limit=Decimal(1))], by=by)
    assert refusal.value.code == "partners.limit_right"
    parent = make_customer(company, limit=1_000_000)
    with pytest.raises(Refused) as refusal:
        open_customers(company, [CustomerDraft(partner_draft(), credit_with=parent.number)], by=by)
    assert (refusal.value.code, refusal.value.numbers["field"]) == (
        "partners.limit_right", "credit_with",
    )  # fmt: skip
    customer = open_customers(company, [CustomerDraft(partner_draft())], by=by)[0]
    assert customer.credit_account.limit == 0


@pytest.mark.parametrize("person", [sales_rep, accountant])
def test_other_people_open_no_accounts(company, person):
    make_terms(company)
    with pytest.raises(Refused) as refusal:
        open_customers(company, [CustomerDraft(partner_draft())], by=person(company))
    assert refusal.value.code == "not_allowed"
    with pytest.raises(Refused):
        open_suppliers(company, [SupplierDraft(partner_draft())], by=stranger())
    assert not Partner.objects.exists()


def test_twice_is_once(company):
    make_terms(company)
    by = sales_manager(company)
    token = request_key.set(RequestKey(by, uuid4(), "the same form"))
    try:
        drafts = [CustomerDraft(partner_draft())]
        first, again = (open_customers(company, drafts, by=by) for _ in range(2))
    finally:
        request_key.reset(token)
    assert first == again
    assert Customer.objects.count() == 1


def test_a_set_equals_one_by_one(company, other_company):
    make_terms(company)
    make_terms(other_company)
    drafts = [CustomerDraft(partner_draft(), credit_limit=Decimal(i)) for i in range(5)]
    together = open_customers(company, drafts, by=system())
    alone = [open_customers(other_company, [draft], by=system())[0] for draft in drafts]

    def seen(customers):
        return [
            (c.number, c.partner.name, c.currency, c.credit_account.limit, c.payment_terms.code)
            for c in customers
        ]

    assert seen(together) == seen(alone)


def test_statements_do_not_grow_with_the_set(company, django_assert_max_num_queries):
    make_terms(company)
    by = system()
    for many in (1, 50):
        with django_assert_max_num_queries(22):
            open_customers(company, [CustomerDraft(partner_draft()) for _ in range(many)], by=by)


def test_suppliers(company):
    supplier = make_supplier(company, "Steel Ltd", country="GB", vat_id="GB980780684")
    assert (supplier.number, supplier.partner.vat_id) == ("S-00001", "GB980780684")
    assert make_supplier(company).number == "S-00002"
