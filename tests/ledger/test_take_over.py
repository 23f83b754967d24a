"""Taking over balances and open items of the system before."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from ledger import take_over
from ledger.actions import (
    set_fx_rates,
    take_back_open_items,
    take_over_balances,
    take_over_open_items,
)
from ledger.drafts import BalanceDraft, ItemDraft
from ledger.models import Entry, OpenItem
from ledger.queries import ageing
from partners.models import Exposure
from tests.cast import accountant, controller, stranger, system
from tests.factories.ledger import booked, pay, settle
from tests.factories.partners import make_customer, make_supplier
from tests.refusals import code_of, verbs

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)


def balance(number, amount, currency="EUR", base=None):
    return BalanceDraft(number, currency, Decimal(amount), None if base is None else Decimal(base))


def item(customer, document, amount, due="2025-12-20", **more):
    currency = more.pop("currency", "EUR")
    return ItemDraft(
        document, date.fromisoformat(due), currency, Decimal(amount), customer.number, **more
    )


def test_balances_stand_against_opening_balances(company, proved):
    drafts = [balance("1800", "5000.00"), balance("2970", "-4000.00")]
    (entry,) = take_over_balances(company, drafts, on=START, by=controller(company), name="old.csv")
    assert (entry.journal, entry.posting_date, entry.source_name) == ("opening", START, "old.csv")
    assert booked(company) == {"BANK": 5000, "RETAINED_EARNINGS": -4000, "OPENING_BALANCE": -1000}
    assert verbs(company)[-1] == "balances.taken_over"


def test_foreign_balances_balance_in_both_currencies(company, proved):
    set_fx_rates([("EUR", "USD", START, Decimal("1.1"), "")], company=company, by=system())
    drafts = [balance("1800", "110.00", "USD"), balance("1460", "50.00", "USD", base="44.00")]
    take_over_balances(company, drafts, on=START, by=controller(company))
    assert booked(company) == {"BANK": 100, "PAYMENT_CLEARING": 44, "OPENING_BALANCE": -144}


def test_a_balance_is_taken_over_once(company, proved):
    by = controller(company)
    take_over_balances(company, [balance("1800", "1000.00")], on=START, by=by)
    again = [balance("2970", "-400.00"), balance("1800", "1000.00")]
    examined = take_over.examine_balances(company, again, START)
    assert {place: problem.code for place, problem in examined.problems.items()} == {
        1: "take_over.twice"
    }
    for on in (START, date(2026, 2, 1)):
        assert code_of(take_over_balances, company, again, on=on, by=by) == "take_over.twice"
    take_over_balances(company, again[:1], on=START, by=by)
    assert booked(company) == {"BANK": 1000, "RETAINED_EARNINGS": -400, "OPENING_BALANCE": -600}


def test_the_value_of_a_balance_is_no_finer_than_the_currency_of_the_books(company, proved):
    draft = balance("1800", "100.00", "USD", base="90.005")
    by = controller(company)
    assert code_of(take_over_balances, company, [draft], on=START, by=by) == "take_over.digits"
    owed = item(make_customer(company), "R-1", 100, currency="USD", base_amount=Decimal("90.005"))
    assert code_of(take_over_open_items, company, [owed], on=START, by=by) == "take_over.digits"


def test_the_database_keeps_an_item_from_standing_twice(company, monkeypatch):
    owed, by = [item(make_customer(company), "R-1", 80)], controller(company)
    take_over_open_items(company, owed, on=START, by=by)
    monkeypatch.setattr(take_over, "_taken_over", lambda *_: set())
    with pytest.raises(IntegrityError, match="once_taken_over"):
        take_over_open_items(company, owed, on=START, by=by)


def test_items_keep_number_due_date_and_reference(company, proved):
    customer = make_customer(company)
    (opened,) = take_over_open_items(
        company,
        [item(customer, "R-4711", "1190.00", reference="RF18R4711")],
        on=START,
        by=controller(company),
    )
    assert (opened.source_name, opened.due_on, opened.posted_on) == (
        "R-4711",
        date(2025, 12, 20),
        START,
    )
    assert (opened.open_amount, opened.payment_reference) == (1190, "RF18R4711")
    assert booked(company) == {"AR_CONTROL": 1190, "OPENING_BALANCE": -1190}
    assert Entry.objects.get(company=company).source_name == "R-4711"
    (row,) = ageing(company, date(2026, 1, 20))
    assert (row.days_31_60, row.total) == (1190, 1190)


def test_credits_and_suppliers_stand_on_their_sides(company, proved):
    customer, supplier = make_customer(company), make_supplier(company)
    owed = ItemDraft("S-1", START, "EUR", Decimal(300), supplier=supplier.number)
    take_over_open_items(
        company,
        [item(customer, "G-1", -50), owed, item(customer, "R-1", 80)],
        on=START,
        by=controller(company),
    )
    assert booked(company) == {
        "UNAPPLIED_RECEIPTS": -50,
        "AP_CONTROL": -300,
        "AR_CONTROL": 80,
        "OPENING_BALANCE": 270,
    }
    rows = OpenItem.objects.order_by("pk").values_list("account_role", "side", "amount")
    assert list(rows) == [
        ("UNAPPLIED_RECEIPTS", "credit", 50),
        ("AP_CONTROL", "credit", 300),
        ("AR_CONTROL", "debit", 80),
    ]
    exposure = Exposure.objects.get(credit_account=customer.credit_account)
    assert (exposure.receivable, exposure.unapplied) == (80, 50)


def test_a_taken_over_item_is_settled_like_any_other(company, proved):
    customer = make_customer(company)
    (opened,) = take_over_open_items(
        company, [item(customer, "R-1", 80)], on=START, by=controller(company)
    )
    settle(company, (opened, pay(company, customer, 80), 80))
    opened.refresh_from_db()
    assert opened.open_amount == 0


def test_statements_do_not_depend_on_the_number_of_items(company, django_assert_num_queries):
    customer, by = make_customer(company), controller(company)

    def take(first, how_many):
        drafts = [item(customer, f"R-{first + n}", 10) for n in range(how_many)]
        take_over_open_items(company, drafts, on=START, by=by)

    take(0, 1)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for first, how_many in ((100, 1), (200, 60)):
        with CaptureQueriesContext(connection) as captured:
            take(first, how_many)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_every_line_with_a_problem_is_named(company):
    customer = make_customer(company)
    take_over_open_items(company, [item(customer, "R-1", 80)], on=START, by=system())
    nobody = ItemDraft("R-9", START, "EUR", Decimal(5), customer="C-NONE")
    both = ItemDraft("R-9", START, "EUR", Decimal(5), customer.number, "S-1")
    drafts = [
        item(customer, "R-2", 10),
        item(customer, "R-1", 80),
        item(customer, "R-2", 10),
        nobody,
        both,
        item(customer, "", 10),
        item(customer, "R-3", 0),
        item(customer, "R-4", "0.001"),
        item(customer, "R-5", 10, currency="USD"),
        item(customer, "R-6", 10, base_amount=Decimal(-9)),
    ]
    examined = take_over.examine_items(company, drafts, START)
    assert {place: problem.code for place, problem in examined.problems.items()} == {
        1: "take_over.twice",
        2: "take_over.twice",
        3: "take_over.unknown_partner",
        4: "take_over.partner",
        5: "take_over.no_document",
        6: "take_over.nothing_open",
        7: "take_over.digits",
        8: "rates.missing",
        9: "take_over.base_differs",
    }
    before = OpenItem.objects.count()
    assert (
        code_of(take_over_open_items, company, drafts, on=START, by=system()) == "take_over.twice"
    )
    assert OpenItem.objects.count() == before


def test_balances_of_subledgers_are_refused(company):
    drafts = [balance("1800", 5), balance("1200", 5), balance("0815", 5)]
    examined = take_over.examine_balances(company, drafts, START)
    assert {place: problem.code for place, problem in examined.problems.items()} == {
        1: "take_over.control_account",
        2: "take_over.unknown_account",
    }


def test_who_may_not_take_over(company):
    by = accountant(company)
    assert code_of(take_over_balances, company, [], on=START, by=by) == "not_allowed"
    assert code_of(take_over_open_items, company, [], on=START, by=by) == "not_allowed"


def test_a_wrong_item_is_taken_back_and_taken_over_anew(company, proved):
    customer, supplier, by = make_customer(company), make_supplier(company), controller(company)
    owed = ItemDraft("S-1", START, "EUR", Decimal(300), supplier=supplier.number)
    wrong = [item(customer, "R-1", 80), item(customer, "G-1", -50), owed]
    found = take_over_open_items(company, wrong, on=START, by=by)
    take_back_open_items([row.pk for row in found], by=by)
    assert booked(company) == {}
    assert not OpenItem.objects.filter(open_amount__gt=0).exists()
    exposure = Exposure.objects.get(credit_account=customer.credit_account)
    assert (exposure.receivable, exposure.unapplied) == (0, 0)
    assert verbs(company)[-3:] == ["item.taken_back"] * 3
    take_over_open_items(company, [item(customer, "R-1", 90), *wrong[1:]], on=START, by=by)
    assert booked(company)["AR_CONTROL"] == 90


def test_what_is_used_or_gone_or_not_taken_over_stays(company, proved):
    customer, by = make_customer(company), controller(company)
    used, gone = take_over_open_items(
        company, [item(customer, "R-1", 80), item(customer, "R-2", 80)], on=START, by=by
    )
    receipt = pay(company, customer, 30)
    settle(company, (used, receipt, 30))
    take_back_open_items([gone.pk], by=by)
    before = Entry.objects.count()
    for row, person, code in (
        (used, by, "take_over.used"),
        (gone, by, "take_over.taken_back"),
        (receipt, by, "take_over.unknown_item"),
        (used, accountant(company), "not_allowed"),
        (used, stranger(), "take_over.unknown_item"),
    ):
        assert code_of(take_back_open_items, [row.pk], by=person) == code
    assert Entry.objects.count() == before


def test_its_page_takes_it_back_once_and_says_why_not_again(company, client):
    (row,) = take_over_open_items(
        company, [item(make_customer(company), "R-1", 80)], on=START, by=system()
    )
    client.force_login(controller(company))
    page = f"/{company.slug}/books/items/{row.pk}"
    assert "may then be taken over anew" in client.get(page).content.decode()
    shown = client.post(f"{page}/take-back", follow=True).content.decode()
    assert "R-1 was taken back." in shown
    again = client.post(f"{page}/take-back", follow=True).content.decode()
    assert "R-1 was taken back." in again
    assert Entry.objects.filter(reverses__isnull=False).count() == 1
