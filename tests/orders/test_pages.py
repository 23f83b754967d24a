"""The pages of orders, shipments, holds and stock: who may open them, and what they do."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.models import Membership
from core.roles import Role
from inventory.models import StockDocument
from invoicing.actions import bill_shipments
from orders.actions import change_orders
from orders.models import Hold, Order, Shipment
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import default_warehouse, receive, stock_of
from tests.factories.orders import make_confirmed_order, make_order, make_submitted_order, ship
from tests.factories.partners import make_customer


@pytest.fixture
def visit(client, company):
    """Opens a page of the company as somebody, or sends a form to it."""

    def go(who, name, *more, data=None, **query):
        client.force_login(who)
        url = reverse(name, args=[company.slug, *more])
        if data is None:
            return client.get(url, query)
        return client.post(url, {"idempotency_key": str(uuid4()), **data})

    return go


def test_every_page_opens(company, rep, hand, visit):
    order = make_confirmed_order(company)
    shipment = ship(order)
    waiting = make_confirmed_order(company)
    held = make_submitted_order(company, make_customer(company, limit=50))
    row = stock_of(order.lines.get().product, company)
    pages = [
        ("orders:orders",), ("orders:order", order.name), ("orders:new_order",),
        ("orders:order", held.name), ("orders:edit_order", make_order(company).name),
        ("orders:import_orders",), ("orders:cancel_order", waiting.name),
        ("orders:close_short_order", waiting.name), ("orders:shipments",),
        ("orders:shipment", shipment.name), ("orders:holds",),
        ("orders:hold", held.holds.get().pk), ("inventory:stock",),
        ("inventory:stock_row", row.pk), ("inventory:documents",),
        ("inventory:document", StockDocument.objects.first().name), ("inventory:warehouses",),
    ]  # fmt: skip
    for page in pages:
        assert visit(rep, *page).status_code == 200, page
    for page in [
        ("orders:to_ship",), ("orders:ship_order", waiting.name), ("inventory:receive",),
        ("inventory:adjust",), ("inventory:count",),
    ]:  # fmt: skip
        assert visit(hand, *page).status_code == 200, page
    ada = cast.company_admin(company)
    for page in [
        ("inventory:new_warehouse",), ("inventory:warehouse", "HAM"), ("inventory:import_stock",),
    ]:  # fmt: skip
        assert visit(ada, *page).status_code == 200, page


def test_lines_show_the_columns_that_mean_something(company, rep, visit):
    def heads(order):
        table = visit(rep, "orders:order", order.name).context["lines"]
        return [label for _css, label in table.heads()]

    plain = ["Product", "Quantity", "Unit", "Price (EUR)", "Net (EUR)"]
    draft = make_order(company)
    assert heads(draft) == plain
    draft.lines.update(discount_percent=5)
    assert heads(draft) == [*plain[:4], "Discount", plain[4]]
    flow = ["Reserved", "Backorder", "Shipped"]
    assert heads(make_confirmed_order(company)) == [*plain[:3], *flow, *plain[3:]]


@pytest.mark.parametrize("only", ["", "mine", "held", "to_ship", "backorder"])
def test_saved_views_show_their_orders(company, client, rep, only):
    ready = make_confirmed_order(company)
    held = make_submitted_order(company, make_customer(company, limit=50))
    late = make_confirmed_order(company, in_stock=False)
    client.force_login(rep)
    page = client.get(reverse("orders:orders", args=[company.slug]), {"only": only})
    text = page.content.decode()
    shown = {"held": [held], "to_ship": [ready], "backorder": [late], "mine": []}
    for order in (ready, held, late):
        assert (order.name in text) == (order in shown.get(only, [ready, held, late]))


def test_what_is_wanted_in_a_year_is_not_to_be_shipped_today(company, rep, hand, visit):
    today = clock.today(company)
    later = make_confirmed_order(company, requested_on=today + timedelta(days=365))
    soon = make_confirmed_order(company, requested_on=today + timedelta(days=14))
    page = visit(rep, "orders:orders", only="to_ship").content.decode()
    assert (soon.name in page, later.name in page) == (True, False)
    queue = visit(hand, "orders:to_ship").content.decode()
    assert (soon.name in queue, later.name in queue) == (True, False)


def test_what_has_partly_left_says_so_in_list_page_and_filter(company, rep, visit):
    partly, whole, none = [make_confirmed_order(company) for _n in range(3)]
    ship(partly, {partly.lines.get().pk: 4})
    ship(whole)
    page = visit(rep, "orders:orders").content.decode()
    assert page.count(">Partly shipped</span>") == page.count(">Shipped</span>") == 1
    page = visit(rep, "orders:orders", only="partly_shipped").content.decode()
    assert [order.name in page for order in (partly, whole, none)] == [True, False, False]
    assert ">Partly shipped</span>" in visit(rep, "orders:order", partly.name).content.decode()
    assert ">Confirmed</span>" in visit(rep, "orders:order", none.name).content.decode()


def test_stock_says_for_which_orders_it_is_reserved(company, hand, visit):
    product, wanted_on = make_product(company, 10), clock.today(company) + timedelta(days=5)
    receive(company, (product, 100))
    first = make_confirmed_order(company, goods=[(product, 3)], requested_on=wanted_on)
    row = stock_of(product, company)
    visit(hand, "inventory:stock_row", row.pk)
    with CaptureQueriesContext(connection) as few:
        page = visit(hand, "inventory:stock_row", row.pk).content.decode()
    part = page[page.index("Reserved for") :]
    for words in (first.name, ">3<", f"{wanted_on:%Y}", str(first.customer)):
        assert words in part
    for _n in range(5):
        make_confirmed_order(company, goods=[(product, 2)])
    with CaptureQueriesContext(connection) as many:
        visit(hand, "inventory:stock_row", row.pk)
    assert len(many) == len(few)


def test_a_draft_comes_to_the_same_wherever_it_is_shown(company, rep, visit):
    draft = make_order(company, by=rep)
    taken_back = make_submitted_order(company, by=rep)
    change_orders([taken_back.pk], by=rep)
    page = visit(rep, "orders:orders", state="draft").content.decode()
    assert page.count("100.00 net") == 2
    assert "200.00\u00a0EUR" in page
    for order in (draft, taken_back):
        page = visit(rep, "orders:order", order.name).content.decode()
        assert "Net, at prices of today" in page
        assert "119.00" not in page
    home = visit(rep, "analytics:home").content.decode()
    assert "200.00" in home


def entry(customer, *lines, **head):
    data = {"customer": customer.number, "channel": "screen", **head}
    data |= {"lines-TOTAL_FORMS": "5", "lines-INITIAL_FORMS": "5"}
    for i in range(5):
        product, quantity = lines[i] if i < len(lines) else ("", "")
        data |= {f"lines-{i}-product": product, f"lines-{i}-quantity": quantity}
    return data


def test_an_order_is_entered_and_submitted_without_script(company, rep, visit):
    default_warehouse(company)
    product, customer = make_product(company, 10), make_customer(company)
    data = entry(customer, (product.code, "3"), then="submit")
    answer = visit(rep, "orders:new_order", data=data)
    order = Order.objects.get()
    assert (order.state, order.net) == ("submitted", 30)
    assert answer.url == reverse("orders:order", args=[company.slug, order.name])


@pytest.mark.parametrize("typed", ["bolt-m8", "BOLT-M8", "Bolt-m8 "])
def test_an_article_is_found_whatever_the_case_of_its_number(company, rep, visit, typed):
    default_warehouse(company)
    bolt, customer = make_product(company, 10, code="bolt-m8"), make_customer(company)
    visit(rep, "orders:new_order", data=entry(customer, (typed, "3"), then="submit"))
    assert Order.objects.get().lines.get().product == bolt


def test_an_order_of_many_lines_is_entered(company, rep, visit):
    default_warehouse(company)
    product, customer = make_product(company, 10), make_customer(company)
    data = entry(customer, then="submit") | {"lines-TOTAL_FORMS": "1000"}
    for i in range(1000):
        data |= {f"lines-{i}-product": product.code, f"lines-{i}-quantity": "1",
                 f"lines-{i}-unit_price": "", f"lines-{i}-discount": ""}  # fmt: skip
    assert visit(rep, "orders:new_order", data=data).status_code == 302
    assert Order.objects.get().lines.count() == 1000


def test_a_german_reader_keeps_the_day_that_is_wanted(company, rep, visit):
    rep.language = "de"
    rep.save()
    wanted_on = clock.today(company) + timedelta(days=30)
    order = make_order(company, requested_on=wanted_on, by=rep)
    page = visit(rep, "orders:edit_order", order.name).content.decode()
    assert f'name="requested_on" value="{wanted_on}"' in page


def test_a_form_sent_twice_counts_once(company, client, rep):
    default_warehouse(company)
    product, customer = make_product(company, 10), make_customer(company)
    data = entry(customer, (product.code, "3"), then="submit") | {"idempotency_key": str(uuid4())}
    client.force_login(rep)
    url = reverse("orders:new_order", args=[company.slug])
    answers = [client.post(url, data).url for _time in range(2)]
    assert Order.objects.count() == 1
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "at least one product"),
        ([("NONE", "1")], "no such product"),
        ([("BOLT", "")], "How many"),
        ([("BOLT", "-1")], "above zero"),
        ([("BOLT", "9" * 30)], "too many digits"),
        ([("BOLT", "a\0b")], ""),
    ],
)
def test_bad_lines_are_told_and_nothing_is_saved(company, rep, visit, lines, words):
    default_warehouse(company)
    make_product(company, 10, code="BOLT")
    page = visit(rep, "orders:new_order", data=entry(make_customer(company), *lines))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("field", "figure", "words"),
    [
        ("quantity", "1.5", "Line 1, Quantity</a>|: This product is sold in whole pieces only."),
        ("unit_price", "-3", "Line 1, Agreed price</a>|: The price must not be negative"),
        ("discount", "150", "Line 1, Discount %</a>|: The discount must be between 0 and 100"),
    ],
)
def test_a_wrong_figure_is_told_at_its_own_field(company, visit, field, figure, words):
    rep = cast.sales_manager(company)
    default_warehouse(company)
    make_product(company, 10, code="BOLT")
    data = entry(make_customer(company), ("BOLT", "1")) | {f"lines-0-{field}": figure}
    page = visit(rep, "orders:new_order", data=data).content.decode()
    assert words.replace("|", "") in page


def test_a_wrong_figure_of_stock_is_told_at_its_line_and_field(company, hand, visit):
    place = default_warehouse(company)
    make_product(company, 10, code="BOLT")
    data = {"warehouse": place.pk, "moved_on": clock.today(company), "reason": "",
            "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0"}  # fmt: skip
    for i, cost in enumerate(("4", "-4")):
        data |= {f"lines-{i}-product": "BOLT", f"lines-{i}-quantity": "1"}
        data |= {f"lines-{i}-unit_cost": cost}
    page = visit(hand, "inventory:receive", data=data).content.decode()
    assert "Line 2, Cost each</a>: The cost of BOLT must not be negative" in page


def test_the_warehouse_goes_on_with_the_next_order(company, hand, visit):
    first, second, third = [make_confirmed_order(company) for _n in range(3)]
    page = visit(hand, "orders:to_ship", order=second.name)
    assert page.context["next"] == third.name
    typed = {f"line_{second.lines.get().pk}": "4", "next": third.name}
    sent = visit(hand, "orders:ship_order", second.name, data=typed)
    assert sent.url.endswith(f"?order={third.name}")
    assert visit(hand, "orders:to_ship", order=third.name).context["next"] == first.name


def test_a_page_that_will_soon_be_out_of_date_says_so(company, rep, visit):
    order = make_submitted_order(company)
    assert "It is being confirmed" in visit(rep, "orders:order", order.name).content.decode()
    with clock.travel(clock.now() + timedelta(minutes=2)):
        assert "being confirmed" not in visit(rep, "orders:order", order.name).content.decode()


def test_the_warehouse_ships_what_it_typed(company, hand, visit):
    order = make_confirmed_order(company)
    line = order.lines.get()
    visit(hand, "orders:ship_order", order.name, data={f"line_{line.pk}": "4"})
    assert Shipment.objects.get().lines.get().quantity == 4
    page = visit(hand, "orders:ship_order", order.name, data={f"line_{line.pk}": "7"})
    told = f"Of {line.product.code} in {order.name}, 6 can leave, not 7."
    assert page.context["form"].errors == {f"line_{line.pk}": [told]}
    assert Shipment.objects.count() == 1


@pytest.fixture
def hold(company, rep):
    """The credit hold of an order that the rep submitted."""
    return make_submitted_order(company, make_customer(company, limit=50), by=rep).holds.get()


@pytest.fixture
def carlos(company):
    return cast.credit_controller(company)


RELEASED = {"reason": "Insured", "then": "release"}


def test_a_hold_is_released_on_its_page(hold, carlos, visit):
    assert "too much" in visit(carlos, "orders:holds").content.decode()
    visit(carlos, "orders:hold", hold.pk, data=RELEASED)
    assert Hold.objects.get().state == "released"


@pytest.mark.parametrize("then", [{}, {"then": ""}, {"then": "sendback"}])
def test_a_hold_stays_where_no_known_outcome_is_chosen(hold, carlos, visit, then):
    page = visit(carlos, "orders:hold", hold.pk, data={"reason": "Insured", **then})
    assert "Choose what is to be done about the order." in page.content.decode()
    assert (Hold.objects.get().state, Order.objects.get().state) == ("open", "submitted")


def test_a_held_order_is_sent_back_with_a_reason(hold, carlos, visit):
    said = {"reason": "Split it, please", "then": "send_back"}
    visit(carlos, "orders:hold", hold.pk, data=said)
    order = Order.objects.get()
    assert order.state == "draft"
    page = visit(carlos, "orders:order", order.name).content.decode()
    assert "Taken back to be changed: Split it, please" in page


def test_a_held_order_is_cancelled_by_those_who_may(hold, rep, carlos, visit):
    said = {"reason": "Bought elsewhere", "then": "cancel"}
    visit(carlos, "orders:hold", hold.pk, data=said)
    assert Order.objects.get().state == "submitted"
    visit(rep, "orders:hold", hold.pk, data=said)
    assert Order.objects.get().state == "cancelled"


def test_a_hold_says_what_one_may_do_about_it(company, hold, rep, carlos, visit):
    def offered(who):
        outcomes = visit(who, "orders:hold", hold.pk).context["outcomes"]
        return {deed.name: deed.refusal for deed in outcomes}

    assert offered(carlos) == {"release": "", "send_back": ""}
    assert offered(rep) == {
        "release": "Only a credit controller can lift this hold.", "send_back": "", "cancel": "",
    }  # fmt: skip


def test_what_is_held_for_another_is_not_sent_back_by_who_enters_no_orders(
    company, rep, carlos, visit
):
    customer = make_customer(company)
    for _each in range(2):
        order = make_submitted_order(company, customer, customer_reference="1", by=rep)
    hold = order.holds.get()
    (_release, back) = visit(carlos, "orders:hold", hold.pk).context["outcomes"]
    assert back.refusal == (
        f"{order.name} is not held for you to decide on; it is sent back by whoever may enter "
        "orders, or lift its hold."
    )
    said = {"reason": "Split it, please", "then": "send_back"}
    assert back.refusal in visit(carlos, "orders:hold", hold.pk, data=said).content.decode()
    assert Order.objects.get(pk=order.pk).state == "submitted"


def test_after_a_decision_comes_the_next_hold(company, hold, rep, carlos, visit):
    other = make_submitted_order(company, make_customer(company, limit=50), by=rep).holds.get()
    third = make_submitted_order(company, make_customer(company, limit=50), by=rep).holds.get()
    assert visit(carlos, "orders:hold", other.pk).context["skip"].endswith(f"/{third.pk}")
    sent = visit(carlos, "orders:hold", other.pk, data=RELEASED)
    assert sent.url.endswith(f"/holds/{third.pk}")
    assert visit(carlos, "orders:hold", third.pk).context["skip"].endswith(f"/{hold.pk}")


def test_a_hold_that_is_closed_leads_to_its_order(company, hold, carlos, visit):
    visit(carlos, "orders:hold", hold.pk, data=RELEASED)
    answer = visit(carlos, "orders:hold", hold.pk)
    assert answer.url == reverse("orders:order", args=[company.slug, hold.order.name])
    page = visit(carlos, "orders:order", hold.order.name).content.decode()
    assert f"Carlos Mendes released {hold.order.name} already (Credit): Insured" in page


def test_a_list_says_which_orders_are_held_and_why(company, hold, rep, visit):
    page = visit(rep, "orders:orders", only="held").content.decode()
    assert '<span class="state state-held">On hold: Credit</span>' in page
    page = visit(rep, "orders:order", hold.order.name).content.decode()
    assert '<span class="state state-held">On hold</span>' in page


def test_the_history_tells_of_holds_and_their_release(hold, carlos, visit):
    visit(carlos, "orders:hold", hold.pk, data=RELEASED)
    history = visit(carlos, "orders:order", hold.order.name).context["timeline"]
    assert [(str(moment.words), moment.facts.get("reason")) for moment in history[:3]] == [
        ("Hold released (Credit)", "Insured"),
        ("On hold (Credit)", hold.message),
        ("Submitted", None),
    ]


def test_deeds_of_the_page(company, rep, visit):
    order = make_order(company)
    visit(rep, "orders:submit_order", order.name, data={})
    order = Order.objects.get(pk=order.pk)
    visit(rep, "orders:confirm_order", order.name, data={})
    assert Order.objects.get(pk=order.pk).state == "confirmed"
    visit(rep, "orders:cancel_order", order.name, data={"reason": "Bought elsewhere"})
    assert Order.objects.get(pk=order.pk).state == "cancelled"
    page = visit(rep, "orders:order", order.name).content.decode()
    assert f"{order.name} is cancelled." in page


def test_an_order_closed_short_and_reopened_is_said_to_be(company, rep, visit):
    order = make_confirmed_order(company)
    parcel = ship(order, {order.lines.get().pk: Decimal(4)})
    bill_shipments(company, [parcel.pk], by=cast.system())
    for name, words in (
        ("close_short_order", "is closed short"),
        ("reopen_order", "is open again"),
    ):
        visit(rep, f"orders:{name}", order.name, data={"reason": "Discontinued"})
        page = visit(rep, "orders:order", order.name).content.decode()
        assert f"{order.name} {words}." in page


def test_goods_are_received_on_a_page(company, hand, visit):
    place, product = default_warehouse(company), make_product(company)
    data = {
        "warehouse": place.pk, "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "1",
        "lines-0-product": product.code, "lines-0-quantity": "5", "lines-0-unit_cost": "2,5",
    }  # fmt: skip
    visit(hand, "inventory:receive", data=data)
    assert stock_of(product, company).value == 12.5
    receive(company, (product, 1))


def test_goods_are_received_whatever_the_case_of_their_number(company, hand, visit):
    place, bolt = default_warehouse(company), make_product(company, code="bolt-m8")
    data = {
        "warehouse": place.pk, "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "1",
        "lines-0-product": bolt.code, "lines-0-quantity": "5", "lines-0-unit_cost": "2.5",
    }  # fmt: skip
    visit(hand, "inventory:receive", data=data)
    assert stock_of(bolt, company).on_hand == 5


def test_a_stranger_sees_nothing(company, visit):
    order = make_order(company)
    assert visit(cast.stranger(), "orders:order", order.name).status_code == 404
    rival = cast.sales_rep(company)
    assert visit(rival, "orders:order", order.name).status_code == 404


def test_a_products_page_says_what_is_on_the_shelf(company, rep, visit):
    product = make_product(company, 10)
    receive(company, (product, 7))
    page = visit(rep, "catalog:product", product.code).content.decode()
    assert default_warehouse(company).title in page
    assert (
        "On hand"
        not in visit(cast.accountant(company), "catalog:product", product.code).content.decode()
    )


def test_the_door_of_one_company_does_not_lead_into_another(company, client, visit, settings):
    """A manager elsewhere, who lacks the second factor there, is a rep in this company."""
    settings.SECOND_FACTOR_REQUIRED = True
    ravi, other = cast.sales_rep(company), cast.make_company()
    Membership.objects.create(
        user=ravi, company=other, role=Role.SALES_MANAGER, created_at=clock.now()
    )
    ours = make_order(company, make_customer(company, sales_rep=ravi))
    theirs = make_order(other)
    for ids in ([theirs.pk], [ours.pk, theirs.pk]):
        answer = visit(ravi, "orders:submit_orders", data={"ids": ids})
        assert answer.status_code in {302, 409}
        assert set(Order.objects.values_list("state", flat=True)) == {"draft"}
    visit(ravi, "orders:submit_orders", data={"ids": [ours.pk]})
    assert Order.objects.get(pk=ours.pk).state == "submitted"


def test_holds_to_decide_on_come_first_and_alone_are_counted(company, hold, rep, carlos, visit):
    """As on the home page; what only others may release comes after."""
    theirs = make_submitted_order(company, hold.order.customer, customer_reference="1", by=rep)
    theirs = [theirs, make_submitted_order(company, hold.order.customer, customer_reference="1")]
    later = make_submitted_order(company, make_customer(company, limit=50), by=rep).holds.get()
    shown = visit(carlos, "orders:holds").context
    mine = [row["name"] for row in shown["queue"] if "for others" not in row["reason"]]
    assert mine == [row["name"] for row in shown["queue"]][: len(mine)]
    assert str(later.pk) in mine
    home = visit(carlos, "analytics:home").context["waiting"]
    [card] = [of for of in home if of.work.name == "held"]
    assert card.tally.count == shown["left"] == len(mine)
    assert "hold waits for others" in str(shown["intro"])


def test_worklists_count_all_that_waits(company, carlos, hand, visit, monkeypatch):
    monkeypatch.setattr("orders.views.holds.MOST_QUEUED", 1)
    monkeypatch.setattr("orders.views.shipping.MOST_QUEUED", 1)
    for _order in range(2):
        make_submitted_order(company, make_customer(company, limit=50))
        make_confirmed_order(company)
    for who, page in ((carlos, "orders:holds"), (hand, "orders:to_ship")):
        shown = visit(who, page).context
        assert (shown["left"], len(shown["queue"])) == (2, 1)


def test_who_may_not_cancel_a_confirmed_order_is_told_beforehand(company, rep, visit):
    ravi = cast.sales_rep(company)
    order = make_confirmed_order(company, make_customer(company, sales_rep=ravi))

    def refusal(who):
        deeds = visit(who, "orders:order", order.name).context["deeds"]
        return next(deed.refusal for deed in deeds if deed.name == "cancel")

    assert refusal(ravi) == "It is confirmed, so a sales manager has to cancel it."
    assert refusal(rep) == ""


def test_only_what_was_confirmed_needs_a_reason_to_be_cancelled(company, rep, visit):
    draft, confirmed = make_order(company), make_confirmed_order(company)
    for order in (draft, confirmed):
        visit(rep, "orders:cancel_order", order.name, data={"reason": ""})
    states = Order.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "confirmed"]
