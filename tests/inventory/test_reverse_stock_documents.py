"""A wrong stock document is taken back: today, at the values booked, while the goods are there."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.models import Event
from core.refusals import Refused
from inventory.actions import adjust_stock, receive_stock, reverse_stock_documents, take_over_stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Move, StockDocument
from ledger.models import Entry
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import receive, stock_of
from tests.factories.orders import make_confirmed_order
from tests.inventory.test_book_stock import change, level, posted

D = Decimal
WHY = "Cost of the whole pallet typed as that of a piece"


@pytest.fixture
def controller(company):
    return cast.controller(company)


def refused(nothing_changes, deed, *args, **kwargs):
    with nothing_changes(), pytest.raises(Refused) as raised:
        deed(*args, **kwargs)
    return raised.value


def test_a_receipt_is_taken_back_at_its_value(company, place, controller):
    bolt, nut = make_product(company), make_product(company)
    receive(company, (bolt, 10), cost="20")
    wrong = receive(company, (bolt, 5), (nut, 2), cost="99")
    (document,) = reverse_stock_documents([wrong.pk], by=controller, reason=WHY)
    document = StockDocument.objects.get(pk=document.pk)
    assert (document.kind, document.reverses_id, document.reason) == ("reversal", wrong.pk, WHY)
    assert document.moved_on == clock.today(company)
    assert (level(bolt, company), level(nut, company)) == ((10, 0, D(200)), (0, 0, 0))
    assert posted(document) == {"INVENTORY": D(-693), "GRNI": D(693)}
    entry = Entry.objects.get(source_id=document.pk, source_kind="stock_document")
    assert entry.reverses.source_id == wrong.pk
    assert Event.objects.get(verb="stock.reversed").facts == {"reason": WHY}


def test_a_loss_comes_back_as_it_left(company, place, hand, controller):
    product = make_product(company)
    receive(company, (product, 3), cost="3.3333")
    (loss,) = adjust_stock(company, [change(place, (product, "-1"), reason="Lost")], by=hand)
    (document,) = reverse_stock_documents([loss.pk], by=controller, reason="Found")
    assert level(product, company) == (3, 0, D("10.00"))
    assert posted(document) == {"INVENTORY": D("3.33"), "INVENTORY_DIFFERENCE": D("-3.33")}


def test_opening_stock_and_counts_are_taken_back(company, place, hand, controller):
    product = make_product(company)
    admin = cast.company_admin(company)
    (opening,) = take_over_stock(company, [change(place, (product, "4", D(5)))], by=admin)
    line = StockLine(product.pk, D(6), None, True)
    (count,) = adjust_stock(company, [StockChange(place.pk, [line], reason="Count")], by=hand)
    done = reverse_stock_documents([opening.pk, count.pk], by=controller, reason=WHY)
    assert level(product, company) == (0, 0, 0)
    assert [d.reverses_id for d in done] == [opening.pk, count.pk]


def test_what_came_for_nothing_goes_without_an_entry(company, place, hand, controller):
    product = make_product(company)
    (gift,) = receive_stock(company, [change(place, (product, "4", D(0)))], by=hand)
    (document,) = reverse_stock_documents([gift.pk], by=controller, reason=WHY)
    assert (level(product, company), posted(document)) == ((0, 0, 0), {})


def test_goods_that_left_cannot_go_again(company, place, hand, controller, nothing_changes):
    product = make_product(company)
    wrong = receive(company, (product, 5))
    adjust_stock(company, [change(place, (product, "-1"), reason="Lost")], by=hand)
    problem = refused(nothing_changes, reverse_stock_documents, [wrong.pk], by=controller,
                      reason=WHY)  # fmt: skip
    assert problem.code == "stock.gone"
    assert f"brought 5 of {product.code}, but only 4 of the 4" in problem.message


def test_goods_that_are_promised_stay(company, place, controller, nothing_changes):
    order = make_confirmed_order(company)
    product = order.lines.get().product
    brought = Move.objects.get(stock__product=product).source_id
    problem = refused(nothing_changes, reverse_stock_documents, [brought], by=controller,
                      reason=WHY)  # fmt: skip
    assert problem.code == "stock.gone"


def test_a_value_that_left_at_the_average_is_not_taken_twice(
    company, place, hand, controller, nothing_changes
):
    product = make_product(company)
    receive(company, (product, 10), cost="1")
    wrong = receive(company, (product, 5), cost="9")
    adjust_stock(company, [change(place, (product, "-9"), reason="Lost")], by=hand)
    problem = refused(nothing_changes, reverse_stock_documents, [wrong.pk], by=controller,
                      reason=WHY)  # fmt: skip
    assert problem.code == "stock.other_value"


def test_twice_is_refused_and_so_is_a_reversal(company, controller, nothing_changes):
    wrong = receive(company, (make_product(company), 5))
    (done,) = reverse_stock_documents([wrong.pk], by=controller, reason=WHY)
    for pk, code in ((wrong.pk, "stock.reversed_already"), (done.pk, "stock.is_reversal")):
        problem = refused(nothing_changes, reverse_stock_documents, [pk], by=controller,
                          reason=WHY)  # fmt: skip
        assert problem.code == code


def test_it_needs_a_reason(company, controller, nothing_changes):
    wrong = receive(company, (make_product(company), 5))
    problem = refused(nothing_changes, reverse_stock_documents, [wrong.pk], by=controller,
                      reason=" ")  # fmt: skip
    assert problem.code == "stock.reason_missing"


@pytest.mark.parametrize("who", [cast.warehouse_hand, cast.auditor, cast.accountant])
def test_only_a_controller_reverses(company, nothing_changes, who):
    wrong, by = receive(company, (make_product(company), 5)), who(company)
    refused(nothing_changes, reverse_stock_documents, [wrong.pk], by=by, reason=WHY)


def test_a_set_ends_as_one_by_one(company):
    ends = []
    for each in (company, cast.make_company()):
        product, by = make_product(each), cast.controller(each)
        first, second = (receive(each, (product, 5), cost=cost) for cost in ("2", "4"))
        together = [[second.pk, first.pk]]
        for pks in together if each is company else [[second.pk], [first.pk]]:
            reverse_stock_documents(pks, by=by, reason=WHY)
        moves = Move.objects.filter(stock__company=each).values_list("quantity", "value")
        ends.append((sorted(moves), stock_of(product, each).value))
    assert ends[0] == ends[1]
    assert ends[0][1] == 0


def test_a_set_takes_as_many_statements_as_one(company, controller):
    counts = []
    for how_many in (1, 1, 4):  # the first time the rights of the person are read
        made = [receive(company, (make_product(company, 10), 5)) for _n in range(how_many)]
        with CaptureQueriesContext(connection) as seen:
            reverse_stock_documents([row.pk for row in made], by=controller, reason=WHY)
        counts.append(len(seen))
    assert counts[1] == counts[2]


def test_the_page_asks_why_and_says_when_it_is_done(company, client, controller):
    wrong = receive(company, (make_product(company), 5))
    client.force_login(controller)
    page = reverse("inventory:document", args=[company.slug, wrong.name])
    address = reverse("inventory:reverse_document", args=[company.slug, wrong.name])
    assert address in client.get(page).content.decode()
    said = {"reason": WHY, "idempotency_key": str(uuid4())}
    response = client.post(address, said, follow=True)
    assert f"{wrong.name} is reversed by" in response.content.decode()
    assert "was reversed already, by" in client.get(page).content.decode()
