"""One box for everything."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics import search
from analytics.together import Reader
from core.roles import Role
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.invoicing import make_invoice
from tests.factories.orders import make_order
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def company():
    return cast.make_company()


@pytest.fixture
def look(company):
    manager = cast.sales_manager(company)

    def looked(text, person=None, where=company):
        from core import clock

        groups = search.find(Reader(person or manager, where, clock.today(where)), text)
        return {group.kind: [hit.name for hit in group.hits] for group in groups}

    return looked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1190", ["1190"]),
        ("1190.00", ["1190.00"]),
        ("1.190,00", ["1190.00"]),
        ("1,190.00 EUR", ["1190.00"]),
        ("€ 1 190,00", ["1190.00"]),
        ("1'190.00", ["1190.00"]),
        ("1.190", ["1190", "1.190"]),
        ("acme", []),
        ("SO-2026-00001", []),
        ("12.3.4", []),
    ],
)
def test_amounts_are_read_as_people_write_them(text, expected):
    assert search.amounts(text) == [D(amount) for amount in expected]


def test_a_document_is_found_by_number_short_or_whole(company, look):
    invoice = make_invoice(company)
    year = date.fromisoformat(str(invoice.issued_on)).year
    for text in (invoice.number, invoice.number.lower(), f"{year}-1", "1", f"INV-{year}-"):
        assert look(text)["invoice"] == [invoice.number], text


def test_a_short_number_finds_every_kind(company, look):
    make_invoice(company)
    assert {"order", "shipment", "invoice"} <= look("1").keys()


def test_customers_and_products_are_found_by_a_part_of_the_name(company, look):
    customer = make_customer(company, "Käferstein & Söhne")
    product = make_product(company, name="Oak table")
    assert look("käfer")["customer"] == [customer.number]
    assert look("AK TAB")["product"] == [product.code]
    assert look(customer.number.lower())["customer"] == [customer.number]


def test_an_order_is_found_by_the_customers_own_number(company, look):
    order = make_order(company, customer_reference="PO-4711")
    assert order.name.startswith("draft-")
    assert look("PO-47")["order"] == [order.name]


@pytest.mark.parametrize("text", ["po 47", "PO4711", "po-47/11"])
def test_the_customers_own_number_is_found_however_it_is_written(company, look, text):
    order = make_order(company, customer_reference="PO-4711")
    assert look(text)["order"] == [order.name]


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ("order_reference", "PO-4711"), ("invoice_gross", "1190.00"), ("receipt_amount", "1190.00"),
        ("item_reference", "RF18 5390 0754 7034"),
    ],
)  # fmt: skip
def test_an_index_serves_what_is_looked_up_in_documents(company, look, index, text):
    """The planner is kept from reading all rows, which pays for as few as these."""
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as ran:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        look(text, cast.member(company, Role.CONTROLLER))
        (asked,) = [query["sql"] for query in ran if "UNION ALL" in query["sql"]]
        cursor.execute(f"EXPLAIN (FORMAT JSON) {asked}")
        assert index in used(cursor.fetchone()[0][0]["Plan"])


def used(plan):
    """The indexes whose condition is more than the company."""
    inner = {name for part in plan.get("Plans", ()) for name in used(part)}
    by = plan.get("Index Cond", "").replace("company_id", "")
    columns = ("reference_key", "gross", "amount", "payment_reference", "number")
    return inner | ({plan["Index Name"]} if any(column in by for column in columns) else set())


def test_an_invoice_is_found_by_amount_and_by_payment_reference(company, look):
    invoice = make_invoice(company)
    assert look(f"{invoice.gross:.2f}")["invoice"] == [invoice.number]
    assert invoice.payment_reference
    spaced = " ".join(invoice.payment_reference[i : i + 4] for i in range(0, 24, 4))
    assert look(spaced)["invoice"] == [invoice.number]


@pytest.mark.parametrize("text", ["", "   ", "\0", "%", "_", "'; DROP TABLE", "x" * 5000, "☃"])
def test_nonsense_finds_nothing_and_breaks_nothing(company, look, text):
    make_invoice(company)
    assert look(text) == {}


def test_a_rep_finds_the_own_customers_documents_only(company, look):
    rep, other = cast.sales_rep(company), cast.sales_rep(company)
    invoice = make_invoice(company, make_customer(company, "Acme", sales_rep=rep))
    assert look(invoice.number, rep) == {"invoice": [invoice.number]}
    assert look("acme", rep).keys() == {"customer"}
    assert look(invoice.number, other) == {}
    assert look("acme", other) == {}


def test_another_company_finds_nothing_of_it(company, look):
    make_invoice(company, make_customer(company, "Acme"))
    other = cast.make_company()
    assert look("acme", cast.sales_manager(other), other) == {}
    # The catalogue is shared by all companies, documents and customers are not.
    assert look("1", cast.sales_manager(other), other).keys() <= {"product"}


def test_a_warehouse_hand_finds_no_invoice(company, look):
    invoice = make_invoice(company)
    assert "invoice" not in look(invoice.number, cast.warehouse_hand(company))


def test_the_page_goes_straight_to_the_one_with_this_number(company, client):
    invoice = make_invoice(company)
    client.force_login(cast.sales_manager(company))
    url = f"/{company.slug}/search"
    assert client.get(url, {"q": invoice.number}).status_code == 302
    found = client.get(url, {"q": "customer"})
    assert "Customers" in found.content.decode()
    found = client.get(url, {"q": "zzz"})
    assert "Nothing found" in found.content.decode()


def test_while_one_types_the_box_is_answered_in_json(company, client):
    invoice = make_invoice(company, make_customer(company, "Acme"))
    client.force_login(cast.sales_manager(company))
    answer = client.get(f"/{company.slug}/search?q=acme", headers={"Accept": "application/json"})
    (hit,) = answer.json()
    assert hit["label"].endswith("Acme")
    assert hit["url"].startswith(f"/{company.slug}/customers/")
    assert invoice.number not in str(answer.json())


def test_a_search_takes_at_most_eight_statements(company, client, django_assert_max_num_queries):
    make_invoice(company)
    client.force_login(cast.member(company, Role.CONTROLLER))
    client.get(f"/{company.slug}/search?q=x")
    with django_assert_max_num_queries(8):
        assert client.get(f"/{company.slug}/search?q=customer").status_code == 200
