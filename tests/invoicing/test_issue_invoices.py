"""Invoices for what waits: collected bills, and what a credit note gave back."""

from decimal import Decimal

import pytest

from core import in_hand
from invoicing.actions import bill_shipments, issue_invoices, set_billing_rules
from invoicing.models import Billable, BillingRule, Invoice
from partners.drafts import AddressDraft
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.invoicing import collect_bills, credit, make_invoice
from tests.factories.orders import make_confirmed_order, ship
from tests.factories.partners import make_customer
from tests.refusals import code_of

D = Decimal


def wait(company, customer, *args, **fields):
    """A shipment that waits to be billed; returns its billables."""
    shipment = ship(make_confirmed_order(company, customer, *args, **fields))
    bill_shipments(company, [shipment.pk], by=cast.system())
    return list(Billable.objects.filter(shipment_id=shipment.pk).values_list("pk", flat=True))


@pytest.fixture
def customer(company):
    customer = make_customer(company)
    collect_bills(customer)
    return customer


def test_several_shipments_on_one_invoice(company, clerk, customer):
    waiting = [pk for _ in range(3) for pk in wait(company, customer)]
    [invoice] = issue_invoices(company, waiting, by=clerk)
    assert (invoice.net, invoice.tax, invoice.gross) == (300, 57, 357)
    assert invoice.lines.count() == 3
    assert list(Billable.objects.values_list("invoice", flat=True)) == [invoice.pk] * 3


def test_tax_is_rounded_once_over_all_shipments(company, clerk, customer):
    """ACCOUNTING T2: 3 × 33.33 at 19 % is 19.00, not 3 × 6.33."""
    waiting = []
    for _ in range(3):
        waiting += wait(company, customer, [(make_product(company, "33.33"), 1)])
    [invoice] = issue_invoices(company, waiting, by=clerk)
    assert (invoice.net, invoice.tax) == (D("99.99"), D("19.00"))


def test_what_does_not_belong_together_is_parted(company, clerk, customer):
    other = make_customer(company)
    collect_bills(other)
    waiting = [*wait(company, customer), *wait(company, other), *wait(company, customer)]
    invoices = issue_invoices(company, waiting, by=clerk)
    assert [invoice.net for invoice in invoices] == [200, 100]
    assert [invoice.customer_id for invoice in invoices] == [customer.pk, other.pk]


def test_order_numbers_part_bills_where_the_customer_wants_them(company, clerk):
    customer = make_customer(company)
    collect_bills(customer)
    type(customer).objects.filter(pk=customer.pk).update(po_number_required=True)
    order = make_confirmed_order(company, customer, customer_reference="PO 1")
    for quantity in (4, 6):
        parcel = ship(order, {order.lines.get().pk: D(quantity)})
        bill_shipments(company, [parcel.pk], by=cast.system())
    wait(company, customer, customer_reference="PO 2")
    waiting = list(Billable.objects.values_list("pk", flat=True))
    invoices = issue_invoices(company, waiting, by=clerk)
    assert [(i.customer_reference, i.net) for i in invoices] == [("PO 1", 100), ("PO 2", 100)]


def test_what_is_taxed_otherwise_or_goes_to_another_country_is_parted(company, clerk):
    """BR-IC-12: an intra-community supply names the one country it went to."""
    paris = AddressDraft("12 rue de Rivoli", "Paris", postcode="75001")
    tor = AddressDraft("Tor 3", "Berlin", postcode="12099", country="DE", purpose="shipping")
    french = {"country": "FR", "addresses": [paris, tor]}
    firm = make_customer(company, vat_id="FR40303265045", **french)
    private = make_customer(company, is_business=False, **french)
    waiting = []
    for customer in (firm, private):
        collect_bills(customer)
        berlin = customer.partner.addresses.get(purpose="shipping")
        for ship_to in (None, berlin.pk, None):
            waiting += wait(company, customer, ship_to_id=ship_to)
    invoices = issue_invoices(company, waiting, by=clerk)
    taxed = [(i.customer_id, i.tax_groups.get().category, i.net) for i in invoices]
    assert taxed == [
        (firm.pk, "K", 200),
        (firm.pk, "S", 100),
        (private.pk, "S", 200),
        (private.pk, "S", 100),
    ]


def test_what_is_refused_keeps_nothing_else_from_being_billed(company, clerk, customer):
    """Called by the runner, which parks the refused."""
    billed, good = wait(company, customer), wait(company, customer)
    issue_invoices(company, billed, by=clerk)
    with in_hand.holding({}):
        [invoice] = issue_invoices(company, [*billed, *good], by=clerk)
    assert [line.billable_id for line in invoice.lines.all()] == good


def test_twice_is_refused(company, clerk, customer, nothing_changes):
    waiting = wait(company, customer)
    issue_invoices(company, waiting, by=clerk)
    with nothing_changes():
        assert code_of(issue_invoices, company, waiting, by=clerk) == "billing.billed_already"
        assert code_of(issue_invoices, company, [10**9], by=clerk) == "billing.not_found"


@pytest.mark.parametrize("person", ["sales_rep", "warehouse_hand", "auditor"])
def test_only_the_clerk_issues(company, customer, person, nothing_changes):
    waiting = wait(company, customer)
    by = getattr(cast, person)(company)
    with nothing_changes():
        assert code_of(issue_invoices, company, waiting, by=by) == "not_allowed"


def test_given_back_lines_go_by_order(company, clerk):
    first, second = make_invoice(company), make_invoice(company)
    credit(first, gives_back=True)
    credit(second, gives_back=True)
    waiting = list(Billable.objects.filter(invoice=None).values_list("pk", flat=True))
    assert len(issue_invoices(company, waiting, by=clerk)) == 2
    assert Invoice.objects.filter(kind="invoice").count() == 4


def test_a_rule_is_set_and_set_back(company, clerk, customer):
    at_once = {customer.pk: BillingRule.Rhythm.AT_ONCE}
    [rule] = set_billing_rules(company, at_once, by=clerk)
    assert rule.rhythm == "at_once"
    assert BillingRule.objects.count() == 1
    assert code_of(set_billing_rules, company, {10**9: "at_once"}, by=clerk) == (
        "billing_rule.unknown"
    )
    assert code_of(set_billing_rules, company, {customer.pk: "x"}, by=clerk) == (
        "billing_rule.unknown"
    )
    by = cast.sales_rep(company)
    assert code_of(set_billing_rules, company, at_once, by=by) == "not_allowed"
