"""32 writers bill at once and every tenth is rolled back: no number is missing, none is double."""

import pytest

from core import numbering
from core.actions import action
from core.models import NumberSeries
from core.refusals import Refused
from invoicing import issuing
from invoicing.actions import bill_shipments
from invoicing.models import Invoice
from orders.actions import Parcel, confirm_orders, enter_orders, ship_orders, submit_orders
from tests.cast import make_company, system
from tests.factories.catalog import make_products
from tests.factories.inventory import receive
from tests.factories.invoicing import make_invoice
from tests.factories.orders import order_draft
from tests.factories.partners import make_customers
from tests.races import meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH, EVERY = 32, 2, 10


@pytest.fixture
def shipments():
    company = make_company()
    customers, [product] = make_customers(company, 4), make_products(company, 1)
    receive(company, (product, 10 * WRITERS * EACH))
    drafts = [order_draft(customers[n % 4], (product, 10)) for n in range(WRITERS * EACH)]
    ids = [order.pk for order in enter_orders(company, drafts, by=system())]
    submit_orders(ids, by=system())
    confirm_orders(ids, by=system())
    return ship_orders(company, [Parcel(order) for order in ids], by=system())


def bill_at_once(shipments, monkeypatch):
    """Every tenth deed fails after its numbers were taken; returns the numbers that remain."""
    by, company = system(), shipments[0].company
    unlucky = {shipment.pk for shipment in shipments[::EVERY]}
    record = issuing._record

    def record_or_fail(company, bills, by):
        record(company, bills, by)
        if any(supply.shipment_id in unlucky for bill in bills for supply in bill.supplies):
            raise Refused("test.rolled_back", "rolled back")

    monkeypatch.setattr(issuing, "_record", record_or_fail)

    def deed(number):
        done = []
        for shipment in shipments[number * EACH : (number + 1) * EACH]:
            try:
                bill_shipments(company, [shipment.pk], by=by)
                done.append("billed")
            except Refused as refusal:
                done.append(refusal.code)
        return " ".join(done)

    answers = race(WRITERS, deed)
    words = " ".join(" ".join([answer] * times) for answer, times in answers.items()).split()
    return words, sorted(Invoice.objects.values_list("number", flat=True))


def test_numbers_have_no_gap_and_no_double(shipments, monkeypatch, proved):
    words, numbers = bill_at_once(shipments, monkeypatch)
    lucky = len(shipments) - len(shipments[::EVERY])
    assert words.count("billed") == lucky
    assert words.count("test.rolled_back") == len(shipments) - lucky
    assert [int(number[-5:]) for number in numbers] == list(range(1, lucky + 1))


def test_numbers_counted_without_the_row_come_twice(shipments, monkeypatch):
    """The negative control: the usual `max + 1` loses this race."""

    def count(company, wanted):
        [(kind, on)] = wanted
        year = company.fiscal_year(on)
        if kind == "entry":
            return take(company, wanted)
        last = count_invoices(company)
        return {(kind, on): [f"INV-{year}-{last + i + 1:05d}" for i in range(wanted[kind, on])]}

    take = numbering.take
    count_invoices = meeting(
        WRITERS, lambda company: Invoice.objects.filter(company=company).count()
    )
    monkeypatch.setattr(issuing.numbering, "take", count)
    words, _numbers = bill_at_once(shipments, monkeypatch)
    assert "IntegrityError" in words or "UniqueViolation" in words


def test_the_series_counts_what_was_written(shipments, monkeypatch, proved):
    make_invoice(shipments[0].company)
    bill_at_once(shipments[:9], monkeypatch)
    assert NumberSeries.objects.get(kind="invoice").next == Invoice.objects.count() + 1


def test_a_deed_of_its_own_takes_numbers_in_order():
    company = make_company()

    @action
    def take_numbers(*, by):
        from core import clock

        on = clock.today(company)
        return numbering.take(company, {("invoice", on): 2})["invoice", on]

    first, second = take_numbers(by=system()), take_numbers(by=system())
    assert [n[-5:] for n in [*first, *second]] == ["00001", "00002", "00003", "00004"]
