"""Credit notes: in full, by line, in part; cumulative tax; applied first to their own invoice."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.models import DocumentLink, Event, FollowUp
from core.refusals import Refused
from invoicing.actions import Correction, credit_invoices, issue_invoices
from invoicing.models import Billable, Invoice
from ledger.models import Allocation, OpenItem
from orders.models import Order
from partners.models import Exposure
from payments.actions import apply_receipts
from payments.actions.application import Choice
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.invoicing import bill_order, credit, make_invoice
from tests.factories.orders import make_confirmed_order
from tests.factories.partners import make_customer
from tests.factories.payments import enter_receipt
from tests.refusals import code_of

D = Decimal


def fresh(invoice):
    return Invoice.objects.get(pk=invoice.pk)


def exposure(customer):
    return Exposure.objects.get(credit_account=customer.credit_account)


def test_a_whole_invoice(company, clerk):
    invoice = make_invoice(company)
    [note] = credit_invoices(company, [Correction(invoice.pk, None, "Wrong goods")], by=clerk)
    assert (note.kind, note.corrects_id, note.number[:3], note.number[-5:]) == (
        "credit_note",
        invoice.pk,
        "CN-",
        "00001",
    )
    assert (note.net, note.tax, note.gross, note.reason) == (100, 19, 119, "Wrong goods")
    assert (note.state, note.open_amount) == ("settled", 0)
    assert (fresh(invoice).state, fresh(invoice).open_amount) == ("settled", 0)
    assert note.buyer == fresh(invoice).buyer
    assert note.lines.get().corrects == invoice.lines.get()
    [allocation] = Allocation.objects.all()
    assert allocation.amount == 119
    assert (exposure(invoice.customer).receivable, exposure(invoice.customer).unapplied) == (0, 0)
    event = Event.objects.get(verb="credit_note.issued")
    assert event.facts["reason"] == "Wrong goods"
    assert FollowUp.objects.filter(event_id=event.pk, kind="invoice", subject_id=note.pk).exists()
    link = DocumentLink.objects.get(role="credited_by")
    assert (link.from_name, link.to_name) == (invoice.number, note.number)


def test_part_of_a_line(company):
    invoice = make_invoice(company, None, [(make_product(company, 10), 100)])
    [line] = invoice.lines.all()
    note = credit(invoice, {line.pk: D(20)})
    assert (note.net, note.tax, note.gross) == (200, 38, 238)
    assert (fresh(invoice).state, fresh(invoice).open_amount) == ("issued", 952)
    assert exposure(invoice.customer).receivable == 952


def test_a_paid_invoice_leaves_the_customer_a_credit(company):
    invoice = make_invoice(company)
    credit(invoice, {invoice.lines.get().pk: D(4)})
    note = credit(invoice, {invoice.lines.get().pk: D(6)})
    assert fresh(invoice).open_amount == 0
    assert note.open_amount == 0
    paid = make_invoice(company)
    pay(paid)
    note = credit(paid)
    assert (note.state, note.open_amount) == ("issued", 119)
    assert exposure(paid.customer).unapplied == 119


def pay(invoice):
    """All of an invoice, by money of today."""
    today = clock.today(invoice.company)
    receipt = enter_receipt(invoice.company, invoice.gross, invoice.customer, on=today)
    parts = [(invoice.instalments.get().open_item_id, invoice.gross)]
    apply_receipts([Choice(receipt.pk, parts)], by=cast.system())


def test_one_unit_at_a_time_gives_the_tax_back_to_the_cent(company):
    """ACCOUNTING T6: 3 × 33.33 at 19 %."""
    invoice = make_invoice(company, None, [(make_product(company, "33.33"), 3)])
    [line] = invoice.lines.all()
    notes = [credit(invoice, {line.pk: D(1)}) for _ in range(3)]
    assert [note.tax for note in notes] == [D("6.33"), D("6.34"), D("6.33")]
    assert sum(note.gross for note in notes) == invoice.gross
    assert fresh(invoice).state == "settled"


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    price=st.decimals("0.01", "50", places=3),
    parts=st.lists(st.integers(1, 7), min_size=1, max_size=4),
)
def test_any_partial_credits_sum_to_the_invoice(company, price, parts):
    customer = make_customer(company, limit=10**9)
    goods = [(make_product(company, price), sum(parts)), (make_product(company, "0.07"), 3)]
    invoice = make_invoice(company, customer, goods)
    first, second = invoice.lines.all()
    notes = [credit(invoice, {first.pk: D(part)}) for part in parts]
    notes.append(credit(invoice, {second.pk: D(3)}))
    for field in ("net", "tax", "gross", "base_gross", "base_tax"):
        assert sum(getattr(note, field) for note in notes) == getattr(fresh(invoice), field)
    assert fresh(invoice).state == "settled"


def test_the_earliest_instalment_is_credited_first(company):
    customer = make_customer(company, terms="3PARTS")
    invoice = make_invoice(company, customer, [(make_product(company, 10), 100)])
    credit(invoice, {invoice.lines.get().pk: D(40)})
    left = OpenItem.objects.filter(side="debit").order_by("position")
    assert list(left.values_list("open_amount", flat=True)) == [0, D(238), D(476)]


def test_given_back_is_billed_again(company, clerk):
    order = make_confirmed_order(company)
    invoice = bill_order(order)
    credit(invoice, {invoice.lines.get().pk: D(4)}, gives_back=True)
    again = Billable.objects.get(invoice=None)
    assert (again.generation, again.quantity, again.net) == (2, 4, 40)
    assert Order.objects.get(pk=order.pk).billed_net == 60
    assert exposure(order.customer).unbilled == D("47.60")
    [second] = issue_invoices(company, [again.pk], by=clerk)
    assert (second.net, second.gross) == (40, D("47.60"))
    assert Order.objects.get(pk=order.pk).billed_net == 100
    assert exposure(order.customer).unbilled == 0
    credit(second, gives_back=True)
    assert Billable.objects.get(invoice=None).generation == 3


def test_an_invoice_and_the_one_that_billed_it_again_are_given_back_together(company, clerk):
    """4 of 10 pieces were billed twice; a set gives back what one by one does."""
    invoice = make_invoice(company)
    credit(invoice, {invoice.lines.get().pk: D(4)}, gives_back=True)
    [again] = issue_invoices(company, [Billable.objects.get(invoice=None).pk], by=clerk)
    wanted = [Correction(pk, None, "Wrong goods", True) for pk in (invoice.pk, again.pk)]
    credit_invoices(company, wanted, by=clerk)
    back = Billable.objects.filter(invoice=None).order_by("generation")
    assert list(back.values_list("generation", "quantity")) == [(3, 6), (4, 4)]


def test_a_credit_that_gives_nothing_back_leaves_the_order_billed(company):
    order = make_confirmed_order(company)
    credit(bill_order(order))
    assert Order.objects.get(pk=order.pk).billed_net == 100
    assert not Billable.objects.filter(invoice=None).exists()
    assert exposure(order.customer).unbilled == 0


@pytest.mark.parametrize(
    ("line", "quantity", "code"),
    [
        ("mine", 11, "credit.too_much"),
        ("mine", -1, "credit.too_much"),
        ("foreign", 1, "credit.unknown_line"),
        ("mine", 0, "credit.no_quantity"),
        ("mine", "1.5", "credit.digits"),
    ],
)
def test_what_is_refused_changes_nothing(company, nothing_changes, line, quantity, code):
    invoice, other = make_invoice(company), make_invoice(company)
    lines = {"mine": invoice.lines.get().pk, "foreign": other.lines.get().pk}
    good = Correction(other.pk, None, "Returned")
    bad = Correction(invoice.pk, {lines[line]: D(quantity)}, "Returned")
    with nothing_changes():
        assert code_of(credit_invoices, company, [good, bad], by=cast.system()) == code


def test_a_fraction_of_a_piece_names_the_line(company):
    invoice = make_invoice(company)
    line = invoice.lines.get()
    with pytest.raises(Refused, match=r"is sold in whole pieces only, not 1\.5") as refused:
        credit(invoice, {line.pk: D("1.5")})
    assert line.description in refused.value.message
    assert refused.value.numbers["line"] == line.pk


def test_what_is_sold_by_weight_is_credited_in_parts_of_it(company):
    product = make_product(company, 10, unit="KGM")
    invoice = make_invoice(company, None, [(product, 2)])
    assert credit(invoice, {invoice.lines.get().pk: D("1.125")}).net == D("11.25")


def test_without_a_quantity_it_asks_for_one(company):
    invoice = make_invoice(company)
    with pytest.raises(Refused, match=f"Enter how much of which line of {invoice.number}"):
        credit(invoice, {})


def test_a_correction_says_why(company, clerk, nothing_changes):
    wanted = [Correction(make_invoice(company).pk, None, "  ")]
    with nothing_changes():
        assert code_of(credit_invoices, company, wanted, by=clerk) == "credit.no_reason"


def test_twice_is_refused(company, clerk, nothing_changes):
    invoice = make_invoice(company)
    note = credit(invoice)
    with nothing_changes():
        for pk, code in (
            (invoice.pk, "credit.nothing_left"),
            (note.pk, "credit.of_credit_note"),
            (10**9, "credit.not_found"),
        ):
            wanted = [Correction(pk, None, "Returned")]
            assert code_of(credit_invoices, company, wanted, by=clerk) == code
        wanted = [Correction(invoice.pk, None, "Returned")] * 2
        assert code_of(credit_invoices, company, wanted, by=clerk) == "credit.named_twice"


@pytest.mark.parametrize("person", ["sales_rep", "warehouse_hand", "auditor", "controller"])
def test_only_the_clerk_credits(company, person, nothing_changes):
    invoice = make_invoice(company)
    by = getattr(cast, person)(company)
    with nothing_changes():
        wanted = [Correction(invoice.pk, None, "Returned")]
        assert code_of(credit_invoices, company, wanted, by=by) == "not_allowed"


def test_another_company_s_invoice_is_not_found(company, clerk, nothing_changes):
    foreign = make_invoice(cast.make_company())
    with nothing_changes():
        wanted = [Correction(foreign.pk, None, "Returned")]
        assert code_of(credit_invoices, company, wanted, by=clerk) == "credit.not_found"


def test_a_set_equals_one_by_one(company):
    second = cast.make_company()
    for each in (company, second):
        invoices = [
            make_invoice(each, None, [(make_product(each, price), 3)])
            for price in ("33.33", "0.07", "100")
        ]
        wanted = [
            Correction(i.pk, {i.lines.get().pk: D(2)}, "Returned", gives_back=bool(n % 2))
            for n, i in enumerate(invoices)
        ]
        for corrections in [wanted] if each is company else [[one] for one in wanted]:
            credit_invoices(each, corrections, by=cast.system())
    columns = ("number", "kind", "net", "tax", "gross", "open_amount", "state")
    assert list(
        Invoice.objects.filter(company=company).order_by("number").values_list(*columns)
    ) == list(Invoice.objects.filter(company=second).order_by("number").values_list(*columns))
