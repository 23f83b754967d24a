"""Sending: PDFs are asked for, mail is queued once to each address the customer keeps."""

import pytest

from core import follow_ups
from core.models import FollowUp
from documents.models import Message, Rendering
from invoicing.actions import send_invoices
from invoicing.models import Invoice
from partners.drafts import ContactDraft
from partners.models import Contact
from tests import cast
from tests.factories.invoicing import credit, make_invoice
from tests.factories.orders import make_confirmed_order, ship
from tests.factories.partners import make_customer
from tests.refusals import code_of


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def test_a_mail_to_each_address_in_the_customer_s_language(company, clerk):
    contacts = [ContactDraft("a@acme.example", "A"), ContactDraft("b@acme.example", "B")]
    customer = make_customer(company, contacts=contacts, language="de")
    invoice = make_invoice(company, customer)
    send_invoices(company, [invoice.pk], by=clerk)
    mails = Message.objects.order_by("to")
    assert [mail.to for mail in mails] == ["a@acme.example", "b@acme.example"]
    assert invoice.number in mails[0].subject
    assert "119,00" in mails[0].body
    assert invoice.payment_reference in mails[0].body
    assert (mails[0].source_kind, mails[0].source_id) == ("invoice", invoice.pk)
    assert Rendering.objects.get().source_name == invoice.number


def test_what_ships_is_billed_printed_and_mailed(company):
    ship(make_confirmed_order(company))
    follow_ups.work_off()
    invoice = Invoice.objects.get()
    mail = Message.objects.get()
    assert (mail.state, mail.to) == ("sent", "invoices@customer.example")
    assert [file.title for file in mail.files.all()] == [f"{invoice.number}.pdf"]
    assert invoice.sent_at == mail.sent_at
    assert not FollowUp.objects.filter(done_at=None).exists()


def test_a_credit_note_is_mailed_too(company):
    note = credit(make_invoice(company))
    follow_ups.work_off()
    assert {m.source_name for m in Message.objects.all()} == {
        note.number,
        note.corrects.number,
    }


def test_sent_once(company, clerk, nothing_changes):
    invoice = make_invoice(company)
    send_invoices(company, [invoice.pk], by=clerk)
    with nothing_changes():
        assert code_of(send_invoices, company, [invoice.pk], by=clerk) == "mail.sent_already"
    assert Message.objects.count() == 1


def test_without_an_address_it_is_parked_for_a_person(company, clerk):
    customer = make_customer(company, contacts=[])
    lonely, other = make_invoice(company, customer), make_invoice(company)
    follow_ups.work_off()
    [parked] = FollowUp.objects.filter(parked_at__isnull=False)
    assert (parked.subject_id, "no address" in parked.reason) == (lonely.pk, True)
    assert Message.objects.get().source_name == other.number
    assert Rendering.objects.filter(source_id=lonely.pk).exists()
    assert code_of(send_invoices, company, [lonely.pk], by=clerk) == "mail.no_address"
    Contact.objects.create(partner=customer.partner, purpose="invoices", email="a@b.example")
    follow_ups.retry_follow_ups([parked.pk], by=clerk)
    follow_ups.work_off()
    assert Message.objects.filter(source_id=lonely.pk, state="sent").exists()


def test_a_customer_who_wants_its_order_number_is_asked_about(company, clerk):
    customer = make_customer(company)
    bare = make_invoice(company, customer)
    good = make_invoice(company, customer, customer_reference="PO 9")
    type(customer).objects.filter(pk=customer.pk).update(po_number_required=True)
    assert code_of(send_invoices, company, [bare.pk], by=clerk) == "mail.no_order_number"
    send_invoices(company, [good.pk], by=clerk)
    send_invoices(company, [bare.pk], by=clerk, confirmed=True)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("person", ["sales_rep", "warehouse_hand", "auditor"])
def test_only_those_who_may_send(company, person, nothing_changes):
    invoice = make_invoice(company)
    by = getattr(cast, person)(company)
    with nothing_changes():
        assert code_of(send_invoices, company, [invoice.pk], by=by) == "not_allowed"
    assert not Message.objects.exists()


def test_history_sends_no_mail(company):
    from core.events import history

    with history():
        ship(make_confirmed_order(company))
        follow_ups.work_off()
    follow_ups.work_off()
    assert Invoice.objects.count() == 1
    assert not Message.objects.exists()
