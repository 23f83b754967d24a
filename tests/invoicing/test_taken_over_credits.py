"""Credits and payments taken over from the system before are used up like credit notes."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from core import clock
from core.models import DocumentLink
from invoicing.actions import CreditUse, apply_credits, unapply_credits
from ledger.actions import take_over_open_items
from ledger.drafts import ItemDraft
from ledger.models import Allocation, OpenItem
from partners.models import Exposure
from tests import cast
from tests.factories.invoicing import credit, items_of, make_invoice
from tests.factories.partners import make_customer, make_supplier
from tests.invoicing.test_settlement import pay
from tests.refusals import code_of, verbs

START = date(2026, 1, 1)
D = Decimal


def take_over(customer, document, amount):
    due = clock.today(customer.company)
    draft = ItemDraft(document, due, "EUR", D(amount), customer=customer.number)
    (row,) = take_over_open_items(customer.company, [draft], on=START, by=cast.system())
    return row


@pytest.fixture
def customer(company):
    return make_customer(company)


def open_amounts(*rows):
    return [OpenItem.objects.get(pk=row.pk).open_amount for row in rows]


def figures(customer):
    row = Exposure.objects.get(credit_account=customer.credit_account)
    return row.receivable, row.unapplied


def test_a_payment_taken_over_settles_an_invoice_and_an_item_and_is_taken_back(
    company, clerk, customer
):
    payment, older = take_over(customer, "RC-17", -50), take_over(customer, "R-1", 20)
    invoice = make_invoice(company, customer)
    (owed,) = items_of(invoice)
    use = CreditUse(payment.pk, {older.pk: D(20), owed.pk: D(30)})
    apply_credits(company, [use], by=clerk)
    assert open_amounts(payment, older, owed) == [0, 0, 89]
    assert figures(customer) == (89, 0)
    assert verbs(company)[-1] == "item.applied"
    assert not DocumentLink.objects.filter(role="settled_by").exists()
    unapply_credits(company, Allocation.objects.values_list("pk", flat=True), by=clerk)
    assert open_amounts(payment, older, owed) == [50, 20, 119]
    assert figures(customer) == (139, 50)
    assert verbs(company)[-1] == "item.unapplied"


def test_a_credit_note_settles_an_item_taken_over(company, clerk, customer):
    older, paid = take_over(customer, "R-1", 20), make_invoice(company, customer)
    pay(paid, 119)
    (left,) = items_of(credit(paid))
    apply_credits(company, [CreditUse(left.pk, {older.pk: D(20)})], by=clerk)
    assert open_amounts(left, older) == [99, 0]


def test_what_is_owed_and_what_a_supplier_has_are_no_credits(company, clerk, customer):
    owed, other = take_over(customer, "R-1", 20), take_over(customer, "R-2", 20)
    draft = ItemDraft("S-1", START, "EUR", D(300), supplier=make_supplier(company).number)
    (payable,) = take_over_open_items(company, [draft], on=START, by=cast.system())
    for row in (owed, payable):
        use = CreditUse(row.pk, {other.pk: D(1)})
        assert code_of(apply_credits, company, [use], by=clerk) == "credit.no_note"


def test_its_page_applies_it_and_takes_it_back(company, clerk, customer):
    payment, older = take_over(customer, "RC-17", -50), take_over(customer, "R-1", 80)
    desk = Client()
    desk.force_login(clerk)
    page = f"/{company.slug}/books/items/{payment.pk}"
    assert f'href="{page}/apply"' in desk.get(page).content.decode()
    asked = desk.get(f"{page}/apply")
    assert asked.context["form"][f"item_{older.pk}"].initial == 50
    shown = desk.post(f"{page}/apply", {f"item_{older.pk}": "50"}, follow=True).content.decode()
    assert "RC-17 is applied." in shown
    assert "Nothing is left of it." in shown
    assert "no longer settle R-1" in shown
    of_older = desk.get(f"/{company.slug}/books/items/{older.pk}").content.decode()
    assert f'<a href="{page}">RC-17</a>' in of_older
    back = f"{page}/unapply?allocation={Allocation.objects.get().pk}"
    assert "RC-17 is taken back from R-1." in desk.post(back, follow=True).content.decode()
    assert open_amounts(payment, older) == [50, 80]
    assert desk.get(f"/{company.slug}/books/items/{older.pk}/apply").status_code == 409
