"""The ageing page as of any day, proved against the books."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.roles import Role
from ledger.actions import take_over_open_items
from ledger.drafts import ItemDraft
from ledger.queries import ageing
from tests import cast
from tests.dunning.owing import golden, owe
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def company():
    return cast.make_company()


@pytest.fixture
def show(company, client):
    client.force_login(cast.member(company, Role.COLLECTOR))
    with clock.travel(datetime(2026, 4, 1, 12, tzinfo=UTC)):
        yield lambda query="": client.get(f"/{company.slug}/collections/{query}")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-02-28", (500, 1000, 0, 0, 0, 0)),
        ("2026-03-03", (500, 1000, 0, 0, 0, 0)),
        ("2026-03-10", (0, 900, 0, 0, 0, 0)),
        ("2026-03-12", (0, 500, 400, 0, 0, 0)),
        ("2026-03-17", (0, 500, 400, 0, 0, -200)),
        ("2026-03-20", (0, 500, 200, 0, 0, 0)),
        ("2026-03-31", (0, 0, 700, 0, 0, 0)),
    ],
)
def test_the_worked_example(company, show, on, expected):
    golden(make_customer(company, "Acme"))
    shown = show(f"?on={on}").context
    assert shown["sums"][2:] == expected  # five ages and what is unapplied
    assert shown["proof"] == (sum(expected), sum(expected))
    assert f"overdue {sum(expected[1:5]):,.2f}" in shown["tally"]


def test_each_day_past_due_falls_into_its_column(company):
    owe(make_customer(company), "I1", date(2026, 1, 10), date(2026, 1, 20), "100")
    fall = {0: "not_due", 1: "days_1_30", 30: "days_1_30", 31: "days_31_60", 60: "days_31_60",
            61: "days_61_90", 90: "days_61_90", 91: "over_90"}  # fmt: skip
    for days, column in fall.items():
        (row,) = ageing(company, date(2026, 1, 20) + timedelta(days=days))
        assert getattr(row, column) == row.total == 100, days


def test_the_day_is_today_unless_another_is_asked_for(company, show):
    golden(make_customer(company, "Acme"))
    assert show().context["on"] == date(2026, 4, 1)
    nonsense = show("?on=31.31.2026")
    assert nonsense.context["on"] == date(2026, 4, 1)
    assert "This is no day" in nonsense.content.decode()
    assert 'value="2026-04-01"' in nonsense.content.decode()


def test_each_row_leads_to_the_items_it_sums(company, show, client):
    customer = make_customer(company, "Acme")
    golden(customer)
    link = f"/{company.slug}/collections/customers/{customer.number}?on=2026-03-17"
    assert link in show("?on=2026-03-17").content.decode()
    shown = client.get(link).context
    assert shown["total"] == D("700")
    items = [(item.source_name, item.sign * item.open_amount) for item, _url in shown["items"]]
    assert items == [("INV1", D(400)), ("INV2", D(500)), ("CN1", D(-200))]


def test_the_file_holds_what_the_page_shows(company, show):
    golden(make_customer(company, "Acme"))
    owe(make_customer(company, "=Evil"), "INV9", date(2026, 3, 1), date(2026, 3, 31), "10.00")
    answer = show("?on=2026-03-31&export=csv&sort=customer")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][1:3] == ["Customer", "Not due"]
    assert [row[1] for row in rows[1:]] == ["'=Evil", "Acme"]
    assert rows[2][2:] == ["0.00", "0.00", "700.00", "0.00", "0.00", "0.00", "700.00", "EUR"]


def test_customers_are_found_by_name_and_the_sum_follows(company, show):
    golden(make_customer(company, "Acme"))
    owe(make_customer(company, "Bolt"), "INV9", date(2026, 3, 1), date(2026, 3, 31), "10.00")
    shown = show("?q=bol").context
    assert [row.name for row in shown["page"].object_list] == ["Bolt"]
    assert shown["sums"].total == 10
    assert shown["proof"] == (D(710), D(710))


def test_a_company_without_open_items_says_so(show):
    assert "Nothing is open" in show().content.decode()


def test_the_number_of_statements_does_not_grow(company, show, django_assert_max_num_queries):
    for number in range(12):
        owe(make_customer(company), f"I{number}", date(2026, 3, 1), date(2026, 3, 9), "10.00")
    show()
    with django_assert_max_num_queries(10):
        show()


def test_another_company_sees_nothing_of_it(company, show, client):
    golden(make_customer(company, "Acme"))
    other = cast.make_company()
    client.force_login(cast.member(other, Role.COLLECTOR))
    assert client.get(f"/{other.slug}/collections/").context["sums"].total == 0
    assert client.get(f"/{company.slug}/collections/").status_code == 404


def test_an_item_taken_over_leads_to_its_own_page(company, client):
    """Its document is named as in the system before, which may look like another item's number."""
    acme, bolt = make_customer(company, "Acme"), make_customer(company, "Bolt")
    other = take_over(bolt, "R-1")
    item = take_over(acme, str(other.pk))
    client.force_login(cast.accountant(company))
    page = client.get(f"/{company.slug}/collections/customers/{acme.number}").content.decode()
    assert f'href="/{company.slug}/books/items/{item.pk}"' in page


def take_over(customer, document):
    draft = ItemDraft(document, date(2026, 2, 1), "EUR", D(10), customer=customer.number)
    on = date(2026, 1, 1)
    [item] = take_over_open_items(customer.company, [draft], on=on, by=cast.system())
    return item
