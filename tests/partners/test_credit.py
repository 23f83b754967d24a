"""Granting and stopping credit; putting accounts away."""

from decimal import Decimal

import pytest

from core.actions import action
from core.models import Event, EventSubject
from core.refusals import Refused
from partners.actions import (
    CreditTerms,
    archive_customers,
    archive_suppliers,
    block_customers,
    open_customers,
    restore_customers,
    restore_suppliers,
    set_credit_limit,
    unblock_customers,
)
from partners.drafts import CustomerDraft
from partners.exposure import Moves
from partners.models import CreditAccount, Customer
from tests.cast import accountant, credit_controller, sales_manager, system
from tests.factories.partners import make_customer, make_customers, make_supplier, partner_draft

pytestmark = pytest.mark.django_db
MORE = CreditTerms(Decimal("75000.50"), 14)


def refused(deed, *given, **said):
    with pytest.raises(Refused) as refusal:
        deed(*given, **said)
    return refusal.value.code


def test_sets_the_limit_with_a_reason_and_an_event(company):
    customer, by = make_customer(company, limit=1000), credit_controller(company)
    account = set_credit_limit(customer, MORE, seen=1, by=by, reason="Good year")
    account.refresh_from_db()
    assert (account.limit, account.max_overdue_days, account.blocked, account.version) == (
        Decimal("75000.50"),
        14,
        False,
        2,
    )
    event = Event.objects.get(verb="customer.limit_set")
    assert event.facts == {
        "before": "1000.0000",
        "limit": "75000.50",
        "currency": "EUR",
        "max_overdue_days": 14,
        "blocked": False,
        "reason": "Good year",
    }


def test_who_shares_the_limit_shares_the_event(company):
    parent = make_customer(company, limit=1000)
    draft = CustomerDraft(partner_draft(), credit_with=parent.number)
    child = open_customers(company, [draft], by=system())[0]
    set_credit_limit(child, MORE, seen=1, by=system(), reason="Group")
    event = Event.objects.get(verb="customer.limit_set")
    subjects = EventSubject.objects.filter(event_id=event.pk).values_list("subject_id", flat=True)
    assert set(subjects) == {parent.pk, child.pk}


def test_refuses_and_changes_nothing(company):
    customer, by = make_customer(company, limit=1000), credit_controller(company)
    cases = {
        "partners.reason": (MORE, 1, " "),
        "changed_meanwhile": (MORE, 0, "x"),
        "partners.limit": (CreditTerms(Decimal(-1), 0), 1, "x"),
        "partners.limit_digits": (CreditTerms(Decimal("0.001"), 0), 1, "x"),
        "partners.overdue_days": (CreditTerms(Decimal(1), 99999), 1, "x"),
    }
    for code, (wanted, seen, reason) in cases.items():
        assert refused(set_credit_limit, customer, wanted, seen=seen, by=by, reason=reason) == code
    account = CreditAccount.objects.get()
    assert (account.limit, account.version) == (1000, 1)


def test_only_the_credit_controller_of_this_company(company, other_company):
    customer = make_customer(company)
    for by in (sales_manager(company), accountant(company), credit_controller(other_company)):
        assert refused(set_credit_limit, customer, MORE, seen=1, by=by, reason="x") == "not_allowed"
        assert refused(block_customers, company, [customer.pk], by=by, reason="x") == "not_allowed"


def test_blocks_and_unblocks_a_set(company):
    customers, by = make_customers(company, 3), credit_controller(company)
    ids = [customer.pk for customer in customers]
    block_customers(company, ids[:1], by=by, reason="Insolvency rumour")
    block_customers(company, ids, by=by, reason="Insolvency rumour")
    assert CreditAccount.objects.filter(blocked=True).count() == 3
    assert Event.objects.filter(verb="customer.blocked").count() == 3
    unblock_customers(company, ids, by=by, reason="Paid")
    assert CreditAccount.objects.filter(blocked=True).count() == 0
    assert refused(block_customers, company, ids, by=by, reason="") == "partners.reason"


@action
def use_credit(customer, amount):
    moves = Moves()
    moves.add(customer.credit_account_id, "EUR", receivable=Decimal(amount))
    moves.write()


def test_a_customer_who_owes_is_not_put_away(company):
    customer, other = make_customer(company), make_customer(company)
    use_credit(customer, 10)
    ids, by = [customer.pk, other.pk], sales_manager(company)
    assert refused(archive_customers, company, ids, by=by) == "partners.open_business"
    assert not Customer.objects.exclude(archived_at=None).exists()
    use_credit(customer, -10)
    archive_customers(company, ids, by=by)
    assert Customer.objects.exclude(archived_at=None).count() == 2
    restore_customers(company, ids, by=by)
    assert not Customer.objects.exclude(archived_at=None).exists()
    assert Customer.objects.get(pk=customer.pk).version == 3


def test_a_set_of_another_company_is_refused_whole(company, other_company):
    ours, theirs = make_customer(company), make_customer(other_company)
    ids = [ours.pk, theirs.pk]
    assert refused(archive_customers, company, ids, by=sales_manager(company)) == (
        "partners.not_there"
    )
    assert not Customer.objects.exclude(archived_at=None).exists()


def test_suppliers_go_and_come_back(company):
    supplier = make_supplier(company)
    archive_suppliers(company, [supplier.pk], by=system())
    restore_suppliers(company, [supplier.pk], by=system())
    verbs = Event.objects.filter(verb__startswith="supplier.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "supplier.opened",
        "supplier.archived",
        "supplier.restored",
    ]
