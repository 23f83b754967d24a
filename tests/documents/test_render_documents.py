"""PDFs: drawn from our own files only, between transactions, once per document."""

import socket
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from core import clock
from core.actions import action
from core.follow_ups import work_off
from core.jobs import end_job, note_progress, stop_job
from core.models import Company, FollowUp, Job
from core.refusals import Refused
from documents import renderings
from documents.actions import ask_renderings
from documents.files import read
from documents.models import Rendering, StoredFile
from documents.renderings import BASE, Print, Sheet
from documents.runs import render_documents
from documents.tasks import sweep
from tests import cast

pytestmark = pytest.mark.django_db
CSS = "print/invoice.css"

HOSTILE = """
<html><head>
  <link rel="stylesheet" href="http://127.0.0.1:9/x.css">
  <link rel="attachment" href="file:///etc/passwd">
  <style>@import url(http://127.0.0.1:9/y.css); @import url(file:///etc/passwd);
  @font-face { font-family: x; src: url(http://127.0.0.1:9/f.woff) }
  body { background: url(http://127.0.0.1:9/z.png); font-family: x }</style></head>
<body><p>before</p>
  <img src="http://127.0.0.1:9/a.png"><img src="file:///etc/passwd">
  <img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/b'/></svg>">
  <img src="//127.0.0.1:9/c.png"><img src="../../../../etc/passwd">
  <img src="print/../../o2c/settings.py">
  <svg><image href="http://127.0.0.1:9/d.png"/><use href="file:///etc/passwd#x"/></svg>
  <object data="http://127.0.0.1:9/e.html"></object><iframe src="http://127.0.0.1:9/"></iframe>
<p>after</p></body></html>
"""


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme", name="Acme", legal_name="Acme GmbH", country="DE", currency="EUR"
    )


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def letters(monkeypatch):
    """Documents of a kind `letter`, printed with the template given."""
    template = {"name": "mail/plain.html"}
    monkeypatch.setitem(
        renderings.PRINTS,
        "letter",
        Print("x", CSS, lambda _c, ids: {pk: Sheet(f"L-{pk}", "en", {"n": pk}) for pk in ids}),
    )
    monkeypatch.setattr(
        renderings,
        "render_to_string",
        lambda _name, context: template.get("html", f"<p>Letter {context['n']}</p>"),
    )
    return template


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_hostile_content_reaches_nothing(monkeypatch):
    no_network(monkeypatch)
    opened = []
    own_file = renderings.own_file
    monkeypatch.setattr(renderings, "own_file", lambda url: opened.append(url) or own_file(url))
    content = renderings.pdf(HOSTILE, CSS)
    text = text_of(content)
    assert "before" in text
    assert "after" in text
    assert "root:" not in text
    assert b"root:x" not in content
    assert PdfReader(BytesIO(content)).attachments == {}
    assert any("127.0.0.1" in url for url in opened)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.png",
        "file:///etc/passwd",
        "data:text/plain,x",
        BASE + "../o2c/settings.py",
        BASE + "/etc/passwd",
        BASE + "nothing.css",
        "ftp://x/y",
    ],
)
def test_only_own_static_files_are_given(url):
    with pytest.raises(Exception, match=r"own static files|outside|base path"):
        renderings.own_file(url)
    assert renderings.own_file(BASE + CSS).name == "invoice.css"


def test_a_document_is_drawn_once(company, letters):
    first = render_documents(company, "letter", [1, 2], by=cast.system())
    assert [(r.source_id, r.state, r.file.title) for r in first] == [
        (1, "done", "L-1.pdf"),
        (2, "done", "L-2.pdf"),
    ]
    assert "Letter 1" in text_of(read(first[0].file))
    letters["html"] = "<p>changed</p>"
    [again] = render_documents(company, "letter", [1], by=cast.system())
    assert again.file_id == first[0].file_id


def test_one_that_cannot_be_drawn_fails_alone(company, letters, monkeypatch):
    draw = renderings.pdf

    def broken(page, stylesheet):
        if "Letter 2" in page:
            raise ValueError("no such colour")
        return draw(page, stylesheet)

    monkeypatch.setattr(renderings, "pdf", broken)
    rows = render_documents(company, "letter", [1, 2, 3], by=cast.system())
    assert [(r.state, r.problem) for r in rows] == [
        ("done", ""),
        ("failed", "ValueError: no such colour"),
        ("done", ""),
    ]
    monkeypatch.setattr(renderings, "pdf", draw)
    [row] = render_documents(company, "letter", [2], by=cast.system())
    assert (row.state, row.problem) == ("done", "")


def test_without_pango_it_waits_and_says_what_to_do(company, letters, monkeypatch):
    def missing():
        raise renderings.PrinterMissing("PDFs wait: apt install libpango-1.0-0")

    monkeypatch.setattr(renderings, "_printer", missing)

    @action
    def ask_renderings(*, by):
        renderings.ask(company, "letter", [(1, "L-1")])

    ask_renderings(by=cast.system())
    [row] = render_documents(company, "letter", [1], by=cast.system())
    assert (row.state, row.problem) == ("waiting", "PDFs wait: apt install libpango-1.0-0")
    monkeypatch.undo()


def test_nothing_is_drawn_inside_a_deed(company, letters):
    @action
    def draw_letters(*, by):
        list(renderings.draw(company, "letter", [1]))

    with pytest.raises(RuntimeError, match="between transactions"):
        draw_letters(by=cast.system())


def test_asking_twice_asks_once(company):
    @action
    def ask_renderings(*, by):
        renderings.ask(company, "letter", [(1, "L-1"), (2, "L-2")])

    ask_renderings(by=cast.system())
    ask_renderings(by=cast.system())
    assert Rendering.objects.count() == 2


# --- in the background, as a job -----------------------------------------------------------------


@action
def ask_letters(company, ids, *, by):
    renderings.ask(company, "letter", [(pk, f"L-{pk}") for pk in ids])


def asked(company, numbers, *, by):
    """A job for PDFs of these letters, which nobody has drawn yet."""
    ask_letters(company, numbers, by=cast.system())
    ids = Rendering.objects.filter(source_id__in=numbers).values_list("pk", flat=True)
    return ask_renderings(company, list(ids), by=by)


def told(job):
    job.refresh_from_db()
    return job.words, job.done, job.refused, job.total, job.report


@pytest.fixture
def clerk(company):
    return cast.accountant(company)


def test_a_job_draws_all_and_says_so(company, letters, clerk):
    job = asked(company, range(1, 46), by=clerk)
    assert told(job) == ("Running", 0, 0, 45, [])
    assert job.title == "Make 45 PDFs"
    work_off()
    assert told(job) == ("Done", 45, 0, 45, [])
    assert Rendering.objects.filter(state="done").count() == 45
    assert set(StoredFile.objects.values_list("created_by", flat=True)) == {clerk.pk}


def test_one_bad_document_is_in_the_report_and_the_rest_is_made(
    company, letters, clerk, monkeypatch
):
    draw = renderings.pdf

    def broken(page, stylesheet):
        if "Letter 2" in page:
            raise ValueError("no such colour")
        return draw(page, stylesheet)

    monkeypatch.setattr(renderings, "pdf", broken)
    job = asked(company, [1, 2, 3], by=clerk)
    work_off()
    assert told(job) == ("Done", 2, 1, 3, ["L-2: ValueError: no such colour"])
    monkeypatch.setattr(renderings, "pdf", draw)
    again = asked(company, [1, 2, 3], by=clerk)
    work_off()
    assert told(again) == ("Done", 1, 0, 1, [])


def test_a_stopped_job_ends_after_the_chunk_at_hand(company, letters, clerk, monkeypatch):
    job = asked(company, range(1, 46), by=clerk)
    draw = renderings.pdf

    def stop_meanwhile(page, stylesheet):
        if "Letter 25" in page:
            stop_job(job.pk, by=clerk)
        return draw(page, stylesheet)

    monkeypatch.setattr(renderings, "pdf", stop_meanwhile)
    work_off()
    assert told(job) == ("Stopped", 40, 0, 45, [])
    assert Rendering.objects.filter(state="waiting").count() == 5


def test_a_job_whose_worker_died_is_ended(company, letters, clerk):
    job = asked(company, range(1, 46), by=clerk)
    FollowUp.objects.update(
        done_at=clock.now()
    )  # the first chunk was made, then the light went out
    note_progress(job, 20)
    sweep()
    assert told(job) == ("Running", 20, 0, 45, [])
    Job.objects.update(heard_at=clock.now() - timedelta(minutes=11))
    sweep()
    assert told(job) == (
        "Stopped",
        20,
        0,
        45,
        ["The program stopped while it worked on this. Start it again for what is left."],
    )


def test_a_job_that_nobody_has_begun_waits_for_the_worker(company, letters, clerk):
    """The broker was down: the follow-up is there, however long it takes."""
    job = asked(company, [1, 2], by=clerk)
    Job.objects.update(heard_at=clock.now() - timedelta(hours=2))
    sweep()
    assert told(job)[0] == "Running"
    work_off()
    assert told(job) == ("Done", 2, 0, 2, [])


def test_a_job_that_was_ended_meanwhile_is_left_alone(company, letters, clerk):
    job = asked(company, [1, 2], by=clerk)
    end_job(job)
    work_off()
    assert told(job) == ("Stopped", 0, 0, 2, [])


def test_only_those_who_may_send_start_it(company, letters, clerk):
    asked(company, [1], by=clerk)
    ids = [Rendering.objects.get().pk]
    with pytest.raises(Refused) as refused:
        ask_renderings(company, ids, by=cast.auditor(company))
    assert refused.value.code == "not_allowed"
    work_off()
    with pytest.raises(Refused) as refused:
        ask_renderings(company, ids, by=clerk)
    assert refused.value.message == "Tick at least one PDF that is not there yet."
    assert Job.objects.count() == 1
