"""Real invoices, from shipment to paid: their own state and open amount follow the money."""

from datetime import date
from decimal import Decimal

import pytest

from core.links import related
from core.models import DocumentLink, rights
from core.pages import timeline
from invoicing.models import Invoice
from ledger.models import Allocation
from payments.actions import (
    Choice,
    apply_receipts,
    match_receipts,
    reverse_receipts,
    unapply_receipts,
)
from payments.models import Receipt
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.invoicing import credit, make_invoice
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, enter_receipt, make_receipts, make_statement, work_off
from tests.payments.counting import statements

D = Decimal


def paid_by(company, *paid):
    receipts = make_receipts(company, paid)
    match_receipts([r.pk for r in receipts], by=cast.system())
    return [Receipt.objects.get(pk=r.pk) for r in receipts]


def standing(invoice):
    invoice = Invoice.objects.get(pk=invoice.pk)
    return invoice.state, invoice.open_amount


def items_of(invoice):
    return [i.open_item for i in invoice.instalments.select_related("open_item")]


def test_its_reference_settles_it(company, acme):
    invoice = make_invoice(company, acme)
    assert standing(invoice) == ("issued", D("119"))
    (receipt,) = paid_by(company, Paid("119.00", reference=invoice.payment_reference))
    assert standing(invoice) == ("settled", 0)
    assert (receipt.customer, receipt.finding) == (acme, Receipt.Finding.APPLIED)
    assert [(r.kind, r.name, r.role) for r in related("receipt", receipt.pk)] == [
        ("invoice", invoice.number, "paid_by")
    ]


@pytest.mark.parametrize("written", ["{0}", "Rg. {0} vom 3.3.", "zahlung {1}"])
def test_its_number_in_the_text_settles_it(company, acme, written):
    invoice = make_invoice(company, acme)
    text = written.format(invoice.number, invoice.number.lower().replace("-", " "))
    paid_by(company, Paid("119.00", text))
    assert standing(invoice) == ("settled", 0)


def test_the_reference_written_into_the_text(company, acme):
    invoice = make_invoice(company, acme)
    reference = invoice.payment_reference
    spaced = " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))
    paid_by(company, Paid("119.00", f"{spaced} besten Dank"))
    assert standing(invoice) == ("settled", 0)


def test_two_invoices_paid_by_one_transfer(company, acme):
    invoices = [make_invoice(company, acme) for _ in range(2)]
    numbers = " + ".join(invoice.number for invoice in invoices)
    paid_by(company, Paid("238.00", numbers))
    assert [standing(invoice) for invoice in invoices] == [("settled", 0)] * 2


def test_a_part_payment_leaves_it_open(company, acme):
    invoice = make_invoice(company, acme)
    paid_by(company, Paid("100.00", reference=invoice.payment_reference))
    assert standing(invoice) == ("issued", D("19"))
    (_rest,) = paid_by_again = make_receipts(
        company, [Paid("19.00", invoice.number)], opening="100.00", statement_id="2"
    )
    match_receipts([r.pk for r in paid_by_again], by=cast.system())
    assert standing(invoice) == ("settled", 0)


def test_instalments_are_paid_one_by_one(company):
    customer = make_customer(company, terms="3PARTS")
    invoice = make_invoice(company, customer)
    dues = [item.amount for item in items_of(invoice)]
    assert len(dues) == 3
    paid_by(company, Paid(dues[0], reference=invoice.payment_reference))
    assert [item.open_amount for item in items_of(invoice)] == [0, *dues[1:]]
    assert standing(invoice) == ("issued", sum(dues[1:]))


def test_what_a_credit_note_left_can_be_paid(company, acme):
    product = make_product(company, 10)
    invoice = make_invoice(company, acme, [(product, 10)])
    line = invoice.lines.get()
    credit(invoice, {line.pk: D(2)})
    left = standing(invoice)[1]
    assert left == D("95.20")
    paid_by(company, Paid(left, reference=invoice.payment_reference))
    assert standing(invoice) == ("settled", 0)


def test_taking_back_opens_it_again(company, acme, clerk):
    invoice = make_invoice(company, acme)
    (receipt,) = paid_by(company, Paid("119.00", reference=invoice.payment_reference))
    unapply_receipts([receipt.pk], by=clerk)
    assert standing(invoice) == ("issued", D("119"))
    assert not DocumentLink.objects.filter(to_kind="receipt").exists()


def test_a_second_part_keeps_one_link(company, acme, clerk):
    invoice = make_invoice(company, acme)
    (item,) = items_of(invoice)
    receipt = enter_receipt(company, "119.00", acme)
    for part in ("100.00", "19.00"):
        apply_receipts([Choice(receipt.pk, [(item.pk, D(part))])], by=clerk)
    assert standing(invoice) == ("settled", 0)
    assert DocumentLink.objects.filter(to_kind="receipt").count() == 1


def test_taking_back_one_of_two_invoices_keeps_the_others_link(company, acme, clerk):
    invoices = [make_invoice(company, acme) for _ in range(2)]
    (receipt,) = paid_by(company, Paid("238.00", " ".join(i.number for i in invoices)))
    (item,) = items_of(invoices[0])
    wrong = Allocation.objects.get(debit_item=item)
    unapply_receipts([receipt.pk], by=clerk, allocation_ids=[wrong.pk])
    assert [standing(i)[0] for i in invoices] == ["issued", "settled"]
    assert [r.name for r in related("receipt", receipt.pk)] == [invoices[1].number]


def test_taking_back_one_of_two_instalments_keeps_the_link(company, clerk):
    customer = make_customer(company, terms="3PARTS")
    invoice = make_invoice(company, customer)
    receipt = enter_receipt(company, "119.00", customer)
    apply_receipts([Choice(receipt.pk, [(i.pk, i.amount) for i in items_of(invoice)])], by=clerk)
    first, *others = Allocation.objects.order_by("pk").values_list("pk", flat=True)
    unapply_receipts([receipt.pk], by=clerk, allocation_ids=[first])
    links = DocumentLink.objects.filter(from_kind="invoice", from_id=invoice.pk, role="paid_by")
    assert links.count() == 1
    unapply_receipts([receipt.pk], by=clerk, allocation_ids=others)
    assert links.count() == 0


def test_the_customer_reads_of_applying_and_of_taking_back(company, acme, clerk):
    item = items_of(make_invoice(company, acme))[0]
    receipt = enter_receipt(company, "119.00", acme)
    apply_receipts([Choice(receipt.pk, [(item.pk, item.amount)])], by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    told = [moment.verb for moment in timeline(company, "customer", acme.pk)]
    assert {"receipt.applied", "receipt.unapplied"} <= set(told)


def test_reversing_opens_it_again(company, acme, controller):
    invoice = make_invoice(company, acme)
    (receipt,) = paid_by(company, Paid("119.00", reference=invoice.payment_reference))
    reverse_receipts([receipt.pk], by=controller, reason="Bounced")
    assert standing(invoice) == ("issued", D("119"))


def test_the_statements_it_takes(company, acme, clerk):
    """By the worker and by hand, for one and for several; a payer not known yet costs one more."""
    rights(clerk).may("payments.apply", company.pk)  # read once for each request
    worker = cast.system()
    matched, applied, opening = [], [], 0
    for day, count in ((2, 1), (3, 4)):
        invoices = [make_invoice(company, acme) for _ in range(count)]
        paid = [Paid("119.00", reference=invoice.payment_reference) for invoice in invoices]
        ids = [r.pk for r in make_receipts(company, paid, opening=opening, on=date(2026, 3, day))]
        opening += 119 * count
        with statements() as found:
            match_receipts(ids, by=worker)
        matched.append(len(found))
        unapply_receipts(ids, by=clerk)
        choices = [
            Choice(pk, [(items_of(invoice)[0].pk, D("119.00"))])
            for pk, invoice in zip(ids, invoices, strict=True)
        ]
        with statements() as found:
            apply_receipts(choices, by=clerk)
        applied.append(len(found))
    assert matched == [18, 18]
    assert applied == [17, 17]  # one of them: what was a proposal is none any more


def test_the_worker_does_it_all(company, acme, clerk):
    """Statement in, nobody touches anything, invoice settled."""
    invoice = make_invoice(company, acme)
    make_statement(company, [Paid("119.00", reference=invoice.payment_reference)], by=clerk)
    work_off()
    assert standing(invoice) == ("settled", 0)
