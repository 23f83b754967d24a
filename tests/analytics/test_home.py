"""What waits for whom, and the dashboard."""

import re
from datetime import timedelta
from decimal import Decimal as D

import pytest

from analytics import together
from analytics.together import Reader
from analytics.waiting import WORK
from core import clock
from core.kinds import KINDS
from core.roles import PERMISSIONS, Role
from invoicing.actions import bill_shipments
from ledger.queries import ageing
from orders.actions import close_short_orders, reopen_orders
from orders.models import Order
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.invoicing import bill_order, collect_bills, make_invoice
from tests.factories.orders import (
    make_confirmed_order,
    make_order,
    make_submitted_order,
    ship,
)
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, make_rate, make_statement
from tests.invoicing.test_settlement import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return cast.make_company()


@pytest.fixture
def waits(company, client):
    """What waits for a person: name → count."""

    def waited(person):
        client.force_login(person)
        found = client.get(f"/{company.slug}/").context["waiting"]
        return {work.work.name: work.tally.count for work in found}

    return waited


def test_a_warehouse_hand_sees_what_can_leave(company, waits):
    make_confirmed_order(company)
    make_confirmed_order(company, in_stock=False)
    assert waits(cast.warehouse_hand(company))["to_ship"] == 1


def test_a_manager_sees_the_holds_that_somebody_else_brought_about(company, client):
    """Those of a reopened order too, and none that only another may lift."""
    sofia, other = cast.sales_manager(company), cast.sales_manager(company)
    customer = make_customer(company)
    reopened = make_confirmed_order(company, customer, customer_reference="1")
    bill_order(reopened, {reopened.lines.get().pk: D(4)})
    close_short_orders([reopened.pk], "Discontinued", by=other)
    again = make_submitted_order(company, customer, customer_reference="1", by=sofia)
    reopen_orders([reopened.pk], "Customer insists", by=other)

    def held(person):
        client.force_login(person)
        found = client.get(f"/{company.slug}/").context["waiting"]
        return [line.name for of in found if of.work.name == "held" for line in of.lines]

    assert held(sofia) == [reopened.name]
    assert held(other) == [again.name]


def test_bank_entries_that_wait_are_shown(company, client):
    make_statement(company, [Paid("-5.00", name="Bank")])
    client.force_login(cast.accountant(company))
    page = client.get(f"/{company.slug}/")
    [bank] = [of for of in page.context["waiting"] if of.work.name == "bank"]
    assert client.get(bank.lines[0].url).status_code == 200


def test_deliveries_to_invoice_are_counted_not_their_lines(company, client):
    """Two deliveries, one of them of three lines; the list below says the same total."""
    customer = make_customer(company)
    collect_bills(customer)
    goods = [(make_product(company, 10), n) for n in (1, 2, 3)]
    several = ship(make_confirmed_order(company, customer, goods))
    single = ship(make_confirmed_order(company, customer))
    bill_shipments(company, [several.pk, single.pk], by=cast.system())
    client.force_login(cast.accountant(company))
    page = client.get(f"/{company.slug}/")
    [card] = [of for of in page.context["waiting"] if of.work.name == "billable"]
    assert (card.text, card.sums) == ("2", ["160.00\N{NO-BREAK SPACE}EUR"])
    assert [(line.name, line.amount) for line in card.lines] == [
        (several.number, "60.00\N{NO-BREAK SPACE}EUR"),
        (single.number, "100.00\N{NO-BREAK SPACE}EUR"),
    ]
    listed = client.get(card.url).context["tally"]["sums"]
    assert [(str(name), money) for name, money in listed] == [("Net", card.sums[0])]


def test_a_rep_sees_the_own_drafts_and_late_customers(company, waits):
    rep, other = cast.sales_rep(company), cast.sales_rep(company)
    mine = make_customer(company, sales_rep=rep)
    make_order(company, mine, by=rep)
    make_invoice(company, mine)
    with clock.travel(clock.now() + timedelta(days=90)):
        assert waits(rep) == {"drafts": 1, "overdue": 1}
        assert waits(other) == {}


def test_what_waits_is_added_up_and_the_oldest_comes_first(company, client):
    customer = make_customer(company, "Acme")
    older = make_invoice(company, customer)
    with clock.travel(clock.now() + timedelta(days=5)):
        for _more in range(6):
            make_invoice(company, customer)
    client.force_login(cast.accountant(company))
    with clock.travel(clock.now() + timedelta(days=40)):
        page = client.get(f"/{company.slug}/")
    [late] = [of for of in page.context["waiting"] if of.work.name == "overdue"]
    assert (late.text, late.sums) == ("7", ["833.00\N{NO-BREAK SPACE}EUR"])
    assert len(late.lines) == 5
    first = late.lines[0]
    assert (first.name, first.party) == (older.number, "Acme")
    assert first.amount == "119.00\N{NO-BREAK SPACE}EUR"
    assert first.url == f"/{company.slug}/invoices/{older.number}"
    assert "10 d late" in first.when


def test_what_is_late_is_the_same_on_the_card_its_list_and_the_ageing(company, client):
    """Of an invoice in three parts only the first is late: 30 % of 119.00; of another, half of it
    is paid, and of a third nothing is late."""
    customer = make_customer(company, terms="3PARTS")
    in_parts, paid_in_part, paid_so_far = (make_invoice(company, customer) for _each in range(3))
    client.force_login(cast.accountant(company))
    pay(paid_in_part, 20)
    pay(paid_so_far, D("35.70"))
    with clock.travel(clock.now() + timedelta(days=10)):
        [card] = [
            of
            for of in client.get(f"/{company.slug}/").context["waiting"]
            if of.work.name == "overdue"
        ]
        page = client.get(card.url)
        [row] = ageing(company, clock.today(company))
    listed = {str(name): money for name, money in page.context["tally"]["sums"]}
    assert card.sums == [listed["Overdue"]] == ["51.40\N{NO-BREAK SPACE}EUR"]
    assert row.overdue == D("51.40") == D("35.70") + D("15.70")
    assert {line.name: line.amount for line in card.lines} == {
        in_parts.number: "35.70\N{NO-BREAK SPACE}EUR",
        paid_in_part.number: "15.70\N{NO-BREAK SPACE}EUR",
    }
    text = page.content.decode()
    assert re.findall(r'data-label="Overdue" class="num">([\d.]+)<', text) == ["15.70", "35.70"]


def test_each_currency_is_added_up_on_its_own(company):
    product = make_product(company, 10)
    make_rate(company, "USD", 2, clock.today(company))
    make_price(default_list(company, "USD"), product, 7)
    reader = Reader(cast.system(), company, clock.today(company))
    for currency in ("EUR", "USD", "USD"):
        customer = make_customer(company, currency=currency)
        make_submitted_order(company, customer, [(product, 10)])
    rows = reader.rows(Order).values_list("pk", "currency", "gross")
    tally = together.tallies({"all": rows, "none": rows.none()})
    assert tally["all"].count == 3
    assert tally["all"].sums == (("EUR", D(119)), ("USD", D("166.60")))
    assert (tally["none"].count, tally["none"].sums) == (0, ())


def test_nothing_waits_for_whom_nothing_waits(company, client):
    client.force_login(cast.member(company, Role.USER_ADMIN))
    assert "Nothing waits for you" in client.get(f"/{company.slug}/").content.decode()


def test_every_kind_of_work_is_somebodys():
    wanted = {name for work in WORK for name in work.permission.split()}
    assert wanted <= PERMISSIONS.keys()
    assert len({work.name for work in WORK}) == len(WORK)
    assert {work.shown.kind for work in WORK if work.shown} <= KINDS.keys()


@pytest.mark.parametrize("role", list(Role))
def test_the_home_page_of_every_role_takes_few_statements(
    company, client, role, django_assert_max_num_queries
):
    client.force_login(cast.member(company, role))
    client.get(f"/{company.slug}/")
    with django_assert_max_num_queries(15):
        assert client.get(f"/{company.slug}/").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "?on=2026-03-31&days=30", "?on=never&days=x", "?on=0001-01-01"]
)
def test_the_dashboard_is_proved_whatever_is_asked(
    company, client, query, django_assert_max_num_queries
):
    make_invoice(company)
    client.force_login(cast.controller(company))
    client.get(f"/{company.slug}/dashboard")
    with django_assert_max_num_queries(20):
        shown = client.get(f"/{company.slug}/dashboard{query}")
    assert shown.status_code == 200
    assert shown.context["proved"] is True
    assert len(shown.context["figures"]) == 10


def test_each_figure_says_what_it_means_and_leads_to_its_rows(company, client):
    make_invoice(company)
    client.force_login(cast.controller(company))
    for figure in client.get(f"/{company.slug}/dashboard").context["figures"]:
        assert figure.definition
        if figure.url and not figure.url.startswith("#"):
            assert client.get(figure.url).status_code == 200, figure.url


def test_the_charts_are_tables_too_and_run_no_inline_script(company, client):
    make_invoice(company)
    client.force_login(cast.controller(company))
    page = client.get(f"/{company.slug}/dashboard").content.decode()
    assert "As a table" in page
    assert 'type="application/json"' in page


def test_the_past_is_shown_as_it_was(company, client):
    invoice = make_invoice(company)
    client.force_login(cast.controller(company))
    before = invoice.issued_on - timedelta(days=1)
    past = client.get(f"/{company.slug}/dashboard?on={before}").context["figures"][0]
    now = client.get(f"/{company.slug}/dashboard?on={invoice.issued_on}").context["figures"][0]
    assert past.value.startswith("0")
    assert not now.value.startswith("0")


def shown_dashboard(client, company, query=""):
    client.force_login(cast.controller(company))
    return client.get(f"/{company.slug}/dashboard{query}")


@pytest.mark.parametrize(
    ("query", "words"),
    [("?on=abc", "That was no day, so today is shown."), ("?on=2199-01-01", "is still to come")],
)
def test_a_day_that_cannot_be_shown_is_said(company, client, query, words):
    page = shown_dashboard(client, company, query)
    assert words in page.content.decode()
    assert page.context["as_of"] == clock.today(company)


def test_nothing_is_compared_with_a_period_the_books_do_not_cover(company, client):
    make_invoice(company)
    for figure in shown_dashboard(client, company).context["figures"]:
        assert (figure.trend, figure.before) == ("", ""), figure.label
    assert shown_dashboard(client, company).context["frame"].comparable is False


def test_the_lists_behind_the_paces_show_the_days(company, client):
    make_invoice(company)
    figures = {f.label: f for f in shown_dashboard(client, company).context["figures"]}
    issued = client.get(figures["Order to invoice"].url)
    assert "Days since the order" in [head.label for head in issued.context["heads"]]
    assert "list_invoicetable" not in issued.cookies
    client.get(f"{figures['Order to invoice'].url}&sort=gross")
    later = client.get(f"/{company.slug}/invoices/")
    assert "Days since the order" not in [head.label for head in later.context["heads"]]
    received = client.get(figures["Invoice to cash"].url)
    assert "Days since the invoice" in [head.label for head in received.context["heads"]]
