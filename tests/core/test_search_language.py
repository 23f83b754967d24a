"""The search box of lists: words with a meaning, free text, and clear answers to mistakes."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core import clock
from core.lists import Days
from core.models import Job
from tests import cast
from tests.core.list_pages import JobFilters, with_amounts

MONDAY = date(2026, 3, 2)


@pytest.fixture
def ask(db, rf):
    """Asks a list of four jobs; answers with the titles found and with what was wrong."""
    company = cast.bare_company()
    anna, carlos = cast.accountant(company), cast.credit_controller(company)
    for title, person, day in (
        ("a", anna, 1),
        ("b", carlos, 2),
        ("c", anna, 3),
        ("d 10%", anna, 9),
    ):
        at = datetime(2026, 3, day, 22, 30, tzinfo=UTC)
        Job.objects.create(company=company, title=title, started_by=person, started_at=at)
    request = rf.get("/")
    request.company = company

    def asked(**parameters):
        query = QueryDict(mutable=True)
        query.update(parameters)
        filters = JobFilters(query, with_amounts(Job.objects.all()), request=request)
        return sorted(job.title for job in filters.found()), filters

    return asked


def test_free_words_must_all_occur_somewhere(ask):
    assert ask(q="anna")[0] == ["a", "c", "d 10%"]
    assert ask(q="berg d")[0] == ["d 10%"]
    assert ask(q='"anna berg"')[0] == ["a", "c", "d 10%"]
    assert ask(q='"berg anna"')[0] == []


def test_an_amount_copied_from_a_page_is_understood(ask):
    everything = ["a", "b", "c", "d 10%"]
    assert ask(over="-1")[0] == ask(over="\N{MINUS SIGN}1")[0] == everything
    assert ask(under="\N{MINUS SIGN}1")[0] == []


def test_signs_of_patterns_are_plain_text(ask):
    assert ask(q="10%")[0] == ["d 10%"]
    assert ask(q="%")[0] == ["d 10%"]
    assert ask(q="_")[0] == []


def test_words_with_a_meaning_are_filters(ask):
    assert ask(q="person:mendes")[0] == ["b"]
    assert ask(q='person:"anna berg" title:a,c')[0] == ["a", "c"]
    assert ask(q="person:anna", title="c")[0] == ["c"]


def test_an_unknown_word_names_the_known_ones_and_lists_nothing(ask):
    found, filters = ask(q="colour:red")
    assert found == []
    known = "person:, over:, under:, started:, title:"
    rule = f"“colour:” is not known here. Use {known}, or put plain text in quotes."
    assert filters.mistakes() == [rule]
    assert ask(q='"colour:red"')[1].mistakes() == []


def test_a_wrong_value_names_the_word(ask):
    found, filters = ask(q="title:z")
    assert found == []
    assert filters.mistakes()[0].startswith("Title: ")


def test_days_are_those_of_the_company(ask):
    with clock.travel(datetime(2026, 3, 4, 8, tzinfo=UTC)):
        assert ask(q="started:2026-03-02")[0] == ["b"]
        assert ask(q="started:<2026-03-03")[0] == ["a", "b"]
        assert ask(q="started:yesterday")[0] == ["c"]
        assert ask(q="started:this-week")[0] == ["b", "c"]
        assert ask(q="started:2026-03")[0] == ["a", "b", "c", "d 10%"]


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026-03-02", date(2026, 3, 2), date(2026, 3, 3)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("<2026-03", None, date(2026, 3, 1)),
        ("<=2026-03", None, date(2026, 4, 1)),
        (">2026-03", date(2026, 4, 1), None),
        (">=today", date(2026, 3, 2), None),
        ("2026-01..2026-02", date(2026, 1, 1), date(2026, 3, 1)),
        ("next-week", date(2026, 3, 9), date(2026, 3, 16)),
        ("last-month", date(2026, 2, 1), date(2026, 3, 1)),
    ],
)
def test_spans_of_days(text, first, after):
    assert Days.span(text, MONDAY) == (first, after)


@pytest.mark.parametrize(
    "text", ["soon", "2026-13", "2026-02-30", "1.1.2026", "", "..", "9999-12-31"]
)
def test_what_is_no_day_is_said_so(text):
    with pytest.raises(ValidationError, match="is no day"):
        Days.span(text, MONDAY)


def test_chips_name_each_filter_and_lead_to_the_list_without_it(ask):
    _found, filters = ask(q="person:anna free", title="a")
    assert [(chip.label, chip.url) for chip in filters.chips()] == [
        ("Started by: anna", "?q=free&title=a"),
        ("“free”", "?q=person%3Aanna&title=a"),
        ("Title: Letter A", "?q=person%3Aanna+free"),
    ]


def test_the_tab_of_the_shown_view_is_active(ask):
    assert [tab.active for tab in ask()[1].tabs()] == [False, True]
    assert [tab.active for tab in ask(over="100")[1].tabs()] == [True, False]
    assert [tab.active for tab in ask(over="100", q="x")[1].tabs()] == [False, False]
