"""Entries that a person posts, and their reversal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.actions import (
    post_manual_entries,
    reverse_entries,
    set_fx_rates,
)
from ledger.drafts import ManualDraft, ManualLine
from ledger.models import AccountRole, Entry
from tests.cast import accountant, controller, stranger
from tests.factories.ledger import DAY, booked, owe
from tests.refusals import code_of, verbs

pytestmark = pytest.mark.django_db
R = AccountRole


def manual(*lines, reference="B-1", currency="EUR", on=DAY):
    rows = [ManualLine(number, Decimal(amount)) for number, amount in lines]
    return ManualDraft(on, reference, "Rent of March", currency, rows)


def test_a_manual_entry_is_posted_and_reversed(company, proved):
    by = controller(company)
    (entry,) = post_manual_entries(company, [manual(("6300", "950.00"), ("1800", -950))], by=by)
    assert (entry.journal, entry.source_name, entry.text) == ("general", "B-1", "Rent of March")
    assert booked(company) == {"EXPENSE": Decimal("950.00"), "BANK": Decimal("-950.00")}
    earlier = entry.posting_date - timedelta(days=1)
    assert code_of(reverse_entries, [entry.pk], by=by, on=earlier) == "entry.reversed_before"
    (reversal,) = reverse_entries([entry.pk], by=by, on=date(2026, 4, 1), reason="Wrong month")
    assert booked(company) == {}
    assert (reversal.posting_date, reversal.reverses) == (date(2026, 4, 1), entry)
    assert code_of(reverse_entries, [entry.pk], by=by) == "entry.reversed_already"
    assert code_of(reverse_entries, [reversal.pk], by=by) == "entry.is_reversal"
    assert verbs(company)[-2:] == ["entry.posted", "entry.reversed"]


def test_foreign_money_balances_in_both_currencies(company, proved):
    by = controller(company)
    set_fx_rates([("EUR", "USD", DAY, Decimal("1.1"), "")], company=company, by=by)
    lines = ("6300", "10.05"), ("6855", "10.05"), ("7110", "10.05"), ("1800", "-30.15")
    post_manual_entries(company, [manual(*lines, currency="USD")], by=by)
    assert booked(company)["BANK"] == Decimal("-27.42")


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (manual(("1200", 5), ("1800", -5)), "entry.control_account"),
        (manual(("1800", 5), ("3260", -5)), "entry.control_account"),
        (manual(("1800", 5), ("0815", -5)), "entry.unknown_account"),
        (manual(("1800", 5), ("6300", -4)), "entry.unbalanced"),
        (manual(("1800", 5)), "entry.too_few_lines"),
        (manual(("1800", 0), ("6300", 0)), "entry.too_few_lines"),
        (manual(("1800", "0.001"), ("6300", "-0.001")), "entry.digits"),
        (manual(("1800", 5), ("6300", -5), reference=" "), "entry.no_reference"),
        (manual(("1800", 5), ("6300", -5), on=date(2035, 1, 1)), "period.missing"),
        (manual(("1800", 5), ("6300", -5), currency="USD"), "rates.missing"),
    ],
)
def test_bad_manual_entries_are_refused(company, draft, code):
    good = manual(("1800", 5), ("6300", -5))
    assert code_of(post_manual_entries, company, [good, draft], by=controller(company)) == code
    assert not Entry.objects.filter(company=company).exists()


def test_who_may_not_post(company):
    draft = manual(("1800", 5), ("6300", -5))
    assert code_of(post_manual_entries, company, [draft], by=accountant(company)) == "not_allowed"


def test_what_a_document_posted_is_corrected_there(company, customer):
    owe(company, customer, 100)
    entry = Entry.objects.get(company=company)
    assert code_of(reverse_entries, [entry.pk], by=controller(company)) == "entry.of_document"
    assert code_of(reverse_entries, [entry.pk], by=stranger()) == "entry.unknown"
