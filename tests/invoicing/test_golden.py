"""The vectors of `tests/golden` through the real deeds: what is invoiced, credited and booked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core import clock
from invoicing.models import Invoice
from ledger.actions import add_tax_codes
from ledger.drafts import TaxCodeDraft
from ledger.models import Entry, EntryLine
from orders.actions import confirm_orders, enter_orders, submit_orders
from orders.drafts import DraftLine, OrderDraft
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.inventory import default_warehouse, receive
from tests.factories.invoicing import bill_order, credit, make_invoice
from tests.factories.orders import make_confirmed_order
from tests.factories.partners import make_customer
from tests.factories.payments import make_rate
from tests.golden import amount, journal, vectors

D = Decimal
TAX, JOURNALS = vectors("tax"), vectors("journals")


def booked(*invoices):
    """Net per account role of the entries of these documents, and of their allocations."""
    entries = Entry.objects.filter(source_kind="invoice", source_id__in=[i.pk for i in invoices])
    rows = EntryLine.objects.filter(entry__in=entries).values_list("account__role", "base_amount")
    sums = {}
    for role, value in rows:
        sums[role] = sums.get(role, D(0)) + value
    return {role: value for role, value in sums.items() if value}


def test_t1_discount_and_tax_are_rounded_in_order(company):
    today = clock.today(company)
    draft = TaxCodeDraft("S19", "22 %", "S", amount(TAX["T1"]["rate"]), today, "standard")
    add_tax_codes(company, [draft], by=cast.controller(company))
    default_warehouse(company)
    product, customer = make_product(company, TAX["T1"]["price"]), make_customer(company)
    receive(company, (product, 100))
    line = DraftLine(product.pk, D(TAX["T1"]["quantity"]), None, D(TAX["T1"]["discount"]))
    [order] = enter_orders(company, [OrderDraft(customer.pk, [line])], by=cast.system())
    submit_orders([order.pk], by=cast.system())
    confirm_orders([order.pk], by=cast.system())
    invoice = bill_order(order)
    assert (invoice.net, invoice.tax, invoice.gross) == tuple(
        amount(TAX["T1"][name]) for name in ("net", "tax", "gross")
    )


@pytest.mark.parametrize("vector", [v for v in TAX["groups"] if "allowance" not in v])
def test_t2_tax_is_rounded_once_per_rate(company, vector):
    lines = vector["lines"] * vector.get("times", 1)
    goods = [(make_product(company, price), 1) for price, _rate in lines]
    invoice = make_invoice(company, None, goods)
    assert [g.net for g in invoice.tax_groups.all()] == [amount(x) for x in vector["bases"]]
    assert [g.tax for g in invoice.tax_groups.all()] == [amount(x) for x in vector["taxes"]]
    assert invoice.gross == amount(vector["gross"])


def test_t6_cumulative_credits(company):
    invoice = make_invoice(company, None, [(make_product(company, "33.33"), 1)] * 3)
    notes = [credit(invoice, {line.pk: D(1)}) for line in invoice.lines.all()]
    assert [note.net for note in notes] == [amount(x) for x in TAX["T6"]["nets"]]
    assert [note.tax for note in notes] == [amount(x) for x in TAX["T6"]["taxes"]]


def test_j02_invoice(company):
    invoice = make_invoice(company, None, [(make_product(company, 10), 100)])
    assert booked(invoice) == journal(JOURNALS["J02"])


def test_j03_two_rates_after_a_discount(company):
    """T3: 1,000.00 at 19 % and 333.33 at 7 % with 133.33 off, here taken off the prices."""
    goods = [
        (make_product(company, 900), 1),
        (make_product(company, 300, tax_class="reduced"), 1),
    ]
    invoice = make_invoice(company, None, goods)
    assert booked(invoice) == journal(JOURNALS["J03"])
    [vector] = [v for v in TAX["groups"] if "allowance" in v]
    assert [g.tax for g in invoice.tax_groups.all()] == [amount(x) for x in vector["taxes"]]
    assert invoice.gross == amount(vector["gross"])


def test_j06_no_tax_across_the_border(company):
    customer = make_customer(company, country="AT", vat_id="ATU13585627")
    invoice = make_invoice(company, customer, [(make_product(company, 10), 100)])
    assert booked(invoice) == journal(JOURNALS["J06"])
    group = invoice.tax_groups.get()
    assert (group.category, group.tax) == ("K", 0)
    assert group.reason


def test_j07_credit_note_and_its_allocation(company):
    invoice = make_invoice(company, None, [(make_product(company, 10), 100)])
    note = credit(invoice, {invoice.lines.get().pk: D(20)})
    assert booked(note) == {
        "REVENUE_RETURNS": D(200),
        "VAT_OUTPUT": D(38),
        "UNAPPLIED_RECEIPTS": D(-238),
    }
    [allocation] = Entry.objects.filter(source_kind="allocation")
    lines = allocation.lines.values_list("account__role", "base_amount")
    assert dict(lines) == journal(JOURNALS["J07c"])


def dollars(company, rate, price, quantity=1, **fields):
    """An order in US dollars at a rate of today."""
    make_rate(company, "USD", rate, clock.today(company) - timedelta(3))
    customer = make_customer(company, currency="USD", country="US", **fields)
    product = make_product(company)
    make_price(default_list(company, "USD"), product, price)
    return make_confirmed_order(company, customer, [(product, quantity)])


def test_j20_an_invoice_in_dollars(company):
    invoice = bill_order(dollars(company, "1.1000", 1100))
    assert (invoice.currency, invoice.gross, invoice.base_gross) == ("USD", 1100, 1000)
    assert invoice.fx_rate == D("1.1")
    assert booked(invoice) == journal(JOURNALS["J20a"])


def test_base_amounts_are_split_from_the_converted_total(company):
    """Three lines of USD 10.05 at 1.1 are EUR 27.41, not 3 × 9.14."""
    invoice = bill_order(dollars(company, "1.1", "10.05", 3))
    assert (invoice.gross, invoice.base_gross) == (D("30.15"), D("27.41"))
    assert booked(invoice) == {"AR_CONTROL": D("27.41"), "REVENUE": D("-27.41")}


def test_partial_credits_in_dollars_leave_nothing(company):
    invoice = bill_order(dollars(company, "1.1037", "333.335", 3))
    [line] = invoice.lines.all()
    notes = [credit(invoice, {line.pk: D(1)}) for _ in range(3)]
    assert sum(note.base_gross for note in notes) == invoice.base_gross
    assert Invoice.objects.get(pk=invoice.pk).state == "settled"


def test_instalments_in_dollars_share_the_base_value(company):
    invoice = bill_order(dollars(company, "1.1", "1000.01", terms="3PARTS"))
    items = [part.open_item for part in invoice.instalments.select_related("open_item")]
    assert [item.amount for item in items] == [D("300.00"), D("300.00"), D("400.01")]
    assert sum(item.base_amount for item in items) == invoice.base_gross == D("909.10")
