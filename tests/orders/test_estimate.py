"""What an order would come to, shown while it is typed, is what it will come to."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from orders.actions import submit_orders
from orders.models import Order
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse, receive
from tests.factories.orders import make_order
from tests.factories.partners import make_customer


@pytest.fixture
def ask(client, company, rep):
    """Sends lines of (product, quantity, agreed price) and returns what the form is told."""
    warehouse = default_warehouse(company)
    client.force_login(rep)

    def go(customer, *lines):
        data = {"customer": customer, "warehouse": str(warehouse.pk), "channel": "screen"}
        data |= {"lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}
        for i, line in enumerate(lines):
            for name, said in zip(("product", "quantity", "unit_price"), line, strict=False):
                data[f"lines-{i}-{name}"] = str(said)
        answer = client.post(reverse("orders:estimate_order", args=[company.slug]), data)
        assert answer.status_code == 200
        return answer.json()

    return go


def test_it_comes_to_what_submitting_freezes(company, rep, ask, nothing_changes):
    customer = make_customer(company)
    drill, saw = make_product(company, "12.345"), make_product(company, "0.07")
    receive(company, (drill, 100), (saw, 100))
    with nothing_changes():
        told = ask(customer.number, (drill.code, 3), (saw.code, 7))
    order = make_order(company, customer, [(drill, 3), (saw, 7)])
    submit_orders([order.pk], by=rep)
    order = Order.objects.get(pk=order.pk)
    assert [Decimal(sum_) for _label, sum_ in told["totals"]] == [order.net, order.tax, order.gross]
    assert told["lines"]["0"] == {"price": "12.345", "net": "37.04", "note": ""}
    assert told["problems"] == []


def test_an_agreed_price_counts(company, ask):
    product = make_product(company, 10)
    told = ask(make_customer(company).number, (product.code, 2, "7,50"))
    assert told["totals"][0] == ["Net", "15.00"]


def test_what_would_hold_it_is_said_in_the_words_of_the_hold(company, rep, ask):
    customer, product = make_customer(company, limit=50), make_product(company, 10)
    receive(company, (product, 100))
    told = ask(customer.number, (product.code, 10))
    order = make_order(company, customer, [(product, 10)])
    submit_orders([order.pk], by=rep)
    assert told["problems"] == [order.holds.get().message]
    assert told["credit"].endswith("\N{MINUS SIGN}69.00\xa0EUR")


def test_what_is_not_on_the_shelf_is_said_beside_the_line(company, ask):
    product = make_product(company, 10)
    receive(company, (product, 4))
    told = ask(make_customer(company).number, (product.code, 10), (product.code, 2))
    assert told["lines"]["0"]["note"] == "4 free, the rest on backorder"
    assert told["lines"]["1"]["note"] == ""


def test_half_typed_lines_are_no_mistake(company, ask):
    product = make_product(company, 10)
    lines = [(product.code, ""), ("", ""), (product.code, 1)]
    told = ask(make_customer(company).number, *lines)
    assert list(told["lines"]) == ["2"]
    assert (told["problems"], told["wrong"]) == ([], {})


def test_what_is_typed_wrong_is_marked_at_once(company, ask):
    product = make_product(company, 10)
    told = ask("", (product.code, "x"), ("nothing", 1), (product.code, "1.5"))
    assert told["wrong"] == {
        "lines-0-quantity": "“x” is no number. Write it like 1234.50.",
        "lines-1-product": "There is no such product. Choose one from the list.",
        "lines-2-quantity": "This product is sold in whole pieces only.",
    }


def test_the_names_behind_the_numbers_are_told(company, ask):
    customer, product = make_customer(company, "Acme GmbH"), make_product(company, 10)
    told = ask(customer.number, (product.code, 1), ("nothing", 1))
    assert told["names"] == {"customer": "Acme GmbH", "lines-0-product": product.name}


def test_a_line_without_a_price_names_itself(company, ask):
    told = ask(make_customer(company).number, (make_product(company).code, 1))
    assert told["problems"][0].startswith("Line 1: no price")
    assert told["lines"] == {}  # not a price of nothing


@pytest.mark.parametrize("customer", ["", "nobody", "C\x00", "🙂"])
def test_without_a_customer_there_is_nothing_to_say(company, ask, customer):
    told = ask(customer, ("", ""))
    assert told == {"addresses": [["", "Address on file"]], "names": {}, "wrong": {}}


def test_the_goods_go_where_the_form_says(company, client, rep):
    customer, product = make_customer(company), make_product(company, 10)
    default_warehouse(company)
    place = customer.partner.addresses.create(
        purpose="shipping", street="Hafen 7", postcode="20457", city="Hamburg", country="DE"
    )
    client.force_login(rep)
    data = {"customer": customer.number, "channel": "screen", "ship_to": str(place.pk)}
    data |= {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
    data |= {"lines-0-product": product.code, "lines-0-quantity": "1"}
    url = reverse("orders:new_order", args=[company.slug])
    client.post(url, {"idempotency_key": str(uuid4()), **data})
    assert Order.objects.get().ship_to == place
    stranger = make_customer(company, "Stranger").partner.addresses.create(
        purpose="shipping", street="Weit 1", city="Bremen", country="DE"
    )
    page = client.post(url, {"idempotency_key": str(uuid4()), **data, "ship_to": str(stranger.pk)})
    assert "Select a valid choice" in page.content.decode()
    assert Order.objects.count() == 1
    assert Decimal(Order.objects.get().lines.get().quantity) == 1
