"""The printed invoice: its text says the figures, its code pays them, nothing can reach out."""

import re
import socket
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from pypdf import PdfReader

from catalog.units import UNITS, printed
from documents.files import read
from documents.runs import render_documents
from invoicing import giro
from invoicing.printing import sheets
from ledger.actions import add_bank_accounts
from ledger.drafts import BankAccountDraft
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.invoicing import credit, make_invoice
from tests.factories.partners import make_customer

D = Decimal
IBAN = "DE02120300000000202051"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def pages_of(invoice):
    [rendering] = render_documents(invoice.company, "invoice", [invoice.pk], by=cast.system())
    assert rendering.problem == ""
    return PdfReader(BytesIO(read(rendering.file))).pages


def text_of(invoice):
    text = " ".join(page.extract_text() for page in pages_of(invoice))
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


def with_bank(company):
    draft = BankAccountDraft("Hausbank", IBAN, "EUR", "BYLADEM1001", is_default=True)
    add_bank_accounts(company, [draft], by=cast.controller(company))


def test_it_says_what_the_law_wants(company):
    with_bank(company)
    customer = make_customer(company, "Acme & Söhne <GmbH>", vat_id="DE136695976")
    goods = [
        (make_product(company, "1234.5"), 3),
        (make_product(company, 5, tax_class="reduced"), 2),
    ]
    invoice = make_invoice(company, customer, goods, customer_reference="PO 77")
    text = text_of(invoice)
    for words in (
        invoice.number, "Nordwind GmbH", "Hafenstr. 1", "20457 Hamburg", "DE136695976",
        "Acme & Söhne <GmbH>", "Lindenallee 7", "10115 Berlin", "PO 77", customer.number,
        "1,234.50", "3,703.50", "3,713.50", "703.67", "0.70", "4,417.87 EUR", "19 %", "7 %",
        "DE02 1203 0000 0000 2020 51", "BYLADEM1001", "30 days net", "1 / 1",
    ):  # fmt: skip
        assert words in text, words
    assert invoice.payment_reference in text.replace(" ", "")


def test_it_speaks_the_language_of_the_customer(company):
    text = text_of(make_invoice(company, make_customer(company, language="de")))
    assert "119,00 EUR" in text
    for words in ("Rechnung INV-", "Rechnungsnummer", "Lieferdatum", "Gesamtbetrag", "Zahlbar bis"):
        assert words in text, words
    assert "30 days net" not in text  # the company's own words, in its own language


def test_a_credit_note_names_its_invoice_and_its_reason(company):
    invoice = make_invoice(company)
    text = text_of(credit(invoice, reason="Broken on arrival"))
    assert f"Credit note {credit_number(invoice)}" in text
    assert invoice.number in text
    assert "Broken on arrival" in text
    assert "Scan to pay" not in text


def credit_number(invoice):
    return invoice.number.replace("INV", "CN")


def test_supplies_across_the_border_say_why_there_is_no_tax(company):
    customer = make_customer(company, country="AT", vat_id="ATU13585627")
    text = text_of(make_invoice(company, customer))
    assert "ATU13585627" in text
    assert "intra-Community supply" in text


def test_instalments_are_listed(company):
    invoice = make_invoice(company, make_customer(company, terms="3PARTS"))
    text = text_of(invoice)
    for amount in ("35.70", "47.60"):
        assert amount in text
    assert "Scan to pay" not in text


def test_a_long_invoice_counts_its_pages(company):
    product = make_product(company, 1)
    pages = pages_of(make_invoice(company, make_customer(company), [(product, 1)] * 60))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page.extract_text()


def test_nothing_in_it_reaches_out(company, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a socket was opened")

    bad = '<img src="http://127.0.0.1:9/a.png"><link rel="stylesheet" href="file:///etc/passwd">'
    customer = make_customer(company, bad[:100])
    product = make_product(company, 10, name=bad)
    invoice = make_invoice(company, customer, [(product, 1)])
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = text_of(invoice)
    assert "<img" in text
    assert "root:" not in text


def test_the_code_for_the_bank_carries_the_transfer(company):
    with_bank(company)
    invoice = make_invoice(company)
    text = giro.payload("Nordwind GmbH", IBAN, "BYLADEM1001", D("119"), invoice.payment_reference)
    assert text.split("\n") == [
        "BCD", "002", "1", "SCT", "BYLADEM1001", "Nordwind GmbH", IBAN, "EUR119.00", "",
        invoice.payment_reference,
    ]  # fmt: skip
    assert len(text.encode()) <= 331
    sheet = sheets(company, [invoice.pk])[invoice.pk]
    assert str(sheet.context["giro"]).startswith("<svg")
    assert str(sheet.context["giro"]) == str(giro.drawing(text))


def test_many_sheets_cost_the_same(company, django_assert_max_num_queries):
    ids = [make_invoice(company).pk for _ in range(4)]
    with django_assert_max_num_queries(7):
        sheets(company, ids)


def test_what_is_compiled_says_what_is_written():
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po
    from django.apps import apps

    folder = Path(apps.get_app_config("invoicing").path) / "locale/de/LC_MESSAGES"
    with (folder / "django.po").open("rb") as text, (folder / "django.mo").open("rb") as compiled:
        written, used = read_po(text), read_mo(compiled)
    assert {m.id: m.string for m in written if m.id} == {m.id: m.string for m in used if m.id}


@pytest.mark.parametrize("code", UNITS)
def test_every_unit_prints_as_a_word_or_a_symbol(code):
    """No code of the recommendation on a customer's page, and no English word on a German one."""
    word = printed(code)
    assert word != code
    with translation.override("de"):
        assert len(word) <= 3 or printed(code) != word
