"""The mailbox, failed deliveries, PDFs that wait."""

import pytest

from core.actions import action
from core.follow_ups import work_off
from documents import outbox, renderings
from documents.models import Message, Rendering
from documents.tasks import send_messages
from tests import cast
from tests.documents.smtp import mail_server
from tests.factories.invoicing import make_invoice


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def company(proved):
    return cast.make_company()


@pytest.fixture
def desk(client, company):
    client.force_login(cast.accountant(company))
    return client


@action
def queue_letter(company, invoice, to, *, by):
    source = ("invoice", invoice.pk, invoice.number)
    letter = outbox.Letter(source, "letter", to, f"About {invoice.number}", "Dear <b>all</b>")
    return list(Message.objects.filter(pk__in=outbox.queue_messages(company, [letter], by=by)))


@pytest.fixture
def failed(company, settings):
    """A mail that the server refused, with its PDF."""
    [row] = queue_letter(company, make_invoice(company), "gone@customer.example", by=cast.system())
    with mail_server(settings, refuse="gone@"):
        send_messages(company, [row.pk], cast.system())
    settings.EMAIL_HOST = ""
    return Message.objects.get(pk=row.pk)


def at(company, rest):
    return f"/{company.slug}/{rest}"


def test_the_mailbox_and_a_message(desk, company, failed):
    assert failed.subject in desk.get(at(company, "mail/")).content.decode()
    text = desk.get(at(company, f"mail/{failed.pk}")).content.decode()
    assert "no such user" in text
    assert "<b>all</b>" not in text
    assert f"{failed.source_name}.pdf" in text
    file = failed.files.get()
    assert desk.get(at(company, f"files/{file.pk}")).status_code == 200


def test_a_failed_delivery_is_sent_to_another_address(desk, company, failed):
    assert "no such user" in desk.get(at(company, "mail/failed")).content.decode()
    desk.post(at(company, f"mail/{failed.pk}/retry"), {"to": "bea@customer.example"})
    row = Message.objects.get(pk=failed.pk)
    assert (row.state, row.to) == ("queued", "bea@customer.example")
    send_messages(company, [row.pk], cast.system())
    assert "All done" in desk.get(at(company, "mail/failed")).content.decode()


def test_a_bad_address_is_refused(desk, company, failed):
    desk.post(at(company, f"mail/{failed.pk}/retry"), {"to": "a@b.example\nBcc: x@y.example"})
    assert Message.objects.get(pk=failed.pk).state == "failed"


def test_a_person_says_it_arrived(desk, company, failed):
    desk.post(at(company, f"mail/{failed.pk}/sent"))
    assert Message.objects.get(pk=failed.pk).state == "sent"


def test_several_are_queued_again(desk, company, failed):
    desk.post(at(company, "mail/retry"), {"ids": [failed.pk]})
    assert Message.objects.get(pk=failed.pk).state == "queued"
    send_messages(company, [failed.pk], cast.system())


def test_waiting_pdfs_show_the_remedy(desk, company, monkeypatch):
    invoice = make_invoice(company)

    def missing():
        raise renderings.PrinterMissing("PDFs wait: apt install libpango-1.0-0")

    with monkeypatch.context() as patched:
        patched.setattr(renderings, "_printer", missing)
        desk.post(at(company, f"invoices/{invoice.number}/pdf"))
    text = desk.get(at(company, "mail/pdfs")).content.decode()
    assert invoice.number in text
    assert "apt install libpango" in text
    ids = [Rendering.objects.get().pk]
    started = desk.post(at(company, "mail/pdfs/render"), {"ids": ids})
    work_off()
    assert Rendering.objects.get().state == "done"
    progress = desk.get(started.url).content.decode()
    assert "Make 1 PDF" in progress
    assert "Done" in progress
    assert "Make 1 PDF" in desk.get(at(company, "jobs/")).content.decode()


def test_a_job_that_fails_says_of_which_document_and_why(desk, company, monkeypatch):
    invoice = make_invoice(company)

    def broken(_page, _stylesheet):
        raise ValueError("no such colour")

    monkeypatch.setattr(renderings, "pdf", broken)
    desk.post(at(company, f"invoices/{invoice.number}/pdf"))
    ids = [Rendering.objects.get().pk]
    started = desk.post(at(company, "mail/pdfs/render"), {"ids": ids})
    assert "Stop" in desk.get(started.url).content.decode()
    work_off()
    progress = desk.get(started.url).content.decode()
    assert f"{invoice.number}: ValueError: no such colour" in progress


def test_mail_is_not_for_everyone(client, company, failed):
    for person, status in ((cast.auditor, 200), (cast.warehouse_hand, 403)):
        client.force_login(person(company))
        assert client.get(at(company, "mail/")).status_code == status
        assert client.post(at(company, f"mail/{failed.pk}/retry")).status_code == 403
    client.force_login(cast.stranger())
    assert client.get(at(company, f"mail/{failed.pk}")).status_code == 404
