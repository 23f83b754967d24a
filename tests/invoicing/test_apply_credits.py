"""What is left of a credit note is applied to other invoices, and taken back again."""

from collections import namedtuple
from datetime import timedelta
from decimal import Decimal

import pytest

from core import clock
from core.models import DocumentLink, Event, EventSubject
from invoicing.actions import apply_credits, issue_invoices, unapply_credits
from invoicing.models import Billable, Invoice
from ledger.models import Allocation, EntryLine
from partners.models import Exposure
from payments.actions import apply_receipts, unapply_receipts
from payments.actions.application import Choice
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.invoicing import applications, credit, make_invoice, use
from tests.factories.partners import make_customer
from tests.factories.payments import enter_receipt, make_rate
from tests.refusals import code_of, verbs

D = Decimal
Credit = namedtuple("Credit", "paid note other")


def fresh(row):
    return Invoice.objects.get(pk=row.pk)


def state(*rows):
    return [(row.state, row.open_amount) for row in map(fresh, rows)]


def pay(invoice):
    """All of an invoice, by money of today."""
    today = clock.today(invoice.company)
    receipt = enter_receipt(invoice.company, invoice.gross, invoice.customer, on=today)
    apply_receipts([Choice(receipt.pk, [(item_of(invoice), invoice.gross)])], by=cast.system())
    return receipt


def item_of(invoice):
    return invoice.instalments.get().open_item_id


def make_credit(company, customer=None):
    """A credit note over 119.00 of a paid invoice, and another open invoice of the customer."""
    customer = customer or make_customer(company)
    paid = make_invoice(company, customer)
    pay(paid)
    return Credit(paid, credit(paid), make_invoice(company, customer))


@pytest.fixture
def left(company):
    return make_credit(company)


def test_what_is_left_pays_another_invoice(company, clerk, left):
    [credit] = apply_credits(company, [use(left.note, {left.other: D(119)})], by=clerk)
    assert credit.source_id == left.note.pk
    assert state(left.note, left.other) == [("settled", 0), ("settled", 0)]
    lines = EntryLine.objects.filter(entry=Allocation.objects.latest("pk").entry_id)
    assert set(lines.values_list("account__role", "base_amount")) == {
        ("UNAPPLIED_RECEIPTS", D(119)),
        ("AR_CONTROL", D(-119)),
    }
    exposure = Exposure.objects.get(credit_account=left.other.customer.credit_account)
    assert (exposure.receivable, exposure.unapplied) == (0, 0)
    link = DocumentLink.objects.get(role="settled_by")
    assert (link.from_name, link.to_name) == (left.other.number, left.note.number)


def test_nobody_is_chased_for_a_credited_invoice(company, clerk):
    """Paid, credited and billed anew: the money goes to the new bill, the credit to the old."""
    first = make_invoice(company)
    receipt = pay(first)
    note = credit(first, gives_back=True)
    [second] = issue_invoices(company, [Billable.objects.get(invoice=None).pk], by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    apply_receipts([Choice(receipt.pk, [(item_of(second), second.gross)])], by=clerk)
    assert state(first, note, second) == [("issued", 119), ("issued", 119), ("settled", 0)]
    apply_credits(company, [use(note, {first: D(119)})], by=clerk)
    assert state(first, note) == [("settled", 0), ("settled", 0)]
    assert not DocumentLink.objects.filter(role="settled_by").exists()


def test_a_part_goes_to_the_earliest_instalments(company, clerk):
    customer = make_customer(company, terms="3PARTS")
    note = credit(make_invoice(company, customer))
    unapply_credits(company, applications(note), by=clerk)
    other = make_invoice(company, customer)
    apply_credits(company, [use(note, {other: D(40)})], by=clerk)
    assert state(note, other) == [("issued", 79), ("issued", 79)]
    items = [part.open_item.open_amount for part in other.instalments.order_by("position")]
    assert items == [0, D("31.40"), D("47.60")]


def test_both_timelines_say_so(company, clerk, left):
    apply_credits(company, [use(left.note, {left.other: D(100)})], by=clerk)
    event = Event.objects.get(verb="credit_note.applied")
    assert event.facts["reason"] == f"{left.other.number} 100.00\N{NO-BREAK SPACE}EUR"
    subjects = EventSubject.objects.filter(event_id=event.pk).order_by("pk")
    assert list(subjects.values_list("kind", "subject_id")) == [
        ("invoice", left.note.pk),
        ("invoice", left.other.pk),
        ("customer", left.other.customer_id),
    ]


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ({}, "credit.nothing_chosen"),
        ({"other": "119.01"}, "credit.too_much"),
        ({"other": "0"}, "credit.no_amount"),
        ({"other": "-1"}, "credit.no_amount"),
        ({"other": "1.001"}, "credit.no_amount"),
        ({"paid": "1"}, "credit.too_much"),
        ({"note": "1"}, "settlement.wrong_side"),
    ],
)
def test_a_wrong_amount_is_refused(clerk, left, nothing_changes, amounts, code):
    wanted = use(left.note, {getattr(left, name): D(text) for name, text in amounts.items()})
    with nothing_changes():
        assert code_of(apply_credits, left.note.company, [wanted], by=clerk) == code


def test_what_does_not_fit_is_refused(company, clerk, left, nothing_changes):
    stranger = make_invoice(company)
    foreign = make_invoice(cast.make_company())
    with nothing_changes():
        for note, invoice, code in (
            (left.note, stranger, "settlement.other_partner"),
            (left.note, foreign, "credit.not_found"),
            (left.other, stranger, "credit.no_note"),
        ):
            wanted = use(note, {invoice: D(1)})
            assert code_of(apply_credits, company, [wanted], by=clerk) == code
        assert code_of(apply_credits, company, [], by=clerk) == "credit.nothing_chosen"


@pytest.mark.parametrize("person", ["sales_manager", "warehouse_hand", "auditor", "controller"])
def test_only_the_clerk_applies_and_takes_back(company, left, person, nothing_changes):
    by = getattr(cast, person)(company)
    wanted = use(left.note, {left.other: D(1)})
    with nothing_changes():
        assert code_of(apply_credits, company, [wanted], by=by) == "not_allowed"
        taken = applications(left.note)
        assert code_of(unapply_credits, company, taken, by=by) == "not_allowed"


def test_twice_is_once(company, clerk, left, nothing_changes):
    wanted = use(left.note, {left.other: D(119)})
    apply_credits(company, [wanted], by=clerk)
    with nothing_changes():
        assert code_of(apply_credits, company, [wanted], by=clerk) == "credit.too_much"


def test_it_is_taken_back_by_dated_rows(company, clerk, left, nothing_changes):
    apply_credits(company, [use(left.note, {left.other: D(100)})], by=clerk)
    taken = applications(left.note)
    unapply_credits(company, taken, by=clerk)
    assert state(left.note, left.other) == [("issued", 119), ("issued", 119)]
    assert list(Allocation.objects.order_by("pk").values_list("amount", flat=True))[-2:] == [
        D(100),
        D(-100),
    ]
    exposure = Exposure.objects.get(credit_account=left.other.customer.credit_account)
    assert (exposure.receivable, exposure.unapplied) == (119, 119)
    assert not DocumentLink.objects.filter(role="settled_by").exists()
    assert verbs(company)[-1] == "credit_note.unapplied"
    with nothing_changes():
        assert code_of(unapply_credits, company, taken, by=clerk) == "credit.not_applied"
    apply_credits(company, [use(left.note, {left.other: D(119)})], by=clerk)
    assert state(left.note, left.other) == [("settled", 0), ("settled", 0)]


def test_one_of_several_applications_is_taken_back(company, clerk):
    customer = make_customer(company, terms="3PARTS")
    note = credit(make_invoice(company, customer))
    unapply_credits(company, applications(note), by=clerk)
    other = make_invoice(company, customer)
    apply_credits(company, [use(note, {other: D(40)})], by=clerk)
    [first, _second] = applications(note)
    unapply_credits(company, [first], by=clerk)
    assert state(note, other) == [("issued", D("114.70")), ("issued", D("114.70"))]
    assert DocumentLink.objects.filter(role="settled_by").count() == 1
    unapply_credits(company, applications(note), by=clerk)
    assert state(note, other) == [("issued", 119), ("issued", 119)]
    assert not DocumentLink.objects.filter(role="settled_by").exists()


def test_what_a_receipt_paid_is_not_taken_back_here(company, clerk, left, nothing_changes):
    [of_receipt] = Allocation.objects.filter(credit_item__source_kind="receipt")
    with nothing_changes():
        for ids in ([of_receipt.pk], []):
            assert code_of(unapply_credits, company, ids, by=clerk) == "credit.not_applied"


def test_a_set_equals_one_by_one(company, clerk):
    second = cast.make_company()
    found = []
    for each in (company, second):
        customer = make_customer(each, number="K-1")
        one, two = make_credit(each, customer), make_credit(each, customer)
        uses = [
            use(one.note, {one.other: D(60), two.other: D(59)}),
            use(two.note, {one.other: D(59), two.other: D(60)}),
        ]
        by = cast.accountant(each)
        for deed in [uses] if each is company else [[one] for one in uses]:
            apply_credits(each, deed, by=by)
        rows = Invoice.objects.filter(company=each).order_by("pk")
        found.append(
            [
                list(rows.values_list("number", "state", "open_amount")),
                list(Allocation.objects.filter(company=each).order_by("pk").values_list("amount")),
                verbs(each),
            ]
        )
    assert found[0] == found[1]


def test_what_the_rates_differ_by_is_realised(company, clerk):
    """100 USD credited at 1.00 and billed at 1.25 to the euro."""
    customer, product = make_customer(company, currency="USD"), make_product(company, 10)
    make_price(default_list(company, "USD"), product, 10)
    make_rate(company, "USD", "1.00", clock.today(company))
    paid = make_invoice(company, customer, [(product, 10)])
    note = credit(paid)
    unapply_credits(company, applications(note), by=clerk)
    with clock.travel(clock.now() + timedelta(days=1)):
        make_rate(company, "USD", "1.25", clock.today(company))
        other = make_invoice(company, customer, [(product, 10)])
        apply_credits(company, [use(note, {other: other.gross})], by=clerk)
    entry = Allocation.objects.latest("pk").entry
    difference = entry.lines.get(account__role="FX_REALISED").base_amount
    assert (note.base_gross, other.base_gross) == (D(119), D("95.20"))
    assert difference == D("-23.80")
