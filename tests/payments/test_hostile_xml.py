"""Hostile and broken files: refused in words, within two seconds, without a look anywhere else."""

import socket
import time

import pytest

from core.refusals import Refused
from payments.statements import camt, xml
from tests.factories.payments import Paid, make_camt

CAMT = 'xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"'
LAUGHS = "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(12)
)  # fmt: skip
HOSTILE = {
    "billion laughs": f"<!DOCTYPE d [{LAUGHS}]><Document {CAMT}>&l11;</Document>",
    "quadratic": f'<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]><d {CAMT}>{"&a;" * 50_000}</d>',
    "file": f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d {CAMT}>&x;</d>',
    "network": f'<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]><d {CAMT}>&x;</d>',
    "external dtd": f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><d {CAMT}/>',
    "parameter entity": f'<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><d {CAMT}/>',
    "empty dtd": f"<!DOCTYPE d><Document {CAMT}/>",
}
BROKEN = {
    "deep": (f"<Document {CAMT}>" + "<a>" * 1_000_000, "too_deep"),
    "cut off": (make_camt([Paid("1.00")]).decode()[:-30], "not_xml"),
    "empty": ("  \n", "empty"),
    "text": ("Buchung;Betrag\n1;2", "not_xml"),
    "nul": ("<Document>\0</Document>", "not_xml"),
    "html": ("<html><body>Please log in</body></html>", "not_camt"),
    "unknown entity": (f"<Document {CAMT}>&nbsp;</Document>", "not_xml"),
    "undeclared prefix": ("<x:Document/>", "not_xml"),
    "no statement": (f"<Document {CAMT}><BkToCstmrStmt/></Document>", "no_statement"),
    "xinclude": (
        f'<d {CAMT}><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></d>',
        "no_statement",
    ),
    "utf-7": ('<?xml version="1.0" encoding="UTF-7"?>+ADw-d/+AD4-', "not_xml"),
    "unknown encoding": ('<?xml version="1.0" encoding="klingon"?><d/>', "not_xml"),
    "packed": ("PK\x03\x04....", "packed"),
}


@pytest.fixture(autouse=True)
def within_two_seconds_and_offline(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("reading a statement reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < 2


def refusal(content):
    with pytest.raises(Refused) as raised:
        camt.read(content.encode() if isinstance(content, str) else content)
    return raised.value


@pytest.mark.parametrize("name", HOSTILE)
def test_document_types_and_entities_are_refused(name):
    assert refusal(HOSTILE[name]).code == "statement.dtd"


@pytest.mark.parametrize("name", HOSTILE)
def test_in_other_encodings_too(name):
    assert refusal(HOSTILE[name].encode("utf-16")).code == "statement.dtd"


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused(name):
    content, code = BROKEN[name]
    problem = refusal(content)
    assert problem.code == f"statement.{code}"
    assert problem.message.endswith(".")


def test_a_file_beyond_the_limit_is_not_read(monkeypatch):
    monkeypatch.setattr(xml, "MOST_BYTES", 2**20)
    assert refusal(b"<" * (2**20 + 1)).code == "statement.too_big"


def test_more_entries_than_the_limit(monkeypatch):
    monkeypatch.setattr(camt, "MOST_LINES", 3)
    problem = refusal(make_camt([Paid("1.00")] * 4))
    assert problem.code == "statement.too_many"


def test_other_encodings_are_read():
    text = make_camt([Paid("1.00", name="Müller")]).decode()
    for encoding in ("utf-16", "iso-8859-1", "windows-1252"):
        content = text.replace("UTF-8", encoding).encode(encoding)
        ((line,),) = [s.lines for s in camt.read(content)]
        assert line.counterparty == "Müller"
