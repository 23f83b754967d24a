"""Mail: queued in a deed, sent between two, never twice without a person's word."""

import email
from datetime import timedelta

import pytest

from core import clock
from core.actions import action
from core.models import Company, Event, FollowUp
from core.refusals import Refused
from documents import actions, outbox, renderings
from documents.models import Message, Rendering
from documents.outbox import Letter
from documents.renderings import Print, Sheet
from documents.tasks import send_messages, sweep
from tests import cast
from tests.documents.smtp import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme",
        name="Acme",
        legal_name="Acme GmbH",
        country="DE",
        currency="EUR",
        email="office@acme.example",
    )


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def printed(monkeypatch):
    """Documents of the kind `letter` have a PDF."""
    how = Print(
        "x", "print/invoice.css", lambda _c, ids: {i: Sheet(f"L-{i}", "en", {}) for i in ids}
    )
    monkeypatch.setitem(renderings.PRINTS, "letter", how)
    monkeypatch.setattr(renderings, "render_to_string", lambda _name, _context: "<p>Dear all</p>")


def letter(number=1, to="bea@customer.example", **fields):
    usual = {"purpose": "letter", "subject": f"Letter L-{number}", "body": "Dear all"}
    return Letter(source=("letter", number, f"L-{number}"), to=to, **{**usual, **fields})


@action
def queue_letters(company, letters, *, by):
    return list(Message.objects.filter(pk__in=outbox.queue_messages(company, letters, by=by)))


def queued(company, *letters):
    return [row.pk for row in queue_letters(company, letters or [letter()], by=cast.system())]


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_without_a_server_mail_stays_in_the_mailbox(company):
    ids = queued(company)
    send_messages(company, ids, cast.system())
    [row] = Message.objects.all()
    assert (row.state, row.to, row.subject) == ("sent", "bea@customer.example", "Letter L-1")
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["message.queued", "message.sent"]
    assert FollowUp.objects.filter(handler="documents.tasks.send_messages").count() == 1


def test_it_goes_to_the_server_with_its_pdf(company, settings, printed):
    ids = queued(company)
    with mail_server(settings) as server:
        send_messages(company, ids, cast.system())
    [raw] = server.mails
    mail = email.message_from_bytes(raw)
    assert states() == ["sent"]
    assert mail["To"] == "bea@customer.example"
    assert mail["Reply-To"] == "office@acme.example"
    assert mail["From"].startswith("Acme <")
    assert mail["Message-ID"] == Message.objects.get().message_id
    assert [part.get_filename() for part in mail.walk()] == [None, None, "L-1.pdf"]
    assert [file.title for file in Message.objects.get().files.all()] == ["L-1.pdf"]


def test_sending_again_sends_nothing(company, settings):
    ids = queued(company)
    with mail_server(settings) as server:
        send_messages(company, ids, cast.system())
        send_messages(company, ids, cast.system())
    assert len(server.mails) == 1


def test_one_refused_address_harms_nobody_else(company, settings):
    ids = queued(company, letter(1), letter(2, to="gone@customer.example"), letter(3))
    with mail_server(settings, refuse="gone@") as server:
        send_messages(company, ids, cast.system())
    assert states() == ["sent", "failed", "sent"]
    assert "no such user" in Message.objects.get(state="failed").problem
    assert len(server.mails) == 2


def test_nobody_sees_who_else_got_it(company, settings):
    ids = queued(company, letter(1), letter(1, to="carl@customer.example"))
    with mail_server(settings) as server:
        send_messages(company, ids, cast.system())
    for raw in server.mails:
        assert raw.count(b"@customer.example") == 1


def test_a_line_that_breaks_leaves_doubt_and_no_second_mail(company, settings):
    ids = queued(company, letter(1), letter(2))
    with mail_server(settings, hang_up=True) as server:
        send_messages(company, ids, cast.system())
        assert states() == ["uncertain", "uncertain"]
        Message.objects.update(queued_at=clock.now() - timedelta(hours=1))
        sweep()
    assert len(server.mails) == 2
    assert states() == ["uncertain", "uncertain"]


def test_an_absent_server_is_tried_again_and_then_given_up(company, settings):
    ids = queued(company)
    with mail_server(settings):
        pass
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        send_messages(company, ids, cast.system())
        row = Message.objects.get()
        assert row.attempts == attempt
        assert "cannot be reached" in row.problem
        assert row.state == ("queued" if attempt < outbox.MOST_ATTEMPTS else "failed")


def test_a_server_that_says_later_is_asked_again_later_and_later(company, settings):
    ids = queued(company)
    with mail_server(settings, refuse="bea@", answer="451 greylisted, come back"):
        send_messages(company, ids, cast.system())
    row = Message.objects.get()
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.problem.startswith("The mail server does not take it now: ")
    assert "451" in row.problem
    with mail_server(settings) as server:
        for minutes, sent in ((3, 0), (5, 1)):
            then = clock.now() - timedelta(minutes=minutes)
            Message.objects.update(queued_at=then, sending_since=then)
            sweep()
            assert len(server.mails) == sent
    assert states() == ["sent"]


def test_the_sweep_sends_what_a_dead_worker_left(company):
    queued(company)
    sweep()
    assert states() == ["queued"]
    Message.objects.update(queued_at=clock.now() - timedelta(minutes=3))
    sweep()
    assert states() == ["sent"]


def test_a_worker_that_died_while_sending_leaves_doubt(company):
    ids = queued(company)
    actions.start_messages(company, ids, by=cast.system())
    sweep()
    assert states() == ["sending"]
    Message.objects.update(sending_since=clock.now() - timedelta(hours=1))
    sweep()
    assert states() == ["uncertain"]
    assert "stopped while it was sent" in Message.objects.get().problem


def test_mail_waits_for_its_pdf(company, printed, monkeypatch):
    def missing():
        raise renderings.PrinterMissing("PDFs wait: install pango")

    ids = queued(company)
    with monkeypatch.context() as patched:
        patched.setattr(renderings, "_printer", missing)
        send_messages(company, ids, cast.system())
    row = Message.objects.get()
    assert (row.state, row.problem) == ("queued", "PDFs wait: install pango")
    assert Rendering.objects.get().state == "waiting"
    send_messages(company, ids, cast.system())
    assert states() == ["sent"]


def test_queued_once_per_document_purpose_and_reader(company):
    assert len(queued(company, letter(), letter())) == 1
    assert queued(company, letter()) == []
    assert len(queued(company, letter(to="carl@customer.example"))) == 1
    assert len(queued(company, letter(purpose="reminder"))) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "no address"}, "mail.address"),
        ({"to": "a@b.example\r\nBcc: eve@evil.example"}, "mail.address"),
        ({"to": "a@b.example, c@d.example"}, "mail.address"),
        ({"subject": "Hello\r\nBcc: eve@evil.example"}, "mail.subject"),
        ({"subject": "Hello\0"}, "mail.subject"),
    ],
)
def test_what_would_break_a_header_is_refused(company, fields, code):
    with pytest.raises(Refused) as refused:
        queued(company, letter(), letter(2, **fields))
    assert refused.value.code == code
    assert not Message.objects.exists()


def test_a_person_sends_a_failed_mail_again(company, settings):
    ids = queued(company, letter(to="gone@customer.example"))
    clerk = cast.accountant(company)
    with mail_server(settings, refuse="gone@") as server:
        send_messages(company, ids, cast.system())
        [row] = actions.retry_messages(ids, by=clerk, to="bea@customer.example")
        assert (row.state, row.to, row.attempts) == ("queued", "bea@customer.example", 0)
        send_messages(company, ids, cast.system())
    assert states() == ["sent"]
    assert len(server.mails) == 1


def refused_by_server(company, settings, *letters):
    with mail_server(settings, refuse="gone@"):
        send_messages(company, queued(company, *letters), cast.system())
    return list(Message.objects.filter(state="failed").values_list("pk", flat=True))


def test_an_address_that_has_the_mail_already_is_refused(company, settings):
    failed = refused_by_server(company, settings, letter(to="gone@customer.example"), letter())
    with pytest.raises(Refused) as refused:
        actions.retry_messages(failed, by=cast.accountant(company), to="Bea@customer.example")
    assert refused.value.code == "mail.there_already"
    assert refused.value.message == (
        "L-1 was mailed to Bea@customer.example already. "
        "Enter another address, or say that it was sent."
    )
    assert states() == ["failed", "sent"]


def test_two_mails_about_one_document_do_not_go_to_one_address(company, settings):
    two = (letter(to="gone@customer.example"), letter(to="gone@other.example"))
    failed = refused_by_server(company, settings, *two)
    with pytest.raises(Refused) as refused:
        actions.retry_messages(failed, by=cast.accountant(company), to="carl@customer.example")
    assert refused.value.code == "mail.there_already"
    assert states() == ["failed", "failed"]


def test_a_readdressed_mail_leaves_the_old_address_free(company, settings):
    failed = refused_by_server(company, settings, letter(to="gone@customer.example"))
    actions.retry_messages(failed, by=cast.accountant(company), to="bea@customer.example")
    assert len(queued(company, letter(to="gone@customer.example"))) == 1
    assert queued(company, letter(to="BEA@customer.example")) == []


def test_a_person_says_that_it_arrived(company, settings):
    ids = queued(company)
    with mail_server(settings, hang_up=True):
        send_messages(company, ids, cast.system())
    [row] = actions.mark_messages_sent(ids, by=cast.accountant(company))
    assert row.state == "sent"
    with pytest.raises(Refused, match="not possible"):
        actions.mark_messages_sent(ids, by=cast.accountant(company))


def test_only_those_who_may_send_decide(company, settings):
    ids = queued(company)
    for person in (cast.auditor(company), cast.stranger(), cast.sales_rep(company)):
        with pytest.raises(Refused):
            actions.retry_messages(ids, by=person)
        with pytest.raises(Refused):
            actions.mark_messages_sent(ids, by=person)
    assert states() == ["queued"]


def test_a_rolled_back_deed_sends_nothing(company):
    @action
    def fail_after_queueing(*, by):
        outbox.queue_messages(company, [letter()], by=by)
        raise Refused("no", "no")

    with pytest.raises(Refused):
        fail_after_queueing(by=cast.system())
    assert not Message.objects.exists()
    assert not FollowUp.objects.exists()


def test_statements_do_not_grow_with_the_set(company, django_assert_max_num_queries):
    by = cast.system()
    ids = queued(company, *(letter(i) for i in range(1, 21)))
    with django_assert_max_num_queries(25):
        send_messages(company, ids, by)
    assert states() == ["sent"] * 20
