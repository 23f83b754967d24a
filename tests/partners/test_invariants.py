"""The proofs of partners and catalogue hold, and each finds what breaks it."""

import pytest
from django.db import connection

from catalog.actions import assign_price_list
from catalog.invariants import INVARIANTS as OF_CATALOG
from core.invariants import prove
from partners.invariants import INVARIANTS as OF_PARTNERS
from tests.cast import system
from tests.factories.catalog import make_price_list, make_product
from tests.factories.partners import make_customer, make_supplier

pytestmark = pytest.mark.django_db
ALL = {invariant.id: invariant for invariant in (*OF_PARTNERS, *OF_CATALOG)}

BREAKS = {
    "I11p": "UPDATE partners_exposure SET unbilled = -1",
    "I11q": "DELETE FROM partners_exposure",
    "I22p": "UPDATE partners_paymentterms SET company_id = {other}",
    "I16p": "UPDATE partners_termsinstalment SET percent = 99 WHERE percent = 100",
    "I19p": "ALTER TABLE partners_customer DISABLE TRIGGER USER; "
    "UPDATE partners_customer SET version = 77",
    "I24p": 'UPDATE partners_creditaccount SET "limit" = 0.001',
    "I22c": "UPDATE catalog_pricelist SET company_id = {other}",
    "I16c": "UPDATE catalog_pricelist SET archived_at = now()",
    "I19c": "ALTER TABLE catalog_price DISABLE TRIGGER USER; UPDATE catalog_price SET amount = 3",
}


@pytest.fixture
def books(company):
    customer, own = make_customer(company), make_price_list(company)
    make_supplier(company)
    make_product(company, price=5)
    assign_price_list(company, [customer.pk], own.pk, by=system())


def test_every_proof_has_a_way_to_break_it():
    assert set(BREAKS) == set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_holds_and_can_fail(books, other_company, name):
    assert prove(ALL[name]).violations == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(BREAKS[name].format(other=other_company.pk))
    assert prove(ALL[name]).violations > 0
