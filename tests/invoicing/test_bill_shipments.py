"""Billing what left: an invoice for each shipment, once, with its books and its open items."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock, follow_ups
from core.models import DocumentLink, Event, EventSubject, FollowUp
from core.refusals import Refused
from invoicing.actions import bill_shipments
from invoicing.models import Billable, Invoice, InvoiceLine
from ledger.actions import add_tax_codes
from ledger.drafts import TaxCodeDraft
from ledger.models import OpenItem, TaxCode
from orders.actions import confirm_orders
from orders.models import Order
from partners.actions import add_terms
from partners.models import Exposure
from partners.terms import Instalment, Rule, TermsDraft
from tests import cast
from tests.factories.catalog import make_product, make_products
from tests.factories.inventory import receive
from tests.factories.invoicing import bill, bill_order, collect_bills, make_invoice
from tests.factories.orders import make_confirmed_order, make_submitted_order, ship
from tests.factories.partners import make_customer
from tests.refusals import code_of, verbs

D = Decimal


def shipped(company, *args, **fields):
    return ship(make_confirmed_order(company, *args, **fields))


def test_a_shipment_becomes_an_invoice(company, clerk):
    customer = make_customer(company, "Acme")
    order = make_confirmed_order(company, customer, customer_reference="PO 77")
    shipment = ship(order)
    [answer] = bill_shipments(company, [shipment.pk], by=clerk)
    invoice = Invoice.objects.get()
    today = clock.today(company)
    assert answer == invoice
    assert (answer.number, answer.gross) == (invoice.number, D("119.00"))
    assert invoice.number == f"INV-{today.year}-00001"
    assert (invoice.kind, invoice.state) == ("invoice", "issued")
    assert (invoice.net, invoice.tax, invoice.gross) == (D(100), D(19), D(119))
    assert (invoice.base_gross, invoice.base_tax, invoice.fx_rate) == (D(119), D(19), 1)
    assert (invoice.open_amount, invoice.currency) == (D(119), "EUR")
    assert (invoice.issued_on, invoice.supplied_on) == (today, shipment.shipped_on)
    assert (invoice.due_on - invoice.issued_on).days == 30
    assert (invoice.terms_text, invoice.customer_reference) == ("30 days net", "PO 77")
    assert invoice.created_by == clerk
    assert invoice.buyer["address"]["city"] == "Berlin"
    assert invoice.buyer["name"] == "Acme"
    assert (invoice.seller["vat_id"], invoice.seller["city"]) == ("DE136695976", "Hamburg")
    line = invoice.lines.get()
    assert (line.quantity, line.unit_price, line.net, line.position) == (10, 10, 100, 1)
    assert (line.billable.source_kind, line.billable.quantity) == ("shipment_line", 10)
    group = invoice.tax_groups.get()
    assert (group.category, group.rate, group.net, group.tax) == ("S", 19, 100, 19)
    item = OpenItem.objects.get()
    assert (item.amount, item.due_on, item.source_name) == (119, invoice.due_on, invoice.number)
    assert item.payment_reference == invoice.payment_reference
    assert invoice.instalments.get().open_item == item


def test_what_follows_and_what_is_linked(company, clerk):
    order = make_confirmed_order(company)
    shipment = ship(order)
    bill_shipments(company, [shipment.pk], by=clerk)
    invoice = Invoice.objects.get()
    event = Event.objects.get(verb="invoice.issued")
    assert event.facts == {"number": invoice.number, "gross": "119.00", "currency": "EUR"}
    assert list(
        EventSubject.objects.filter(event_id=event.pk)
        .order_by("pk")
        .values_list("kind", "subject_id")
    ) == [
        ("invoice", invoice.pk),
        ("customer", order.customer_id),
        ("order", order.pk),
        ("shipment", shipment.pk),
    ]
    assert set(DocumentLink.objects.filter(to_kind="invoice").values_list("from_kind", "role")) == {
        ("order", "billed_by"),
        ("shipment", "billed_by"),
    }
    assert FollowUp.objects.filter(kind="invoice", event_id=event.pk).exists()
    assert Order.objects.get(pk=order.pk).billed_net == 100


def test_credit_moves_from_unbilled_to_receivable(company):
    order = make_confirmed_order(company)
    shipment = ship(order)
    exposure = Exposure.objects.get(credit_account=order.customer.credit_account)
    assert (exposure.unbilled, exposure.receivable) == (119, 0)
    bill(shipment)
    exposure.refresh_from_db()
    assert (exposure.unbilled, exposure.receivable, exposure.open_orders) == (0, 119, 0)


def test_parts_of_an_order_sum_to_it(company):
    product = make_product(company, "33.33")
    order = make_confirmed_order(company, None, [(product, 3)])
    [line] = order.lines.all()
    invoices = [bill_order(order, {line.pk: D(1)}) for _ in range(3)]
    assert [i.net for i in invoices] == [D("33.33"), D("33.33"), D("33.33")]
    discounted = make_product(company, "3.335")
    order = make_confirmed_order(company, None, [(discounted, 3)])
    [line] = order.lines.all()
    invoices = [bill_order(order, {line.pk: D(1)}) for _ in range(3)]
    assert [i.net for i in invoices] == [D("3.34"), D("3.33"), D("3.34")]
    assert sum(i.net for i in invoices) == order.net


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    price=st.decimals("0.01", "99.9999", places=4),
    parts=st.lists(st.integers(1, 9), min_size=1, max_size=5),
)
def test_any_partial_shipments_sum_to_the_order(company, price, parts):
    customer = make_customer(company, limit=10**9)
    order = make_confirmed_order(company, customer, [(make_product(company, price), sum(parts))])
    [line] = order.lines.all()
    invoices = [bill_order(order, {line.pk: D(part)}) for part in parts]
    order = Order.objects.get(pk=order.pk)
    assert sum(invoice.net for invoice in invoices) == order.net == order.billed_net
    exposure = Exposure.objects.get(credit_account=customer.credit_account)
    assert (exposure.open_orders, exposure.unbilled) == (0, 0)
    assert exposure.receivable == sum(invoice.gross for invoice in invoices)


def test_several_rates_each_with_their_tax(company):
    goods = [(make_product(company, 10), 10), (make_product(company, 5, tax_class="reduced"), 3)]
    invoice = make_invoice(company, None, goods)
    assert list(invoice.tax_groups.order_by("-rate").values_list("rate", "net", "tax")) == [
        (D(19), D(100), D(19)),
        (D(7), D(15), D("1.05")),
    ]
    assert invoice.gross == D("135.05")


def test_instalments_are_open_items_of_their_own(company):
    customer = make_customer(company, terms="3PARTS")
    product = make_product(company, D("840.344537"))
    invoice = make_invoice(company, customer, [(product, 1)])
    assert invoice.gross == D("1000.00")
    parts = list(invoice.instalments.values_list("position", "due_on", "amount"))
    days = [(due - invoice.issued_on).days for _p, due, _a in parts]
    assert days == [0, 30, 60]
    assert [amount for _p, _d, amount in parts] == [D(300), D(300), D(400)]
    assert invoice.due_on == parts[-1][1]
    items = OpenItem.objects.order_by("position").values_list("amount", "due_on")
    assert list(items) == [(amount, due) for _p, due, amount in parts]


def test_the_due_day_is_that_of_the_latest_instalment(company):
    halves = (
        Instalment(D(50), rule=Rule.DAYS_THEN_MONTH_END),
        Instalment(D(50), days=10),
    )
    add_terms(company, [TermsDraft("HALVES", "In halves", halves)], by=cast.system())
    customer = make_customer(company, terms="HALVES")
    next_year = clock.now().year + 1
    with clock.travel(datetime(next_year, 1, 5, 12, tzinfo=UTC)):
        invoice = make_invoice(company, customer)
    dues = list(Invoice.objects.get().instalments.values_list("due_on", flat=True))
    assert dues == [date(next_year, 1, 31), date(next_year, 1, 15)]
    assert invoice.due_on == date(next_year, 1, 31)


def test_a_total_of_nothing_is_issued_and_settled_at_once(company):
    make_invoice(company, None, [(make_product(company, 0), 3)])
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.gross, invoice.entry_id) == ("settled", 0, None)
    assert invoice.number.endswith("-00001")
    assert not OpenItem.objects.exists()
    assert invoice.due_on


def test_the_rate_is_that_of_the_day_of_supply(company):
    order = make_confirmed_order(company)
    draft = TaxCodeDraft("S19", "21 %", "S", D(21), clock.today(company), "standard")
    add_tax_codes(company, [draft], by=cast.controller(company))
    invoice = bill_order(order)
    assert invoice.tax_groups.get().rate == 21
    assert invoice.gross == D("121.00")


def test_issued_in_the_given_order_without_a_gap(company):
    shipments = [shipped(company) for _ in range(4)]
    invoices = bill(*reversed(shipments))
    assert [i.number[-5:] for i in invoices] == ["00001", "00002", "00003", "00004"]
    orders = [s.order_id for s in reversed(shipments)]
    assert [i.lines.get().billable.order_line.order_id for i in invoices] == orders


def test_the_reference_is_a_creditor_reference(company):
    from stdnum import iso11649

    assert iso11649.is_valid(make_invoice(company).payment_reference)


def test_billing_twice_is_refused_and_changes_nothing(company, clerk, nothing_changes):
    shipment = shipped(company)
    other = shipped(company)
    bill(shipment)
    with nothing_changes():
        assert (
            code_of(bill_shipments, company, [other.pk, shipment.pk], by=clerk)
            == "billing.billed_already"
        )


def test_the_runner_skips_what_is_billed(company):
    shipment = shipped(company)
    bill(shipment)
    follow_ups.work_off()
    follow_ups.work_off()
    assert Invoice.objects.count() == 1
    assert not FollowUp.objects.filter(parked_at__isnull=False).exists()


def test_a_missing_or_foreign_shipment_is_refused(company, clerk, nothing_changes):
    other = cast.make_company()
    foreign = shipped(other)
    with nothing_changes():
        for pk in (foreign.pk, 10**9):
            assert code_of(bill_shipments, company, [pk], by=clerk) == "billing.not_shipped"


@pytest.mark.parametrize("person", ["sales_rep", "warehouse_hand", "auditor", "controller"])
def test_only_the_clerk_bills(company, person, nothing_changes):
    shipment = shipped(company)
    by = getattr(cast, person)(company)
    with nothing_changes():
        assert code_of(bill_shipments, company, [shipment.pk], by=by) == "not_allowed"


def test_a_clerk_of_another_company_does_not(company, nothing_changes):
    shipment = shipped(company)
    by = cast.accountant(cast.make_company())
    with nothing_changes():
        assert code_of(bill_shipments, company, [shipment.pk], by=by) == "not_allowed"


def test_a_closed_period_refuses_and_changes_nothing(company, clerk, nothing_changes):
    from ledger.actions import close_periods
    from ledger.models import Period

    shipment = shipped(company)
    today = clock.today(company)
    rows = Period.objects.filter(
        company=company, module="AR", starts_on__lte=today, ends_on__gte=today
    )
    close_periods([row.pk for row in rows], by=cast.controller(company), confirmed=True)
    with nothing_changes():
        assert code_of(bill_shipments, company, [shipment.pk], by=clerk) == "period.closed"


def test_without_terms_or_address_it_still_says_who(company):
    customer = make_customer(company, addresses=[])
    assert make_invoice(company, customer).buyer["address"] is None


def test_collected_bills_wait(company, clerk):
    customer = make_customer(company)
    collect_bills(customer)
    shipment = shipped(company, customer)
    assert bill_shipments(company, [shipment.pk], by=clerk) == []
    billable = Billable.objects.get()
    assert (billable.invoice, billable.net, billable.shipment_id) == (None, 100, shipment.pk)
    exposure = Exposure.objects.get(credit_account=customer.credit_account)
    assert (exposure.unbilled, exposure.receivable) == (119, 0)
    assert code_of(bill_shipments, company, [shipment.pk], by=clerk) == "billing.billed_already"


def tables(company):
    """What was written, without keys and moments."""
    return {
        "invoices": list(
            Invoice.objects.filter(company=company)
            .order_by("number")
            .values_list("number", "net", "tax", "gross", "open_amount", "customer__number")
        ),
        "orders": list(
            Order.objects.filter(company=company).order_by("pk").values_list("billed_net")
        ),
        "verbs": verbs(company),
    }


def test_a_set_equals_one_by_one(company):
    second = cast.make_company()
    for each in (company, second):
        products = [make_product(each, price) for price in ("9.99", "0.37", "120")]
        customer = make_customer(each, number="K-1")
        orders = [
            make_confirmed_order(each, customer, [(p, n) for p in products]) for n in (1, 2, 3)
        ]
        shipments = [ship(order) for order in orders]
        if each is company:
            bill(*shipments)
        else:
            for shipment in shipments:
                bill(shipment)
    assert tables(company)["invoices"] == tables(second)["invoices"]
    assert tables(company)["orders"] == tables(second)["orders"]
    assert tables(company)["verbs"] == tables(second)["verbs"]


def test_two_parts_of_one_order_in_one_set(company):
    product = make_product(company, "3.335")
    order = make_confirmed_order(company, None, [(product, 3)])
    [line] = order.lines.all()
    parcels = [ship(order, {line.pk: D(1)}) for _ in range(3)]
    assert [invoice.net for invoice in bill(*parcels)] == [D("3.34"), D("3.33"), D("3.34")]


def test_a_refused_shipment_leaves_the_net_of_the_next_alone(company):
    """Thirds of 10.00: the first is refused for the tax of its other line, and billed later."""
    goods = [
        (make_product(company, "3.3333"), 3),
        (make_product(company, 1, tax_class="reduced"), 1),
    ]
    order = make_confirmed_order(company, None, goods)
    thirds, other = order.lines.all()
    reduced = TaxCode.objects.filter(pk=other.tax_code_id)
    first = ship(order, {thirds.pk: D(1), other.pk: D(1)})
    second = ship(order, {thirds.pk: D(1)})
    reduced.update(valid_to=date(2025, 1, 1))
    follow_ups.work_off()
    reduced.update(valid_to=None)
    bill(first)
    third = ship(order, {thirds.pk: D(1)})
    bill(third)
    nets = InvoiceLine.objects.filter(billable__order_line=thirds).order_by("pk")
    shipments = list(nets.values_list("billable__shipment_id", "net"))
    assert shipments == [
        (second.pk, D("3.33")),
        (first.pk, D("3.34")),
        (third.pk, D("3.33")),
    ]


def statements(deed):
    """How many statements a deed costs, BEGIN, COMMIT and SAVEPOINT apart."""
    noise = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    with CaptureQueriesContext(connection) as captured:
        deed()
    return len([q for q in captured if not q["sql"].startswith(noise)])


@pytest.mark.parametrize("lines", [5, 50])
def test_statements_do_not_grow(company, lines):
    goods = [(product, 1) for product in make_products(company, lines)]
    receive(company, *[(product, 100) for product, _n in goods])
    customer = make_customer(company, limit=10**7)
    make_invoice(company)  # the company's first invoice opens its number series
    orders = [make_submitted_order(company, customer, goods) for _ in range(4)]
    confirm_orders([order.pk for order in orders], by=cast.system())
    ids = [ship(order).pk for order in orders]
    assert statements(lambda: bill_shipments(company, ids[:1], by=cast.system())) == 23
    assert statements(lambda: bill_shipments(company, ids[1:], by=cast.system())) == 23


def test_nothing_to_bill_is_nothing(company, clerk, nothing_changes):
    with nothing_changes():
        assert bill_shipments(company, [], by=clerk) == []


def test_the_number_follows_the_fiscal_year_of_the_company(company):
    year = clock.now().year
    with clock.travel(datetime(year, 12, 31, 23, 30, tzinfo=UTC)):
        invoice = make_invoice(company)
    assert invoice.issued_on == date(year + 1, 1, 1)
    assert invoice.number == f"INV-{year + 1}-00001"


def test_an_earlier_day_is_refused(company, clerk, nothing_changes):
    next_year = clock.now().year + 1
    with clock.travel(datetime(next_year, 3, 2, tzinfo=UTC)):
        shipment = shipped(company)
        make_invoice(company)
    with clock.travel(datetime(next_year, 3, 1, tzinfo=UTC)), nothing_changes():
        with pytest.raises(Refused) as refused:
            bill_shipments(company, [shipment.pk], by=clerk)
        assert refused.value.code == "numbering.out_of_order"
