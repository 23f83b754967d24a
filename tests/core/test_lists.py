"""Lists: pages without gaps or repeats, one budget of statements, files of what is shown."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from openpyxl import load_workbook

from core.lists import chosen
from core.models import Job
from core.refusals import Refused
from tests import cast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def tested_jobs():
    """Once for all: after each change of addresses, every address is looked up anew."""
    with override_settings(ROOT_URLCONF="tests.core.list_pages"):
        yield


@pytest.fixture
def company():
    return cast.bare_company()


@pytest.fixture
def person(company):
    return cast.controller(company)


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def address(company):
    return f"/{company.slug}/tested-jobs"


def make_jobs(company, person, count, **fields):
    """Jobs of which every third has not ended, and pairs share a start."""
    return Job.objects.bulk_create(
        Job(
            **{
                "company": company,
                "title": f"job {i:03}",
                "started_by": person,
                "started_at": NOON + timedelta(hours=i // 2),
                "ended_at": None if i % 3 == 0 else NOON + timedelta(days=i % 7),
                "total": i * 100,
                **fields,
            }
        )
        for i in range(count)
    )


def titles(response):
    return re.findall(r'<a href="/jobs/\d+">(.*?)</a>', response.content.decode())


def turn(response, rel):
    """The address of the next or previous page."""
    found = re.search(rf'href="([^"]+)"\s+rel="{rel}"', response.content.decode())
    return found and found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "sort", ["title", "-started_at", "ended_at", "-ended_at", "amount", "person"]
)
def test_pages_hold_every_row_once_in_order_and_lead_back(client, address, company, person, sort):
    make_jobs(company, person, 47)
    pages, where = [], f"{address}?size=10&sort={sort}"
    while where:
        response = client.get(where)
        pages.append(titles(response))
        before, after = turn(response, "prev"), turn(response, "next")
        where = after and address + after
    everything = [title for page in pages for title in page]
    assert [len(page) for page in pages] == [10, 10, 10, 10, 7]
    assert sorted(everything) == [f"job {i:03}" for i in range(47)]
    assert titles(client.get(f"{address}?size=200&sort={sort}")) == everything
    assert titles(client.get(address + before)) == pages[3]


def test_a_page_in_front_of_a_full_one_is_the_first_page(client, address, company, person):
    make_jobs(company, person, 25)
    second = client.get(address + turn(client.get(f"{address}?size=10&sort=title"), "next"))
    first = client.get(address + turn(second, "prev"))
    assert titles(first) == [f"job {i:03}" for i in range(10)]
    assert turn(first, "prev") is None


def test_the_page_costs_the_same_statements_at_10_and_at_200_rows(client, address, company, person):
    make_jobs(company, person, 210)
    client.get(address)
    counts = []
    for size in (10, 200):
        with CaptureQueriesContext(connection) as caught:
            assert len(titles(client.get(f"{address}?size={size}"))) == size
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15


def test_no_page_is_found_by_offset(client, address, company, person):
    make_jobs(company, person, 30)
    second = address + turn(client.get(f"{address}?size=10"), "next")
    with CaptureQueriesContext(connection) as caught:
        client.get(second)
    assert not [query for query in caught if "OFFSET" in query["sql"]]


@pytest.mark.parametrize(
    "question",
    [
        "sort=nonsense",
        "sort=--title",
        "sort=sort_key",
        "size=1000000000",
        "size=-1",
        "size=٣",
        "after=garbage",
        "after=%00",
        "before=W10:1vN:xx",
        "columns=nonsense",
        "columns=%00",
        "q=%00",
        "q=" + "x" * 5000,
        "q=started:9999-99-99",
        "q=started:>9999-12-31",
        "q=over:1e999",
        "q=over:NaN",
        "over=" + "9" * 400,
        "title=%00",
        "person=%00",
        "started=..",
        "started=>=",
        "q=%22",
        "export=pdf",
    ],
)
def test_bad_input_is_answered_and_never_breaks(client, address, company, person, question):
    make_jobs(company, person, 3)
    assert client.get(f"{address}?{question}").status_code == 200


def test_the_mark_of_another_order_leads_to_the_first_page(client, address, company, person):
    make_jobs(company, person, 25)
    mark = (
        turn(client.get(f"{address}?size=10&sort=title"), "next").split("after=")[1].split("&")[0]
    )
    response = client.get(f"{address}?size=10&sort=-title&after={mark}")
    assert titles(response)[0] == "job 024"


def test_the_title_line_counts_and_sums(client, address, company, person):
    make_jobs(company, person, 4)
    page = client.get(address).content.decode()
    assert 'Jobs <span class="count">4</span>' in page
    assert "6.00\N{NO-BREAK SPACE}EUR" in page


def test_beyond_ten_thousand_rows_nothing_more_is_counted(
    client, address, company, person, monkeypatch
):
    monkeypatch.setattr("core.lists.paging.MOST_COUNTED", 5)
    monkeypatch.setattr("core.lists.pages.MOST_COUNTED", 5)
    make_jobs(company, person, 7)
    page = client.get(address).content.decode()
    assert 'Jobs <span class="count">5+</span>' in page
    assert "EUR</p>" not in page


def test_columns_sort_and_size_are_remembered(client, address, company, person):
    make_jobs(company, person, 12)
    client.get(f"{address}?columns=title&columns=done&sort=title&size=10")
    page = client.get(address)
    assert titles(page) == [f"job {i:03}" for i in range(10)]
    heads = re.findall(r'<th scope="col"\s+class="(\w*)"', page.content.decode())
    assert heads == ["name", "num"]


def test_htmx_gets_the_list_alone(client, address):
    part = client.get(address, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert b"<html" not in part.content
    assert b'id="list"' in part.content
    assert b"<html" in client.get(address).content


def test_other_companies_rows_are_not_listed(client, address, company, person):
    make_jobs(company, person, 1)
    make_jobs(cast.bare_company(), person, 5)
    assert titles(client.get(address)) == ["job 000"]


def read_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_csv_file_holds_what_is_filtered_in_its_order(client, address, company, person):
    make_jobs(company, person, 5)
    rows = read_csv(client.get(f"{address}?export=csv&over=2&sort=-amount"))
    assert rows[0] == ["Job", "Started by", "Started", "Ended", "Amount", "Currency"]
    assert [(row[0], Decimal(row[4]), row[5]) for row in rows[1:]] == [
        ("job 004", 4, "EUR"),
        ("job 003", 3, "EUR"),
        ("job 002", 2, "EUR"),
    ]


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_files_hold_no_formula(client, address, company, person, start):
    make_jobs(company, person, 1, title=f"{start}1+1")
    assert read_csv(client.get(f"{address}?export=csv"))[1][0] == f"'{start}1+1"
    sheet = workbook(client.get(f"{address}?export=xlsx"))
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.startswith("'")


def workbook(response):
    return load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def test_a_workbook_holds_numbers_as_numbers_and_days_as_days(client, address, company, person):
    make_jobs(company, person, 3)
    sheet = workbook(client.get(f"{address}?export=xlsx&sort=title"))
    assert [cell.value for cell in sheet[2]][4:] == [0, "EUR"]
    assert sheet["E4"].data_type == "n"
    assert sheet["E4"].value == 2
    assert sheet["C4"].value == datetime(2026, 3, 2, 13)  # noqa: DTZ001


def test_a_file_that_would_be_too_long_is_not_made(client, address, company, person, monkeypatch):
    monkeypatch.setattr("core.lists.pages.MOST_EXPORTED", 3)
    make_jobs(company, person, 4)
    response = client.get(f"{address}?export=csv&q=job", follow=True)
    assert "No file was made" in response.content.decode()
    assert response.redirect_chain == [(f"{address}?q=job", 302)]


def test_an_unclear_question_makes_an_empty_file(client, address, company, person):
    make_jobs(company, person, 4)
    assert len(read_csv(client.get(f"{address}?export=csv&q=nonsense:1"))) == 1


def test_ticked_rows_come_as_ids(rf, company, person):
    first, second = (job.pk for job in make_jobs(company, person, 2))
    asked = rf.post("/", {"ids": [second, first, second]})
    assert chosen(asked, Job.objects.all()) == [first, second]


def test_rows_that_are_not_behind_the_page_are_refused(rf, company, person):
    """They may be there, and the person may even see them: in another company."""
    ours, theirs = make_jobs(company, person, 2)
    asked = rf.post("/", {"ids": [ours.pk, theirs.pk]})
    with pytest.raises(Refused) as refused:
        chosen(asked, Job.objects.exclude(pk=theirs.pk))
    assert refused.value.code == "list.unknown_choice"


@pytest.mark.parametrize("ids", [[], ["x"], ["-1"], ["1" * 30], ["\u0663"]])
def test_a_damaged_choice_is_refused(rf, ids):
    with pytest.raises(Refused):
        chosen(rf.post("/", {"ids": ids}), Job.objects.all())


def test_an_empty_list_says_what_belongs_there(client, address):
    assert "Nothing here yet" in client.get(address).content.decode()
    assert "Nothing matches" in client.get(f"{address}?q=nobody").content.decode()
