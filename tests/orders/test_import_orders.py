"""Orders from a spreadsheet: understood line by line, imported all or not at all."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import clock
from core.refusals import Refused
from core.spreadsheets import Figure, Line, read_table
from orders.actions import cancel_orders, import_orders
from orders.models import Order
from orders.sheets import OPTIONAL, REQUIRED, check_orders, orders_of
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse
from tests.factories.orders import make_order
from tests.factories.partners import make_customer

D = Decimal
BEFORE = datetime(2025, 12, 1, 9, tzinfo=UTC)  # the days that are wanted here
HEAD = "customer;customer_reference;product;quantity;price;discount;requested_on;note"


@pytest.fixture
def shop(company):
    """Two customers and two products; the second has no list price."""
    default_warehouse(company)
    make_customer(company, "Acme", number="C-1")
    make_customer(company, "Brown", number="C-2")
    make_product(company, 10, code="BOLT", name="Bolt")
    make_product(company, code="NUT", name="Nut")
    with clock.travel(BEFORE):
        yield company


@pytest.fixture
def check(shop, rep):
    def checked(*rows, head=HEAD):
        content = "\n".join([head, *rows]).encode()
        lines = read_table(io.BytesIO(content), required=REQUIRED, optional=OPTIONAL)
        return check_orders(shop, lines, rep)

    return checked


def problems(checked):
    return [(p.line, p.column, p.text) for p in checked.problems]


def test_lines_become_orders_by_customer_and_their_number(shop, rep, check):
    checked = check(
        "c-1;PO 1;bolt;1.000,5;;;2026-03-01;By truck",
        "C-2;PO 1;BOLT;3;9.50;2,5;;",
        "C-1;po-1;NUT;2;0.5;10 %;2026-03-01;By truck",
        "C-1;;BOLT;1;;;;",
    )
    assert problems(checked) == [(2, "quantity", "This product is sold in whole pieces only.")]
    checked = check(
        "c-1;PO 1;bolt;1 000;;;2026-03-01;By truck",
        "C-2;PO 1;BOLT;3;9.50;2,5;;",
        "C-1;po-1;NUT;2;0.5;10 %;2026-03-01;By truck",
        "C-1;;BOLT;1;;;;",
    )
    assert problems(checked) == []
    assert len(checked.drafts) == len(checked.rows) == 4
    orders = import_orders(shop, orders_of(checked.drafts), by=rep)
    first, second, third = [Order.objects.get(pk=order.pk) for order in orders]
    assert (first.state, first.channel, first.number is not None) == (
        "submitted", "spreadsheet", True,
    )  # fmt: skip
    assert (first.customer.number, first.customer_reference) == ("C-1", "PO 1")
    assert (first.requested_on, first.note) == (date(2026, 3, 1), "By truck")
    assert [(line.quantity, line.unit_price, line.net) for line in first.lines.all()] == [
        (1000, 10, D("10000")), (2, D("0.5"), D("0.9")),
    ]  # fmt: skip
    assert (second.customer.number, second.net) == ("C-2", D("27.79"))
    assert (third.customer_reference, third.net) == ("", 10)


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        ("C-9;;BOLT;1;;;;", "customer", "No customer"),
        (";;BOLT;1;;;;", "customer", "No customer"),
        ("C-1;;BALL;1;;;;", "product", "no such product"),
        ("C-1;;BOLT;;;;;", "quantity", "is missing"),
        ("C-1;;BOLT;many;;;;", "quantity", "is no number"),
        ("C-1;;BOLT;-3;;;;", "quantity", "above zero"),
        ("C-1;;BOLT;0;;;;", "quantity", "above zero"),
        (f"C-1;;BOLT;{'9' * 30};;;;", "quantity", "too many digits"),
        ("C-1;;BOLT;1.5;;;;", "quantity", "whole pieces only"),
        ("C-1;;BOLT;1;-2;;;", "price", "must not be negative"),
        ("C-1;;NUT;1;;;;", "price", "No price list has NUT in EUR"),
        ("C-1;;BOLT;1;;101;;", "discount", "between 0 and 100"),
        ("C-1;;BOLT;1;;;31.02.2026;", "requested_on", "is no day"),
        ("C-1;;BOLT;1;;;1999-01-01;", "requested_on", "before the order's day"),
        ("C-1;;BOLT;1;;;31.12.2027;", "requested_on", "two years ahead"),
        (f"C-1;{'x' * 61};BOLT;1;;;;", "customer_reference", "At most 60"),
    ],
)
def test_each_mistake_names_line_column_and_remedy(check, row, column, text):
    (problem,) = check("C-1;;BOLT;1;;;;", row).problems
    assert (problem.line, problem.column) == (3, column)
    assert text in problem.text


def test_customers_and_articles_are_found_whatever_the_case(shop, check):
    buyer = make_customer(shop, "Carla", number="c-3b")
    clip = make_product(shop, 10, code="clip-s")
    checked = check("C-3B;;CLIP-S;1;;;;", "c-3b;;clip-s;1;;;;")
    assert problems(checked) == []
    assert {(d.customer_id, d.line.product_id) for d in checked.drafts} == {(buyer.pk, clip.pk)}


def test_the_check_shows_price_and_discount_as_they_were_understood(check):
    checked = check("C-1;;BOLT;1;;;;", "C-2;;NUT;2;1.250,5;12,5 %;;")
    assert problems(checked) == []
    assert checked.heads[5:] == ("Price", "Discount")
    assert [row[5:] for row in checked.rows] == [("list", ""), ("1,250.50 EUR", "12.5 %")]


@pytest.mark.parametrize(
    ("text", "percent"),
    [(Figure("2.125"), D("2.125")), (Figure("10%"), 10), ("10 %", 10), ("2,5%", D("2.5"))],
)
def test_a_discount_is_read_as_it_stands_in_the_file(shop, rep, text, percent):
    cells = {"customer": "C-1", "product": "BOLT", "quantity": "1", "discount": text}
    (draft,) = check_orders(shop, [Line(2, cells)], rep).drafts
    assert draft.line.discount_percent == percent


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(check):
    found = check("C-9;;BALL;x;;;;", "C-1;;BOLT;1;;;;", "C-1;;BOLT;-1;;;;")
    assert [(p.line, p.column) for p in found.problems] == [
        (2, "customer"), (2, "product"), (2, "quantity"), (4, "quantity"),
    ]  # fmt: skip


def test_an_order_that_is_here_already_is_not_imported_again(shop, rep, check, nothing_changes):
    first = check("C-1;PO 7;BOLT;1;;;;")
    (order,) = import_orders(shop, orders_of(first.drafts), by=rep)
    (problem,) = check("C-1;po7;BOLT;2;;;;", "C-2;PO 7;BOLT;1;;;;").problems
    assert (problem.line, problem.column) == (2, "customer_reference")
    assert order.number in problem.text
    with nothing_changes(), pytest.raises(Refused) as refused:
        import_orders(shop, orders_of(first.drafts), by=rep)
    assert refused.value.code == "order.imported_before"
    cancel_orders([order.pk], by=rep)
    assert check("C-1;po7;BOLT;2;;;;").problems == []


def test_a_draft_with_the_number_counts_as_here(shop, check):
    from partners.models import Customer

    make_order(shop, Customer.objects.get(number="C-1"), customer_reference="PO 8")
    assert len(check("C-1;PO 8;BOLT;1;;;;").problems) == 1


def test_lines_of_one_order_may_not_want_different_days(check):
    found = check("C-1;1;BOLT;1;;;2026-01-01;", "C-1;1;BOLT;1;;;2026-01-02;")
    assert [(p.line, p.column) for p in found.problems] == [(3, "requested_on")]


def test_a_rep_imports_for_own_customers_only(shop):
    ravi = cast.sales_rep(shop)
    lines = read_table(
        io.BytesIO(b"customer,product,quantity\nC-1,BOLT,1"), required=REQUIRED, optional=OPTIONAL
    )
    (problem,) = check_orders(shop, lines, ravi).problems
    assert problem.column == "customer"


def test_nothing_is_saved_when_one_order_cannot_be(shop, rep, check, nothing_changes):
    checked = check("C-1;1;BOLT;1;;;;", "C-2;2;BOLT;1;;;;")
    drafts = orders_of(checked.drafts)
    from partners.models import Customer

    customer = Customer.objects.get(number="C-2")
    customer.archived_at = customer.partner.archived_at = "2026-01-01T00:00Z"
    customer.save()
    with nothing_changes(), pytest.raises(Refused):
        import_orders(shop, drafts, by=rep)


def test_others_import_nothing(shop, check, nothing_changes):
    drafts = orders_of(check("C-1;1;BOLT;1;;;;").drafts)
    for by in (cast.warehouse_hand(shop), cast.auditor(shop)):
        with nothing_changes(), pytest.raises(Refused) as refused:
            import_orders(shop, drafts, by=by)
        assert refused.value.code == "not_allowed"


def test_without_a_warehouse_there_is_nowhere_to_ship_from(company, rep):
    make_customer(company, number="C-1")
    make_product(company, 10, code="BOLT")
    lines = read_table(
        io.BytesIO(b"customer,product,quantity\nC-1,BOLT,1"), required=REQUIRED, optional=OPTIONAL
    )
    (problem,) = check_orders(company, lines, rep).problems
    assert "no warehouse" in problem.text
