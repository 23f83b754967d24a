"""Receipts, adjustments, counts and opening stock."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from core import clock
from core.models import Event
from core.refusals import NeedsConfirmation, Refused
from inventory.actions import adjust_stock, receive_stock, take_over_stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Move, Stock, StockDocument
from ledger.models import Entry, EntryLine, Period
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import make_warehouse, receive, stock_of
from tests.factories.orders import make_confirmed_order

D = Decimal


def change(place, *lines, **fields):
    return StockChange(place.pk, [StockLine(p.pk, D(n), *rest) for p, n, *rest in lines], **fields)


def posted(document):
    lines = EntryLine.objects.filter(
        entry__source_kind="stock_document", entry__source_id=document.pk
    )
    return dict(lines.values_list("account__role", "base_amount"))


def level(product, company):
    row = stock_of(product, company)
    return row.on_hand, row.reserved, row.value


def test_goods_come_in_at_their_cost(company, place, hand):
    bolt, nut = make_product(company), make_product(company)
    lines = ((bolt, "100", D("1.2345")), (nut, "3", D("0.333")))
    (document,) = receive_stock(company, [change(place, *lines, reason="LS 88")], by=hand)
    document = StockDocument.objects.get(pk=document.pk)
    assert (document.kind, document.reason) == ("receipt", "LS 88")
    assert document.number == f"ST-{clock.today(company).year}-00001"
    assert level(bolt, company) == (100, 0, D("123.45"))
    assert level(nut, company) == (3, 0, D("1.00"))
    assert posted(document) == {"INVENTORY": D("124.45"), "GRNI": D("-124.45")}
    entry = Entry.objects.get()
    assert (entry.journal, entry.event, entry.source_name) == ("stock", "receipt", document.number)
    assert Move.objects.count() == 2
    assert Event.objects.get(verb="stock.received").facts == {"value": "124.45"}


def test_a_receipt_without_a_cost_keeps_the_average(company, place, hand):
    product = make_product(company)
    receive(company, (product, 3), cost="3.3333")
    receive_stock(company, [change(place, (product, "2"))], by=hand)
    assert level(product, company) == (5, 0, D("16.67"))


def test_a_loss_leaves_at_the_average_and_wants_a_reason(company, place, hand, nothing_changes):
    product = make_product(company)
    receive(company, (product, 3), cost="3.3333")
    with nothing_changes(), pytest.raises(Refused) as refused:
        adjust_stock(company, [change(place, (product, "-1"))], by=hand)
    assert refused.value.code == "stock.reason_missing"
    (document,) = adjust_stock(company, [change(place, (product, "-1"), reason="Broken")], by=hand)
    assert level(product, company) == (2, 0, D("6.67"))
    assert posted(document) == {"INVENTORY": D("-3.33"), "INVENTORY_DIFFERENCE": D("3.33")}
    adjust_stock(company, [change(place, (product, "-2"), reason="Broken")], by=hand)
    assert level(product, company) == (0, 0, 0)


def test_a_count_books_the_difference(company, place, hand):
    more, less, same = (make_product(company) for _ in range(3))
    receive(company, (more, 10), (less, 10), (same, 10), cost="2")
    lines = [StockLine(p.pk, D(n), None, True) for p, n in ((more, 12), (less, 7), (same, 10))]
    count = StockChange(place.pk, lines, reason="Yearly count")
    (document,) = adjust_stock(company, [count], by=hand)
    assert level(more, company) == (12, 0, D(24))
    assert level(less, company) == (7, 0, D(14))
    assert level(same, company) == (10, 0, D(20))
    assert Move.objects.filter(source_id=document.pk).count() == 2
    assert posted(document) == {"INVENTORY": D(-2), "INVENTORY_DIFFERENCE": D(2)}
    with pytest.raises(Refused) as refused:
        adjust_stock(company, [count], by=hand)
    assert refused.value.code == "stock.nothing_to_book"


def test_what_is_promised_to_orders_stays(company, place, hand, nothing_changes):
    order = make_confirmed_order(company)
    product = order.lines.get().product
    receive(company, (product, 5))
    with nothing_changes(), pytest.raises(Refused) as refused:
        adjust_stock(company, [change(place, (product, "-6"), reason="Lost")], by=hand)
    assert refused.value.code == "stock.promised"
    assert refused.value.numbers == {"free": 5, "on_hand": 15}
    adjust_stock(company, [change(place, (product, "-5"), reason="Lost")], by=hand)
    assert level(product, company)[:2] == (10, 10)


def test_opening_stock_is_taken_over(company, place):
    product = make_product(company)
    admin = cast.company_admin(company)
    opening = change(place, (product, "40", D("2.50")), moved_on=date(2025, 1, 1))
    (document,) = take_over_stock(company, [opening], by=admin)
    assert posted(document) == {"INVENTORY": D(100), "OPENING_BALANCE": D(-100)}
    assert Entry.objects.get().journal == "opening"
    assert Event.objects.get(verb__startswith="stock.").verb == "stock.taken_over"
    assert (document.moved_on, Entry.objects.get().posting_date) == (date(2025, 1, 1),) * 2


def test_a_set_of_documents_is_booked_in_order(company, place, hand):
    product, other = make_product(company), make_warehouse(company, "BER", "Berlin")
    first, second = receive_stock(
        company,
        [change(place, (product, "1", D(10))), change(other, (product, "2", D(20)))],
        by=hand,
    )
    assert (first.number < second.number, Stock.objects.count()) == (True, 2)
    assert sorted(Stock.objects.values_list("value", flat=True)) == [10, 40]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("-1",), "stock.negative_quantity"),
        (("0",), "stock.nothing_to_book"),
        (("1", D(-1)), "stock.unbelievable"),
        (("9" * 30,), "stock.unbelievable"),
        (("1", D(10) ** 13), "stock.unbelievable"),
        (("99999999", D("999999999")), "stock.unbelievable"),
        (("2.5", D(1)), "stock.digits"),
        (("5",), "stock.no_cost"),
    ],
)
def test_impossible_receipts_are_refused(company, place, nothing_changes, line, code):
    product, hand = make_product(company), cast.warehouse_hand(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        receive_stock(company, [change(place, (product, *line))], by=hand)
    assert refused.value.code == code


def test_a_product_is_counted_once_in_a_document(company, place, hand, nothing_changes):
    product = make_product(company)
    lines = [StockLine(product.pk, D(n), D(2), True) for n in (10, 5)]
    with nothing_changes(), pytest.raises(Refused) as refused:
        adjust_stock(company, [StockChange(place.pk, lines, reason="Count")], by=hand)
    assert refused.value.code == "stock.counted_twice"


def test_a_product_may_come_in_at_two_costs(company, place, hand):
    product = make_product(company)
    receive_stock(company, [change(place, (product, "3", D(2)), (product, "1", D(4)))], by=hand)
    assert level(product, company) == (4, 0, D(10))


def test_values_that_only_together_are_too_large_are_refused(company, place, hand, nothing_changes):
    first, second = make_product(company), make_product(company)
    lines = [(product, "900000", D(10) ** 9) for product in (first, second)]
    with nothing_changes(), pytest.raises(Refused) as refused:
        receive_stock(company, [change(place, *lines)], by=hand)
    assert refused.value.code == "stock.unbelievable"


@pytest.mark.parametrize("cost", ["40.01", "0.39", "99999999"])
def test_a_cost_far_from_the_average_is_asked_about(company, place, hand, nothing_changes, cost):
    product = make_product(company)
    receive(company, (product, 5), cost="4")
    found = change(place, (product, "5", D(cost)), reason="Found")
    with nothing_changes(), pytest.raises(NeedsConfirmation) as asked:
        adjust_stock(company, [found], by=hand)
    assert asked.value.code == "stock.far_cost"
    for words in ("Line 1", product.code, "4.00 EUR", f"{D(cost):,.2f} EUR"):
        assert words in asked.value.message.replace("\xa0", " ")
    adjust_stock(company, [found], by=hand, confirmed=True)
    assert level(product, company)[0] == 10


@pytest.mark.parametrize("cost", ["40", "0.4", None])
def test_a_cost_near_the_average_is_not_asked_about(company, place, hand, cost):
    product = make_product(company)
    receive(company, (product, 5), cost="4")
    line = (product, "5", D(cost) if cost else None)
    assert receive_stock(company, [change(place, line)], by=hand)


def test_a_count_is_asked_about_only_where_goods_come(company, place, hand):
    product = make_product(company)
    receive(company, (product, 5), cost="4")
    less = StockLine(product.pk, D(4), D(500), True)
    assert adjust_stock(company, [StockChange(place.pk, [less], reason="Count")], by=hand)
    more = StockLine(product.pk, D(6), D(500), True)
    with pytest.raises(NeedsConfirmation):
        adjust_stock(company, [StockChange(place.pk, [more], reason="Count")], by=hand)


def test_the_page_asks_and_goes_on(company, place, hand, client):
    product = make_product(company)
    receive(company, (product, 5), cost="4")
    client.force_login(hand)
    address = reverse("inventory:adjust", args=[company.slug])
    said = {
        "warehouse": place.pk, "moved_on": "2026-03-02", "reason": "Found",
        "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-product": product.code,
        "lines-0-quantity": "5", "lines-0-unit_cost": "99999999",
    }  # fmt: skip
    asked = client.post(address, {**said, "idempotency_key": str(uuid4())})
    assert (asked.status_code, level(product, company)[0]) == (409, 5)
    assert "Are you sure?" in asked.content.decode()
    sure = {**said, "idempotency_key": str(uuid4()), "confirmed": "stock.far_cost"}
    client.post(address, sure)
    assert level(product, company)[0] == 10


def test_what_is_not_known_is_refused(company, place, hand, nothing_changes):
    goods, service = make_product(company), make_product(company, is_stocked=False)
    elsewhere = make_warehouse(cast.make_company())
    for bad, code in (
        (change(elsewhere, (goods, "1")), "stock.unknown_warehouse"),
        (change(place, (service, "1")), "stock.not_stocked"),
        (StockChange(place.pk, [StockLine(10**9, D(1))]), "stock.not_stocked"),
        (change(place), "stock.no_lines"),
    ):
        with nothing_changes(), pytest.raises(Refused) as refused:
            receive_stock(company, [bad], by=hand)
        assert refused.value.code == code


def test_a_closed_period_takes_no_goods(company, place, hand, nothing_changes):
    product = make_product(company)
    Period.objects.filter(company=company, module="INV").update(state="closed")
    with nothing_changes(), pytest.raises(Refused) as refused:
        receive_stock(company, [change(place, (product, "1", D(1)))], by=hand)
    assert refused.value.code == "period.closed"


@pytest.mark.parametrize("deed", [receive_stock, adjust_stock, take_over_stock])
@pytest.mark.parametrize("who", [cast.sales_rep, cast.auditor, cast.accountant])
def test_others_book_nothing(company, place, nothing_changes, deed, who):
    product, by = make_product(company), who(company)
    with nothing_changes(), pytest.raises(Refused) as refused:
        deed(company, [change(place, (product, "1"), reason="x")], by=by)
    assert refused.value.code == "not_allowed"


def test_only_the_administrator_takes_over_stock(company, place, hand, nothing_changes):
    product = make_product(company)
    with nothing_changes(), pytest.raises(Refused):
        take_over_stock(company, [change(place, (product, "1"))], by=hand)
