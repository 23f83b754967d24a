"""Changing what is said of accounts, their addresses, contacts and bank accounts."""

from dataclasses import replace
from uuid import uuid4

import pytest

from core.actions import RequestKey, request_key
from core.history import Track, changes
from core.models import Event
from core.refusals import Refused
from partners.actions import (
    change_addresses,
    change_bank_accounts,
    change_contacts,
    change_customer,
    change_supplier,
)
from partners.drafts import (
    AddressDraft,
    BankAccountDraft,
    ContactDraft,
    CustomerDraft,
    PartnerDraft,
    SupplierDraft,
)
from partners.editing import Versions
from partners.models import Customer, Partner
from tests.cast import accountant, auditor, company_admin, sales_manager, sales_rep, system
from tests.factories.partners import make_customer, make_supplier

IBAN, OTHER_IBAN = "DE89370400440532013000", "NL91ABNA0417164300"
pytestmark = pytest.mark.django_db


def fresh(account):
    return type(account).objects.select_related("partner", "company").get(pk=account.pk)


def seen(account):
    return Versions.of(fresh(account))


def draft_of(customer, **fields):
    partner = {"name": customer.partner.name, "country": customer.partner.country}
    agreed = {"terms": "NET30", "currency": customer.currency}
    for name in fields.keys() & {"name", "legal_name", "vat_id", "country", "language"}:
        partner[name] = fields.pop(name)
    return CustomerDraft(PartnerDraft(**partner), **{**agreed, **fields})


def refused(deed, *given, **said):
    with pytest.raises(Refused) as refusal:
        deed(*given, **said)
    return refusal.value


def test_changes_the_partner_and_what_is_agreed(company):
    customer = make_customer(company, "Acme")
    rep, by = sales_rep(company), sales_manager(company)
    wanted = draft_of(
        customer, name="Acme AG", vat_id="DE136695976", terms="NET14", sales_rep_id=rep.pk,
        currency="USD", po_number_required=True,
    )  # fmt: skip
    change_customer(customer, wanted, seen=seen(customer), by=by, reason="New contract")
    now = fresh(customer)
    assert (now.partner.name, now.partner.vat_id) == ("Acme AG", "DE136695976")
    assert (now.payment_terms.code, now.currency, now.sales_rep, now.po_number_required) == (
        "NET14",
        "USD",
        rep,
        True,
    )
    assert (now.version, now.partner.version) == (2, 2)
    event = Event.objects.get(verb="customer.changed")
    assert event.facts["reason"] == "New contract"
    assert "vat_id" in event.facts["fields"]
    assert "Acme" not in str(event.facts)


def test_the_history_tells_who_when_why_and_what(company):
    customer, by = make_customer(company, "Acme"), sales_manager(company)
    wanted = draft_of(customer, name="Acme AG", terms="NET14")
    change_customer(customer, wanted, seen=seen(customer), by=by, reason="New contract")
    tracks = Track(Customer, customer.pk), Track(Partner, customer.partner_id)
    told = {
        (str(c.field), c.before, c.after, c.by, c.reason)
        for c in changes(*tracks)
        if c.before is not None
    }
    assert told == {
        ("name", "Acme", "Acme AG", "Sofia Lindgren", "New contract"),
        ("registered name", "Acme", "Acme AG", "Sofia Lindgren", "New contract"),
        ("payment terms", "30 days net", "14 days net", "Sofia Lindgren", "New contract"),
    }


def test_a_form_on_an_old_version_is_refused_with_what_changed(company):
    customer, old = make_customer(company, "Acme"), Versions(1, 1)
    wanted = draft_of(customer, name="Acme AG", legal_name="Acme", terms="NET14")
    change_customer(customer, wanted, seen=old, by=sales_manager(company))
    problem = refused(change_customer, customer, draft_of(customer), seen=old, by=system())
    assert problem.code == "changed_meanwhile"
    assert "Sofia Lindgren" in problem.message
    assert "name: Acme → Acme AG" in problem.message
    assert "payment terms: 30 days net → 14 days net" in problem.message
    assert fresh(customer).partner.name == "Acme AG"


def test_another_companys_change_of_the_partner_counts_too(company, other_company):
    ours = make_customer(company, vat_id="DE136695976")
    theirs = make_customer(other_company, vat_id="DE136695976")
    before = seen(ours)
    wanted = draft_of(theirs, vat_id="DE136695976", name="New")
    change_customer(theirs, wanted, seen=seen(theirs), by=system())
    problem = refused(change_customer, ours, draft_of(ours), seen=before, by=system())
    assert problem.code == "changed_meanwhile"


WRONG = [
    ("value.missing", {"name": ""}),
    ("value.vat_id", {"vat_id": "DE1"}),
    ("value.country", {"country": "??"}),
    ("partners.no_terms", {"terms": "NET7"}),
    ("value.currency", {"currency": "EURO"}),
    ("partners.no_member", {"collector_id": 0x7FFFFFFF}),
]


@pytest.mark.parametrize(("code", "fields"), WRONG)
def test_refuses_and_changes_nothing(company, code, fields):
    customer = make_customer(company, "Acme")
    wanted = draft_of(customer, **{"name": "Other", **fields})
    problem = refused(change_customer, customer, wanted, seen=seen(customer), by=system())
    assert problem.code == code
    now = fresh(customer)
    assert (now.partner.name, now.version, now.partner.version) == ("Acme", 1, 1)


def test_a_vat_number_belongs_to_one_partner(company):
    make_customer(company, "First", vat_id="DE136695976")
    second = make_customer(company, "Second")
    wanted = draft_of(second, vat_id="DE136695976")
    problem = refused(change_customer, second, wanted, seen=seen(second), by=system())
    assert problem.code == "partners.vat_id_taken"


def test_wrong_people(company, other_company):
    customer = make_customer(company)
    by_whom = [accountant(company), auditor(company), sales_rep(company)]
    for by in [*by_whom, company_admin(other_company)]:
        problem = refused(change_customer, customer, draft_of(customer), seen=seen(customer), by=by)
        assert problem.code == "not_allowed"


def test_a_sales_rep_changes_contacts_of_own_customers_only(company):
    rep = sales_rep(company)
    mine, other = make_customer(company, sales_rep=rep), make_customer(company)
    wanted = [(None, ContactDraft("new@customer.example"))]
    change_contacts(mine, wanted, seen=seen(mine), by=rep)
    assert refused(change_contacts, other, wanted, seen=seen(other), by=rep).code == (
        "partners.not_there"
    )


def test_nothing_changed_leaves_no_trace(company):
    customer = make_customer(company, "Acme")
    change_customer(customer, draft_of(customer), seen=seen(customer), by=system())
    assert fresh(customer).version == 1
    assert not Event.objects.filter(verb="customer.changed").exists()


def test_twice_is_once(company):
    customer, by = make_customer(company, "Acme"), sales_manager(company)
    before, wanted = seen(customer), draft_of(customer, name="New", legal_name="New")
    token = request_key.set(RequestKey(by, uuid4(), "the same form"))
    try:
        for _ in range(2):
            change_customer(customer, wanted, seen=before, by=by)
    finally:
        request_key.reset(token)
    assert fresh(customer).partner.version == 2


def parts(account, name):
    rows = getattr(account.partner, name).filter(archived_at=None).order_by("pk")
    return [(row.pk, str(row)) for row in rows]


def test_a_changed_address_is_replaced_since_documents_keep_the_old_one(company):
    customer = make_customer(company)
    (billing, _), (shipping, _) = parts(customer, "addresses")
    keep = AddressDraft("Tor 3", "Berlin", "DE", "12099", purpose="shipping")
    moved = AddressDraft("Lindenallee 9", "Berlin", "DE", "10115")
    wanted = [(billing, moved), (shipping, keep), (None, replace(keep, street="Tor 4"))]
    change_addresses(customer, wanted, seen=seen(customer), by=sales_manager(company))
    now = parts(customer, "addresses")
    assert [words for _pk, words in now] == [
        "Tor 3, 12099 Berlin",
        "Lindenallee 9, 10115 Berlin",
        "Tor 4, 12099 Berlin",
    ]
    assert now[0][0] == shipping
    assert customer.partner.addresses.get(pk=billing).archived_at is not None
    assert seen(customer) == (1, 2)


def test_contacts_change_in_place_and_go(company):
    customer = make_customer(company)
    ((first, _),) = parts(customer, "contacts")
    both = [
        (first, ContactDraft("new@customer.example", "Bo")),
        (None, ContactDraft("b@c.example")),
    ]
    change_contacts(customer, both, seen=seen(customer), by=accountant(company))
    assert parts(customer, "contacts")[0] == (first, "Bo <new@customer.example>")
    change_contacts(customer, both[:1], seen=seen(customer), by=accountant(company))
    assert len(parts(customer, "contacts")) == 1
    problem = refused(
        change_contacts, customer, [(None, ContactDraft("x"))], seen=seen(customer), by=system()
    )
    assert (problem.code, problem.numbers["place"]) == ("partners.email", 0)


def test_bank_accounts_need_a_reason_and_a_valid_iban(company):
    customer, by = make_customer(company, iban=IBAN), accountant(company)
    ((first, _),) = parts(customer, "bank_accounts")
    wanted = [(first, BankAccountDraft(OTHER_IBAN))]
    deed = change_bank_accounts
    assert refused(deed, customer, wanted, seen=seen(customer), by=by, reason=" ").code == (
        "partners.reason"
    )
    bad = [(None, BankAccountDraft("DE00370400440532013000"))]
    assert refused(deed, customer, bad, seen=seen(customer), by=by, reason="x").code == (
        "value.iban"
    )
    twice = [(None, BankAccountDraft(IBAN)), (None, BankAccountDraft(f" {IBAN} "))]
    assert refused(deed, customer, twice, seen=seen(customer), by=by, reason="x").code == (
        "partners.iban_twice"
    )
    manager = sales_manager(company)
    assert refused(deed, customer, wanted, seen=seen(customer), by=manager, reason="x").code == (
        "not_allowed"
    )
    deed(customer, wanted, seen=seen(customer), by=by, reason="Letter of 3 May")
    assert [iban for _pk, iban in parts(customer, "bank_accounts")] == [OTHER_IBAN]


def test_an_archived_bank_account_comes_back(company):
    customer, by = make_customer(company, iban=IBAN), accountant(company)
    ((first, _),) = parts(customer, "bank_accounts")
    change_bank_accounts(customer, [], seen=seen(customer), by=by, reason="closed")
    again = [(None, BankAccountDraft(IBAN, holder="Acme"))]
    change_bank_accounts(customer, again, seen=seen(customer), by=by, reason="open again")
    assert parts(customer, "bank_accounts") == [(first, IBAN)]


def test_suppliers_change_too(company):
    supplier = make_supplier(company, "Steel")
    wanted = SupplierDraft(PartnerDraft("Steel Ltd", "GB"), currency="GBP", terms="NET60")
    change_supplier(supplier, wanted, seen=seen(supplier), by=company_admin(company))
    now = fresh(supplier)
    assert (now.partner.name, now.partner.country, now.currency) == ("Steel Ltd", "GB", "GBP")
    assert Event.objects.filter(verb="supplier.changed").count() == 1
    problem = refused(
        change_supplier, supplier, wanted, seen=seen(supplier), by=sales_manager(company)
    )
    assert problem.code == "not_allowed"
