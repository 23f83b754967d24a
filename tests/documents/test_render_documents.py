"""PDFs: drawn from our own files only, between transactions, once per document."""

import socket
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.actions import action
from core.models import Company
from documents import renderings
from documents.actions import render_documents
from documents.files import read
from documents.models import Rendering
from documents.renderings import BASE, Print, Sheet
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
