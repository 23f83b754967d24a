"""What was issued is never changed or deleted, whoever writes; amounts keep to their currency."""

import pytest
from django.db import Error, connection, transaction

from invoicing.models import Billable, Instalment, Invoice, InvoiceLine, TaxGroup
from tests.factories.invoicing import credit, make_invoice

FROZEN = {
    "number": "INV-1", "net": 1, "tax": 1, "gross": 1, "issued_on": "2026-01-01",
    "due_on": "2026-01-01", "customer_reference": "x", "payment_reference": "x",
    "terms_text": "x", "currency": "USD", "seller": {}, "buyer": {}, "base_gross": 1,
    "base_tax": 1, "fx_rate": 2, "kind": "credit_note", "reason": "x",
}  # fmt: skip


def refused(deed):
    with pytest.raises(Error), transaction.atomic():
        deed()


@pytest.mark.parametrize("field", FROZEN)
def test_an_issued_document_is_frozen(company, field):
    row = Invoice.objects.filter(pk=make_invoice(company).pk)
    refused(lambda: row.update(**{field: FROZEN[field]}))


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_once_issued_it_never_goes_back(company, state):
    row = Invoice.objects.filter(pk=make_invoice(company).pk)
    with pytest.raises(Error, match="is issued; correct it by a credit note"), transaction.atomic():
        row.update(state=state)


def test_it_is_never_deleted(company):
    pk = make_invoice(company).pk
    with connection.cursor() as cursor:
        for table in ("invoiceline", "taxgroup", "instalment", "invoice"):
            column = "id" if table == "invoice" else "invoice_id"
            statement = f"DELETE FROM invoicing_{table} WHERE {column} = {pk}"
            refused(lambda statement=statement: cursor.execute(statement))


def test_its_lines_groups_and_instalments_stay(company):
    make_invoice(company)
    refused(lambda: InvoiceLine.objects.update(net=1))
    refused(lambda: TaxGroup.objects.update(tax=1))
    refused(lambda: Instalment.objects.update(amount=1))


def test_the_proofs_of_its_state_hold(company):
    row = Invoice.objects.filter(pk=make_invoice(company).pk)
    refused(lambda: row.update(state="settled"))
    refused(lambda: row.update(open_amount=0))
    refused(lambda: row.update(open_amount=120))
    refused(lambda: row.update(open_amount="1.001"))


def test_a_row_names_a_document_that_exists(company):
    invoice = make_invoice(company)
    row = InvoiceLine.objects.get()
    row.pk, row.invoice_id = None, 10**9
    refused(lambda: row.save(force_insert=True))
    group = TaxGroup.objects.get()
    group.pk, group.invoice_id = None, 10**9
    refused(lambda: group.save(force_insert=True))
    refused(lambda: Billable.objects.update(invoice=10**9))
    note, other = credit(invoice), make_invoice(company)
    wrong = note.lines.get()
    wrong.pk, wrong.position, wrong.corrects = None, 9, other.lines.get()
    refused(lambda: wrong.save(force_insert=True))


def test_a_source_is_billed_once(company):
    make_invoice(company)
    row = Billable.objects.get()
    row.pk = None
    refused(lambda: row.save(force_insert=True))
