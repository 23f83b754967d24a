"""The document's own open amount and state follow its open items."""

from decimal import Decimal

import pytest

from core import clock
from core.actions import action
from invoicing import settlement
from invoicing.models import Invoice
from ledger.models import AccountRole, Allocation, Side
from ledger.settlement import TouchedItem
from payments.actions import apply_receipts, unapply_receipts
from payments.actions.application import Choice
from tests import cast
from tests.factories.invoicing import make_invoice
from tests.factories.partners import make_customer
from tests.factories.payments import enter_receipt


def pay(invoice, *amounts):
    """Parts of an invoice's instalments, by one receipt of today."""
    today = clock.today(invoice.company)
    receipt = enter_receipt(invoice.company, sum(amounts), invoice.customer, on=today)
    items = invoice.instalments.values_list("open_item_id", flat=True)
    parts = [(item, Decimal(part)) for item, part in zip(items, amounts, strict=False) if part]
    apply_receipts([Choice(receipt.pk, parts)], by=cast.system())
    return receipt


def state(invoice):
    row = Invoice.objects.get(pk=invoice.pk)
    return row.state, row.open_amount


def test_part_then_all(company):
    invoice = make_invoice(company)
    pay(invoice, 19)
    assert state(invoice) == ("issued", 100)
    pay(invoice, 100)
    assert state(invoice) == ("settled", 0)


def test_several_instalments_in_one_statement(company):
    invoice = make_invoice(company, make_customer(company, terms="3PARTS"))
    parts = list(invoice.instalments.values_list("amount", flat=True))
    pay(invoice, *parts)
    assert state(invoice) == ("settled", 0)


def test_taken_back_it_is_open_again(company):
    invoice = make_invoice(company)
    receipt = pay(invoice, 119)
    unapply_receipts([receipt.pk], by=cast.accountant(company))
    assert state(invoice) == ("issued", 119)
    assert Allocation.objects.count() == 2


def test_what_is_no_document_of_ours_is_left_alone(company):
    """An item taken over has the id of an invoice by chance."""
    invoice, customer = make_invoice(company), make_customer(company)
    item = TouchedItem(
        1, AccountRole.AR_CONTROL, Side.DEBIT, "open_item", invoice.pk, "OLD-1", 1, customer.pk,
        None, "EUR", Decimal(-19), Decimal(0),
    )  # fmt: skip

    @action
    def touch(*, by):
        settlement.apply([item])

    touch(by=cast.system())
    assert state(invoice) == ("issued", 119)


def test_it_is_a_step():
    with pytest.raises(RuntimeError, match="inside"):
        settlement.apply([])
