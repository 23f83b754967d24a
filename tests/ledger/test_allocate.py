"""Allocating open items against each other, and taking it back."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.refusals import Refused
from ledger import settlement
from ledger.actions import close_periods
from ledger.models import Allocation, Entry, Module, OpenItem, Period
from ledger.settlement import Pair
from tests.cast import make_company, system
from tests.factories.ledger import DAY, booked, owe, pay, settle, unsettle
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db


def opened(*items):
    rows = OpenItem.objects.in_bulk([item.pk for item in items])
    return [(rows[i.pk].open_amount, rows[i.pk].open_base_amount) for i in items]


def test_allocation_relieves_both_items_and_the_books(company, customer, proved):
    invoice, receipt = owe(company, customer, 1000, tax=190), pay(company, customer, 1190)
    settled = settle(company, (invoice, receipt, 1190))
    assert opened(invoice, receipt) == [(0, 0), (0, 0)]
    assert booked(company, *settled.entries) == {"AR_CONTROL": -1190, "UNAPPLIED_RECEIPTS": 1190}
    touched = settled.items[invoice.pk]
    assert (touched.source_kind, touched.source_id, touched.position) == (
        "test_invoice",
        invoice.source_id,
        1,
    )
    assert (touched.change, touched.open_amount, touched.side) == (-1190, 0, "debit")


def test_one_entry_per_credit_item_and_call(company, customer, proved):
    first, second = owe(company, customer, 100), owe(company, customer, 50)
    receipt, other = pay(company, customer, 120), pay(company, customer, 30)
    settled = settle(
        company, (first, receipt, 100), (second, receipt, 20), (second, other, "29.99")
    )
    assert len(settled.entries) == 2
    assert len(settled.allocation_ids) == 3
    assert opened(first, second, receipt, other) == [
        (0, 0),
        (Decimal("0.01"), Decimal("0.01")),
        (0, 0),
        (Decimal("0.01"), Decimal("0.01")),
    ]


def test_statements_do_not_depend_on_the_number_of_pairs(company, customer):
    by = system()

    def statements(how_many):
        pairs = [
            Pair(owe(company, customer, 10).pk, pay(company, customer, 10).pk, Decimal(10))
            for _ in range(how_many)
        ]
        with CaptureQueriesContext(connection) as captured:
            allocate_as(by, pairs)
        return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    from core.actions import action

    @action
    def allocate_as(by, pairs):
        return settlement.allocate(company, pairs, on=DAY, by=by)

    assert statements(1) == 8
    assert statements(40) == 8


def test_the_difference_of_two_rates_is_realised(company, customer, proved):
    invoice = owe(company, customer, 1100, currency="USD", rate="1.1000")
    receipt = pay(company, customer, 1100, currency="USD", rate="1.0800")
    settled = settle(company, (invoice, receipt, 1100))
    assert booked(company, *settled.entries) == {
        "AR_CONTROL": Decimal("-1000.00"),
        "UNAPPLIED_RECEIPTS": Decimal("1018.52"),
        "FX_REALISED": Decimal("-18.52"),
    }


def test_the_last_piece_takes_the_rest_of_the_base_value(company, customer, proved):
    invoice = owe(company, customer, 1000, currency="USD", rate="1.1037")
    receipt = pay(company, customer, 1000, currency="USD", rate="1.1037")
    relieved = []
    for amount in ("333.33", "333.33", "333.34"):
        settled = settle(company, (invoice, receipt, amount))
        relieved.append(-booked(company, *settled.entries)["AR_CONTROL"])
    assert relieved == [Decimal("302.01"), Decimal("302.01"), Decimal("302.02")]
    assert opened(invoice, receipt) == [(0, 0), (0, 0)]


def test_the_day_is_the_latest_of_the_three(company, customer, proved):
    invoice = owe(company, customer, 100, on=date(2026, 5, 20))
    receipt = pay(company, customer, 100, on=date(2026, 5, 2))
    settled = settle(company, (invoice, receipt, 40), on=date(2026, 4, 1))
    assert settled.entries[0].posting_date == date(2026, 5, 20)
    settled = settle(company, (invoice, receipt, 60), on=date(2026, 6, 1))
    assert settled.entries[0].posting_date == date(2026, 6, 1)


def test_a_closed_day_becomes_the_first_open_one(company, customer, proved):
    invoice, receipt = owe(company, customer, 100), pay(company, customer, 100)
    march = Period.objects.filter(
        company=company, module=Module.RECEIVABLES, starts_on=date(2026, 3, 1)
    )
    close_periods([march.get().pk], by=system(), confirmed=True)
    settled = settle(company, (invoice, receipt, 100))
    assert settled.entries[0].posting_date == date(2026, 4, 1)
    assert Allocation.objects.get().posting_date == date(2026, 4, 1)


def test_what_is_refused_changes_nothing(company, customer):
    other = make_customer(company)
    invoice, receipt = owe(company, customer, 100), pay(company, customer, 80)
    dollars = pay(company, customer, 80, currency="USD")
    foreign = owe(make_company(), make_customer(company), 10)
    before = Entry.objects.filter(company=company).count()
    for pair, code in (
        ((invoice, receipt, "80.01"), "settlement.too_much"),
        ((invoice, receipt, 0), "settlement.too_much"),
        ((invoice, receipt, -1), "settlement.too_much"),
        ((invoice, dollars, 10), "settlement.other_currency"),
        ((invoice, pay(company, None, 5), 5), "settlement.other_partner"),
        ((owe(company, other, 5), receipt, 5), "settlement.other_partner"),
        ((receipt, invoice, 5), "settlement.wrong_side"),
        ((foreign, receipt, 5), "settlement.unknown_item"),
    ):
        with pytest.raises(Refused) as refusal:
            settle(company, pair)
        assert refusal.value.code == code
    assert opened(invoice, receipt) == [(100, 100), (80, 80)]
    assert not Allocation.objects.exists()
    assert Entry.objects.filter(company=company, source_kind="allocation").count() == 0
    assert before > 0


def test_a_second_pair_sees_what_the_first_took(company, customer):
    invoice, receipt = owe(company, customer, 100), pay(company, customer, 80)
    with pytest.raises(Refused) as refusal:
        settle(company, (invoice, receipt, 50), (invoice, receipt, 31))
    assert refusal.value.numbers["open"] == 30


def test_taking_back_opens_both_items_again(company, customer, proved):
    invoice = owe(company, customer, 1100, currency="USD", rate="1.1000")
    receipt = pay(company, customer, 1100, currency="USD", rate="1.0800")
    settled = settle(company, (invoice, receipt, 1100))
    undone = unsettle(company, *settled.allocation_ids, on=date(2026, 4, 2))
    assert opened(invoice, receipt) == [
        (1100, Decimal("1000.00")),
        (1100, Decimal("1018.52")),
    ]
    assert booked(company, *undone.entries) == {
        "AR_CONTROL": Decimal("1000.00"),
        "UNAPPLIED_RECEIPTS": Decimal("-1018.52"),
        "FX_REALISED": Decimal("18.52"),
    }
    assert undone.items[invoice.pk].change == 1100
    assert undone.entries[0].posting_date == date(2026, 4, 2)


def test_what_was_taken_back_is_not_taken_back_again(company, customer, proved):
    invoice, receipt = owe(company, customer, 100), pay(company, customer, 100)
    settled = settle(company, (invoice, receipt, 60))
    undone = unsettle(company, *settled.allocation_ids)
    for ids in (settled.allocation_ids, undone.allocation_ids):
        with pytest.raises(Refused) as refusal:
            unsettle(company, *ids)
        assert refusal.value.code == "settlement.reversed_already"
    settle(company, (invoice, receipt, 100))


def test_taking_back_is_never_dated_before_the_allocation(company, customer, proved):
    invoice, receipt = owe(company, customer, 100), pay(company, customer, 100)
    settled = settle(company, (invoice, receipt, 60), on=date(2026, 6, 1))
    undone = unsettle(company, *settled.allocation_ids, on=date(2026, 5, 1))
    assert undone.entries[0].posting_date == date(2026, 6, 1)


def test_partial_pieces_may_be_taken_back_in_any_order(company, customer, proved):
    invoice = owe(company, customer, 1000, currency="USD", rate="1.1037")
    receipt = pay(company, customer, 1000, currency="USD", rate="1.0800")
    first, second, third = (
        settle(company, (invoice, receipt, amount)).allocation_ids
        for amount in ("333.33", "333.33", "333.34")
    )
    unsettle(company, *second)
    unsettle(company, *first, *third)
    assert opened(invoice, receipt) == [
        (1000, Decimal("906.04")),
        (1000, Decimal("925.93")),
    ]


def test_the_database_keeps_open_amounts_in_bounds(company, customer):
    invoice = owe(company, customer, 100)
    for amount in (-1, 101):
        with pytest.raises(Error, match="open_amount_in_bounds"), transaction.atomic():
            OpenItem.objects.filter(pk=invoice.pk).update(open_amount=amount)
    with pytest.raises(Error, match="closed_in_both"), transaction.atomic():
        OpenItem.objects.filter(pk=invoice.pk).update(open_amount=0)
