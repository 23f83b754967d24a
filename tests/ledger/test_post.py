"""Posting: balanced entries of any number, in four statements."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.actions import action
from core.models import NumberSeries
from core.refusals import Refused
from ledger.actions import close_periods, soft_close_periods
from ledger.models import Account, AccountRole, Entry, EntryLine, Journal, Module, Period
from ledger.posting import Line
from tests.cast import controller, make_company, system
from tests.factories.ledger import DAY, booked, draft, line, post, reverse

R = AccountRole
pytestmark = pytest.mark.django_db


def j02(**more):
    """The lines of an invoice, on the bank instead of receivables, which have a subledger."""
    lines = line(R.BANK, "1190.00"), line(R.REVENUE, "-1000.00"), line(R.VAT_OUTPUT, "-190.00")
    return draft(*lines, journal=Journal.SALES, **more)


def period(company, on, module=Module.RECEIVABLES):
    return Period.objects.get(company=company, module=module, starts_on__lte=on, ends_on__gte=on)


def statements(work):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_post_writes_number_day_and_lines(company):
    (posted,) = post(company, j02())
    assert (posted.number, posted.posting_date) == ("JE-2026-00001", DAY)
    entry = Entry.objects.get(pk=posted.id)
    assert (entry.journal, entry.event, entry.recorded_by) == ("sales", "posted", system())
    assert booked(company) == {
        "BANK": Decimal("1190.00"),
        "REVENUE": Decimal("-1000.00"),
        "VAT_OUTPUT": Decimal("-190.00"),
    }


def test_statements_do_not_depend_on_the_number_of_drafts_or_lines(company):
    by = system()
    post(company, j02(), by=by)
    many = [j02() for _ in range(50)]
    assert len(statements(lambda: post(company, j02(), by=by))) == 4
    assert len(statements(lambda: post(company, *many, by=by))) == 4


def test_zero_lines_are_dropped_and_a_draft_of_zeros_posts_nothing(company):
    nothing = draft(line(R.AR_CONTROL, 0), line(R.REVENUE, 0))
    with_zero = draft(line(R.BANK, 5), line(R.REVENUE, -5), line(R.VAT_OUTPUT, 0))
    first, second, third = post(company, nothing, with_zero, nothing)
    assert (first, third) == (None, None)
    assert EntryLine.objects.filter(entry=second.id).count() == 2


def test_numbers_follow_the_order_given_in_each_fiscal_year(company):
    days = [date(2026, 5, 1), date(2025, 12, 31), date(2026, 1, 1), date(2025, 1, 1)]
    posted = post(company, *(j02(on=day) for day in days))
    assert [entry.number for entry in posted] == [
        "JE-2026-00001",
        "JE-2025-00001",
        "JE-2026-00002",
        "JE-2025-00002",
    ]
    assert [entry.posting_date for entry in posted] == days


def test_a_refusal_takes_no_number(company):
    close_periods([period(company, DAY).pk], by=system(), confirmed=True)
    with pytest.raises(Refused):
        post(company, j02(on=date(2026, 5, 1)), j02())
    (posted,) = post(company, j02(on=date(2026, 5, 1)))
    assert posted.number == "JE-2026-00001"


def test_a_role_without_account_is_refused(company):
    Account.objects.filter(company=company, role=R.VAT_OUTPUT).update(role="")
    with pytest.raises(Refused) as refusal:
        post(company, j02())
    assert refusal.value.code == "ledger.role_missing"
    assert not Entry.objects.filter(company=company).exists()


# --- periods --------------------------------------------------------------------------------------


def test_a_day_without_period_is_refused(company):
    with pytest.raises(Refused) as refusal:
        post(company, j02(on=date(2031, 1, 1)))
    assert refusal.value.code == "period.missing"


def test_a_closed_period_is_refused_or_passed_over(company):
    closed = [period(company, DAY).pk, period(company, date(2026, 4, 1)).pk]
    close_periods(closed, by=system(), confirmed=True)
    with pytest.raises(Refused) as refusal:
        post(company, j02())
    assert refusal.value.code == "period.closed"
    (posted,) = post(company, j02(or_first_open_day=True))
    assert posted.posting_date == date(2026, 5, 1)
    assert EntryLine.objects.filter(entry=posted.id).values_list("posting_date").distinct().get()


def test_all_that_pass_over_a_closed_period_ask_once_for_the_next(company):
    by = system()
    close_periods([period(company, DAY).pk], by=by, confirmed=True)
    post(company, j02(on=date(2026, 4, 1)), by=by)
    days = [DAY, date(2026, 3, 16)] * 10
    late = [j02(on=day, or_first_open_day=True) for day in days]
    assert len(statements(lambda: post(company, *late, by=by))) == 5
    posted_on = EntryLine.objects.filter(entry__company=company).values_list("posting_date")
    assert list(posted_on.distinct()) == [(date(2026, 4, 1),)]


def test_another_part_of_the_books_stays_open(company):
    close_periods([period(company, DAY).pk], by=system(), confirmed=True)
    (posted,) = post(company, draft(line(R.COGS, 6), line(R.INVENTORY, -6), journal=Journal.STOCK))
    assert posted.posting_date == DAY


def test_a_soft_closed_period_is_for_controllers_in_person(company):
    soft_close_periods([period(company, DAY).pk], by=system())
    with pytest.raises(Refused):
        post(company, j02())
    (posted,) = post(company, j02(), by=controller(company))
    assert posted.posting_date == DAY


def test_the_database_refuses_a_closed_period_whoever_writes(company):
    post(company, j02())
    close_periods([period(company, DAY).pk], by=system(), confirmed=True)
    entry = Entry.objects.get(company=company)
    entry.pk, entry.number, entry.event = None, "JE-2026-00002", "smuggled"
    with pytest.raises(Error, match="no open period"), transaction.atomic():
        entry.save()


# --- what the database refuses whoever writes -----------------------------------------------------


def test_an_entry_balances_in_the_companys_currency(company):
    with pytest.raises(Error, match="does not balance"):
        post(company, draft(line(R.BANK, "10.00"), line(R.REVENUE, "-9.99")))
    assert NumberSeries.objects.get(company=company, kind="entry", fiscal_year=2026).next == 1


def test_an_entry_balances_in_each_currency(company):
    ten = Decimal(10)
    lines = Line(R.BANK, ten, "USD", ten), Line(R.REVENUE, -ten, "GBP", -ten)
    with pytest.raises(Error, match="does not balance"):
        post(company, draft(*lines))


def test_one_bad_entry_stops_the_whole_set(company):
    with pytest.raises(Error, match="does not balance"):
        post(company, j02(), draft(line(R.BANK, 1), line(R.REVENUE, -2)), j02())
    assert not Entry.objects.filter(company=company).exists()


def test_entries_that_only_balance_together_are_refused(company):
    first = draft(line(R.BANK, 1), line(R.REVENUE, -2))
    second = draft(line(R.BANK, 2), line(R.REVENUE, -1))
    with pytest.raises(Error, match="does not balance"):
        post(company, first, second)


def test_lines_are_not_added_later(company):
    (posted,) = post(company, j02())
    old = EntryLine.objects.filter(entry=posted.id).first()
    more = [
        EntryLine(
            entry_id=posted.id,
            account=old.account,
            posting_date=DAY,
            base_amount=amount,
            currency="EUR",
            amount=amount,
        )
        for amount in (1, -1)
    ]
    with pytest.raises(Error, match="in one statement"), transaction.atomic():
        EntryLine.objects.bulk_create(more)


def test_an_account_of_another_company_is_refused(company):
    other = make_company()
    bank = Account.objects.get(company=other, role=R.BANK)
    foreign = Line(None, Decimal(5), "EUR", Decimal(5), bank.pk)
    with pytest.raises(Error, match="account of another company"):
        post(company, draft(foreign, line(R.REVENUE, -5)))


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.001", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD")]
)
def test_amounts_finer_than_their_currency_are_refused(company, amount, currency):
    with pytest.raises(Error, match="line_rounded"):
        post(
            company, draft(line(R.BANK, amount, currency), line(R.REVENUE, f"-{amount}", currency))
        )


def test_the_same_source_and_event_posts_once(company):
    source = ("invoice", 7, "INV-7")
    post(company, j02(source=source))
    with pytest.raises(Error, match="once_per_source_and_event"):
        post(company, j02(source=source))


@pytest.mark.django_db(transaction=True)
def test_an_entry_without_lines_does_not_get_past_the_commit():
    company = make_company()

    @action
    def post_bare():
        Entry.objects.create(
            company=company,
            number="JE-2026-00001",
            journal=Journal.GENERAL,
            posting_date=DAY,
            recorded_at="2026-03-15T12:00Z",
            recorded_by=system(),
            source_kind="voucher",
            source_id=1,
            source_name="V-1",
            event="posted",
        )

    with pytest.raises(Error, match="fewer than two lines"):
        post_bare()
    assert not Entry.objects.exists()


def test_the_plans_of_the_checks_do_not_depend_on_how_small_the_tables_were(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE proname LIKE 'ledger_check_%'")
        found = dict(cursor.fetchall())
    assert len(found) == 3
    assert all("enable_seqscan=off" in settings for settings in found.values())


def test_an_account_with_postings_stays(company):
    post(company, j02())
    account = Account.objects.get(company=company, role=R.REVENUE)
    with pytest.raises(Error, match="has postings"), transaction.atomic():
        Account.objects.filter(pk=account.pk)._raw_delete("default")


# --- reversal -------------------------------------------------------------------------------------


def test_a_reversal_swaps_the_sides_on_the_same_day(company, proved):
    (posted,) = post(company, j02())
    entry = Entry.objects.get(pk=posted.id)
    (reversal,) = reverse(company, entry)
    assert reversal.posting_date == DAY
    assert booked(company) == {}
    assert Entry.objects.get(pk=reversal.id).reverses == entry


def test_a_reversal_goes_to_the_first_open_day_when_its_period_is_closed(company, proved):
    (posted,) = post(company, j02())
    close_periods([period(company, DAY).pk], by=system(), confirmed=True)
    (reversal,) = reverse(company, Entry.objects.get(pk=posted.id))
    assert reversal.posting_date == date(2026, 4, 1)


def test_a_reversal_is_never_dated_before_its_entry(company, proved):
    (first,) = post(company, j02())
    (second,) = post(company, j02(on=date(2026, 5, 4)))
    entries = Entry.objects.filter(pk__in=[first.id, second.id]).order_by("pk")
    reversals = reverse(company, *entries, days=[date(2026, 5, 1), date(2026, 5, 1)])
    assert [r.posting_date for r in reversals] == [date(2026, 5, 1), date(2026, 5, 4)]


def test_an_entry_is_reversed_once(company):
    (posted,) = post(company, j02())
    entry = Entry.objects.get(pk=posted.id)
    reverse(company, entry)
    with pytest.raises(Refused) as refusal:
        reverse(company, entry)
    assert refusal.value.code == "entry.reversed_already"
    assert Entry.objects.filter(company=company).count() == 2
