"""The writer of sets: any value survives, defaults are kept, the number of statements is fixed."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.db import Error
from django.utils.translation import gettext_lazy

from core import bulk
from core.models import Company, Event, FollowUp, NumberSeries

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme", name="Acme", legal_name="Acme", country="DE", currency="EUR"
    )


def write_series(company, rows):
    bulk.insert(
        NumberSeries,
        ("company_id", "kind", "fiscal_year", "prefix", "last_date"),
        [(company.pk, kind, 2026, prefix, date(2026, 1, 1)) for kind, prefix in rows],
    )


@pytest.mark.parametrize(
    "text",
    ['say "hi"', "back\\slash", "{curly}", "com,ma", "NULL", "", "ümläut 漢", "line\nbreak", "%s"],
)
def test_any_text_survives(company, text):
    write_series(company, [(text, "P")])
    assert NumberSeries.objects.get().kind == text


def test_json_and_moments_survive(company):
    at = datetime(2026, 1, 31, 23, 59, 59, 123456, tzinfo=UTC)
    facts = {"amount": D("1.50"), "on": date(2026, 1, 1), "text": 'a "quote" \\ and {brace}'}
    [pk] = bulk.take_ids({Event: 1})[Event]
    columns = ("id", "company_id", "verb", "by_id", "at", "facts")
    bulk.insert(Event, columns, [(pk, company.pk, "test.done", 1, at, facts)])
    event = Event.objects.get(pk=pk)
    assert event.at == at
    assert event.facts == {"amount": "1.50", "on": "2026-01-01", "text": facts["text"]}


def write_events(company, verb, *facts):
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    ids = bulk.take_ids({Event: len(facts)})[Event]
    columns = ("id", "company_id", "verb", "by_id", "at", "facts")
    rows = [(pk, company.pk, verb, 1, at, fact) for pk, fact in zip(ids, facts, strict=True)]
    bulk.insert(Event, columns, rows)
    return list(Event.objects.order_by("pk"))


def test_what_is_the_same_in_every_row_goes_once(company, django_assert_num_queries):
    with django_assert_num_queries(3) as captured:  # ids, rows, and reading them
        written = write_events(company, "said.once", *({"n": n} for n in range(3)))
    assert str(captured[1]["sql"]).count("said.once") == 1
    assert [(e.verb, e.company_id, e.facts["n"]) for e in written] == [
        ("said.once", company.pk, n) for n in range(3)
    ]


def test_a_text_in_the_readers_language_survives_as_a_constant(company):
    [event] = write_events(company, gettext_lazy("Draft"), {})
    assert event.verb == "Draft"


def test_what_is_only_equal_is_not_taken_for_the_same(company):
    written = write_events(company, "test.done", {"n": 1}, {"n": True}, {"n": D("1.0")})
    assert [repr(event.facts["n"]) for event in written] == ["1", "True", "'1.0'"]


def test_nothing_is_written_as_nothing(company):
    def sent(*moments):
        FollowUp.objects.all().delete()
        columns = ("company_id", "handler", "kind", "subject_id", "event_id", "due_at", "done_at")
        due = datetime(2026, 1, 1, tzinfo=UTC)
        rows = [(company.pk, "h", "k", n, n, due, moment) for n, moment in enumerate(moments)]
        bulk.insert(FollowUp, columns, rows)
        return list(FollowUp.objects.order_by("event_id").values_list("done_at", flat=True))

    day = datetime(2026, 1, 2, tzinfo=UTC)
    assert sent(None) == [None]
    assert sent(None, None) == [None, None]
    assert sent(None, day) == [None, day]


def test_a_field_not_named_gets_its_default(company):
    write_series(company, [("invoice", "INV")])
    series = NumberSeries.objects.get()
    assert (series.next, series.chronological) == (1, False)


def test_a_text_that_is_too_long_fails_and_is_not_cut(company):
    with pytest.raises(Error, match="too long"):
        write_series(company, [("k" * 21, "P")])


def test_ids_of_several_tables_come_in_one_statement(company, django_assert_num_queries):
    with django_assert_num_queries(1):
        ids = bulk.take_ids({Event: 3, NumberSeries: 2})
    assert len(set(ids[Event])) == 3
    assert len(set(ids[NumberSeries])) == 2


def test_a_set_is_one_statement_whatever_its_size(company, django_assert_num_queries):
    with django_assert_num_queries(1):
        write_series(company, [(f"kind{i}", "P") for i in range(500)])
    rows = [(s.pk, 7) for s in NumberSeries.objects.all()]
    with django_assert_num_queries(1):
        assert bulk.update(NumberSeries, ("id", "next"), rows) == 500
    assert NumberSeries.objects.filter(next=7).count() == 500


def test_update_can_add_and_guard(company):
    write_series(company, [("a", "P"), ("b", "P")])
    NumberSeries.objects.filter(kind="b").update(next=100)
    rows = [(s.pk, 5) for s in NumberSeries.objects.all()]
    changed = bulk.update(
        NumberSeries, ("id", "next"), rows, add=("next",), where="t.next + u.next <= 100"
    )
    assert changed == 1
    assert set(NumberSeries.objects.values_list("kind", "next")) == {("a", 6), ("b", 100)}


def test_nothing_to_write_is_no_statement(company, django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert(Event, ("id",), [])
        assert bulk.update(Event, ("id",), []) == 0
