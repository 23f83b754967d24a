"""Several people add the same at once: one of them does, the others are told so, in words."""

from decimal import Decimal

import pytest

from catalog.actions import add_products
from inventory.actions import add_warehouse, take_over_stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Stock, Warehouse
from partners.actions import add_terms, open_customers
from partners.drafts import CustomerDraft
from partners.terms import Instalment, TermsDraft
from tests.cast import make_company, system
from tests.factories.catalog import make_product, product_draft
from tests.factories.inventory import make_warehouse
from tests.factories.partners import make_terms, partner_draft
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def article(company):
    return lambda: add_products(company, [product_draft(code="BOLT")], by=system())


def warehouse(company):
    return lambda: add_warehouse(company, "HAM", "Hamburg", by=system())


def terms(company):
    draft = TermsDraft("NET7", "7 days", (Instalment(days=7),))
    return lambda: add_terms(company, [draft], by=system())


def vat_number(company):
    make_terms(company)
    draft = CustomerDraft(partner_draft(vat_id="DE136695976"))
    return lambda: open_customers(company, [draft], by=system())


@pytest.mark.parametrize(
    ("adding", "told"),
    [
        (article, "catalog.code_taken"),
        (warehouse, "warehouse.code_taken"),
        (terms, "partners.terms_taken"),
        (vat_number, "partners.has_account"),
    ],
)
def test_what_is_there_once_is_added_once(adding, told):
    deed = adding(make_company())

    def add(_number):
        deed()
        return "added"

    assert race(PEOPLE, add) == {"added": 1, told: PEOPLE - 1}


def test_of_several_first_warehouses_one_is_the_default():
    company = make_company()

    def add(number):
        add_warehouse(company, f"W{number}", f"House {number}", by=system())
        return "added"

    assert race(3, add) == {"added": 3}
    assert Warehouse.objects.filter(is_default=True).count() == 1


def test_the_same_opening_stock_is_taken_over_once(proved):
    company = make_company()
    place, product = make_warehouse(company), make_product(company)

    def take_over(_number):
        change = StockChange(place.pk, [StockLine(product.pk, Decimal(40), Decimal(2))])
        take_over_stock(company, [change], by=system())
        return "taken over"

    assert race(PEOPLE, take_over) == {"taken over": 1, "stock.moved_already": PEOPLE - 1}
    assert Stock.objects.get().on_hand == 40
