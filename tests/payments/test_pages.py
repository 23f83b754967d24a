"""The pages of payments: who sees them, what they cost, and the deeds through their forms."""

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import RefusedAttempt
from ledger.models import Allocation, OpenItem
from partners.models import PartnerBankAccount
from payments.actions import Choice, apply_receipts, identify_payer, match_receipts
from payments.models import BankStatement, BankTransaction, Receipt
from payments.wording import kind_of
from tests import cast
from tests.factories.invoicing import make_invoice
from tests.factories.partners import make_customer
from tests.factories.payments import (
    Paid,
    enter_receipt,
    make_bank_account,
    make_camt,
    make_receipts,
    make_statement,
    owe,
    owe_all,
    work_off,
)
from tests.payments.counting import statements

D = Decimal
LIST, DETAIL = 15, 25


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def as_controller(client, controller):
    client.force_login(controller)
    return client


def url(name, company, *args):
    return reverse(f"payments:{name}", args=[company.slug, *args])


def post(client, address, **fields):
    fields.setdefault("idempotency_key", str(uuid4()))
    return client.post(address, fields, follow=True)


def text_of(response):
    without = re.sub(
        r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(without.split())


@pytest.fixture
def some(company, acme, bolt):
    """A statement with a match, a proposal, a known payer, a stranger and a fee."""
    owe(acme, "100.00", "OLD-1", reference="R1111")
    owe(acme, "50.00", "OLD-2")
    owe(bolt, "70.00", "OLD-3")
    paid = [
        Paid("100.00", reference="R1111", name="Acme GmbH"),
        Paid("45.00", "OLD-2 abzgl. Skonto", name="Acme GmbH", iban="DE89370400440532013000"),
        Paid("10.00", "Danke", name="Bolt & Söhne KG"),
        Paid("999.00", "wie besprochen", name="H. Unknown", iban="FR7630006000011234567890189"),
        Paid("-12.50", "Kontoführung", name="Bank"),
    ]
    statement = make_statement(company, paid, opening="1000.00", statement_id="2026-61")
    work_off()
    return statement


def test_every_page_opens(company, some, as_clerk):
    receipt = Receipt.objects.filter(finding="b_proposed").get()
    fee = BankTransaction.objects.get(amount__lt=0)
    pages = [
        url("accounts", company),
        url("statements", company),
        url("statement", company, some.name),
        url("upload", company),
        url("transactions", company),
        url("transaction", company, fee.name),
        url("book", company, fee.name),
        url("set_aside", company, fee.name),
        url("worklist", company),
        url("receipts", company),
        url("new_receipt", company),
        url("receipt", company, receipt.name),
        url("identify", company, receipt.name),
    ]
    for page in pages:
        assert as_clerk.get(page).status_code == 200, page


@pytest.mark.parametrize(
    "name", ["accounts", "statements", "transactions", "worklist", "receipts", "upload"]
)
def test_pages_open_when_there_is_nothing(company, as_clerk, name):
    assert as_clerk.get(url(name, company)).status_code == 200


@pytest.mark.parametrize(
    ("name", "person", "status"),
    [
        ("receipts", cast.auditor, 200),
        ("receipts", cast.sales_rep, 403),
        ("receipts", cast.warehouse_hand, 403),
        ("worklist", cast.auditor, 403),
        ("worklist", cast.controller, 403),
        ("upload", cast.treasurer, 200),
        ("upload", cast.controller, 403),
        ("new_receipt", cast.treasurer, 403),
    ],
)
def test_who_may_open_what(company, client, name, person, status):
    client.force_login(person(company))
    assert client.get(url(name, company)).status_code == status


def test_other_companies_rows_do_not_exist(company, some, client):
    other = cast.make_company()
    client.force_login(cast.accountant(other))
    receipt = Receipt.objects.first()
    for kind, name in (
        ("receipt", receipt.name),
        ("statement", some.name),
        ("transaction", receipt.transaction.name),
    ):
        assert client.get(url(kind, other, name)).status_code == 404
        assert client.get(url(kind, company, name)).status_code == 404


@pytest.mark.parametrize("name", ["BT-999999999", "BT-", "x", "BS-1x", "RC-2026-99999"])
def test_unknown_names_are_404(company, as_clerk, name):
    for kind in ("receipt", "statement", "transaction"):
        assert as_clerk.get(url(kind, company, name)).status_code == 404


# What pages cost


@pytest.mark.parametrize(
    ("name", "most"),
    [("accounts", LIST), ("statements", LIST), ("transactions", LIST), ("receipts", LIST),
     ("worklist", LIST)],
)  # fmt: skip
def test_lists_cost_the_same_for_any_number_of_rows(company, acme, as_clerk, name, most):
    opening, counts = 0, []
    for day, rows in ((2, 3), (3, 40)):
        paid = [Paid("1.00", name="Acme GmbH")] * rows
        receipts = make_receipts(company, paid, opening=D(opening), on=date(2026, 3, day))
        match_receipts([r.pk for r in receipts], by=cast.system())
        opening += rows
        as_clerk.get(url(name, company))
        with statements() as found:
            as_clerk.get(url(name, company))
        counts.append(len(found))
    assert counts[0] == counts[1] <= most


def test_details_cost_the_same_for_any_number_of_rows(company, acme, as_clerk):
    counts = []
    for day, entries, opening in ((2, 1, "0"), (3, 60, "1")):
        owe_all(acme, [("1.00", f"NR-{day}{n:03d}") for n in range(entries)])
        text = " ".join(f"NR-{day}{n:03d}" for n in range(entries))
        total = f"{entries}.00"
        (receipt,) = make_receipts(
            company, [Paid(total, text)], opening=opening, on=date(2026, 3, day)
        )
        match_receipts([receipt.pk], by=cast.system())
        page = url("receipt", company, receipt.name)
        as_clerk.get(page)
        with statements() as found:
            assert as_clerk.get(page).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= DETAIL


# Statements


def test_uploading_a_file(company, as_clerk):
    content = make_camt([Paid("10.00", name="Acme GmbH")], statement_id="2026-61")
    file = SimpleUploadedFile("march.xml", content)
    answer = post(as_clerk, url("upload", company), statements=[file])
    statement = BankStatement.objects.get()
    assert answer.redirect_chain[-1][0] == url("statement", company, statement.name)
    assert "Acme GmbH" in text_of(answer)


def test_a_statement_leads_to_its_payments_that_are_not_applied_yet(company, some, as_clerk):
    page = as_clerk.get(url("statement", company, some.name))
    assert "To do 1 Not applied yet 3" in text_of(page)
    (address,) = re.findall(r'href="([^"]*statement=2026-61)"', page.content.decode())
    listed = text_of(as_clerk.get(address.replace("&amp;", "&")))
    for number in Receipt.objects.exclude(amount="100.00").values_list("number", flat=True):
        assert number in listed
    assert Receipt.objects.get(amount="100.00").number not in listed


def test_uploading_several_files(company, as_clerk):
    files = [
        SimpleUploadedFile("b.xml", make_camt([Paid("2.00")], opening="1.00", on=date(2026, 3, 3))),
        SimpleUploadedFile("a.xml", make_camt([Paid("1.00")])),
    ]
    post(as_clerk, url("upload", company), statements=files)
    rows = BankStatement.objects.order_by("chain_position")
    assert [row.file.title for row in rows] == ["a.xml", "b.xml"]


def test_files_too_large_are_refused_before_they_are_read(company, as_clerk, monkeypatch):
    monkeypatch.setattr("payments.forms.MOST_BYTES", 1000)
    monkeypatch.setattr("payments.forms.UploadForm.contents", None)
    files = [SimpleUploadedFile("a.xml", b"x" * 600), SimpleUploadedFile("b.xml", b"x" * 600)]
    answer = post(as_clerk, url("upload", company), statements=files)
    assert answer.status_code == 409
    assert "larger than" in text_of(answer)


def test_one_wrong_file_of_several_is_named_and_nothing_is_imported(company, as_clerk):
    files = [
        SimpleUploadedFile("good.xml", make_camt([Paid("1.00")])),
        SimpleUploadedFile("bad.xml", b"<html></html>"),
    ]
    answer = post(as_clerk, url("upload", company), statements=files)
    assert answer.status_code == 409
    assert "bad.xml" in text_of(answer)
    assert not BankStatement.objects.exists()


def test_a_refused_file_says_why_beside_the_field(company, as_clerk):
    content = make_camt([Paid("10.00")], closing="11.00")
    answer = post(
        as_clerk, url("upload", company), statements=[SimpleUploadedFile("x.xml", content)]
    )
    assert answer.status_code == 409
    assert "does not add up" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "content"),
    [("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<a>"), ("umsatz.csv", b"Buchung;Betrag\n1;2\n")],
)
def test_what_is_no_statement_at_all_is_told_from_a_damaged_one(company, as_clerk, name, content):
    answer = post(as_clerk, url("upload", company), statements=[SimpleUploadedFile(name, content)])
    assert f"{name}: This is no bank statement" in text_of(answer)
    assert "export the account statement as camt.053 (XML)" in text_of(answer)
    cut = SimpleUploadedFile("march.xml", make_camt([Paid("1.00")])[:-30])
    answer = post(as_clerk, url("upload", company), statements=[cut])
    assert "march.xml: The file is not well-formed XML: it is damaged" in text_of(answer)


def test_the_same_upload_twice_is_already_there(company, as_clerk):
    content = make_camt([Paid("10.00")], statement_id="S9")
    for expected in (200, 409):
        file = SimpleUploadedFile("x.xml", content)
        answer = post(as_clerk, url("upload", company), statements=[file])
        assert answer.status_code == expected
    assert "already there" in text_of(answer)


def test_a_form_sent_twice_counts_once(company, as_clerk):
    key = str(uuid4())
    content = make_camt([Paid("10.00")])
    for _ in range(2):
        file = SimpleUploadedFile("x.xml", content)
        answer = post(as_clerk, url("upload", company), statements=[file], idempotency_key=key)
        assert answer.status_code == 200
    assert BankStatement.objects.count() == 1


def test_another_file_of_the_same_name_and_size_is_another_request(company, as_clerk):
    key = str(uuid4())
    first, second = (make_camt([Paid("10.00")], statement_id=name) for name in ("S7", "S8"))
    assert len(first) == len(second)
    for content, expected in ((first, 200), (second, 409), (first, 200)):
        file = SimpleUploadedFile("a.xml", content)
        answer = post(as_clerk, url("upload", company), statements=[file], idempotency_key=key)
        assert answer.status_code == expected
    assert BankStatement.objects.count() == 1
    assert RefusedAttempt.objects.get().code == "request.key_reused"


def test_an_upload_without_a_file(company, as_clerk):
    assert post(as_clerk, url("upload", company)).status_code == 409


# Entries


def test_booking_an_entry(company, some, as_clerk):
    fee = BankTransaction.objects.get(amount__lt=0)
    answer = post(as_clerk, url("book", company, fee.name), account="", text="Fees March")
    assert answer.status_code == 200
    fee = BankTransaction.objects.get(pk=fee.pk)
    assert (fee.state, fee.entry.text) == ("recorded", "Fees March")
    post(as_clerk, url("take_back", company, fee.name))
    assert BankTransaction.objects.get(pk=fee.pk).state == "new"


def test_an_entry_says_what_became_of_its_receipt(company, some, as_clerk):
    for money, standing in (("45.00", "Unapplied"), ("100.00", "Applied")):
        receipt = Receipt.objects.get(amount=money)
        page = as_clerk.get(url("transaction", company, receipt.transaction.name))
        assert f"Recorded as {receipt.number} {standing}" in text_of(page)


def test_below_zero_pages_show_the_minus_sign_and_files_keep_the_hyphen(company, some, as_clerk):
    page = as_clerk.get(url("transactions", company), {"over": "-13", "under": "-12"})
    assert "\N{MINUS SIGN}12.50" in text_of(page)
    file = as_clerk.get(url("transactions", company), {"export": "csv"})
    written = b"".join(file.streaming_content).decode()
    assert "-12.50" in written
    assert "\N{MINUS SIGN}" not in written


def test_the_kind_of_an_entry_is_said_in_words(company, some, as_clerk):
    fee = BankTransaction.objects.get(amount__lt=0)
    page = as_clerk.get(url("transaction", company, fee.name))
    assert 'data-meaning="PMNT/RCDT/ESCT">Transfer received<' in page.content.decode()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PMNT/RCDT/ESCT", "Transfer received"),
        ("PMNT/IDDT/UPDD", "Direct debit returned"),
        ("ACMT/MDOP/CHRG", "Charges"),
        ("PMNT/CCRD/POSD", "Card payment"),
        ("NTRF+166", "NTRF+166"),
        ("", ""),
    ],
)
def test_codes_of_banks_in_words(code, words):
    assert kind_of(code) == words


def test_setting_entries_aside_asks_why(company, some, as_clerk):
    fee = BankTransaction.objects.get(amount__lt=0)
    first = as_clerk.post(url("set_aside_set", company), {"ids": [fee.pk]})
    assert "Reason" in text_of(first)
    post(as_clerk, url("set_aside_set", company), ids=[fee.pk], reason="private")
    assert BankTransaction.objects.get(pk=fee.pk).reason == "private"


def test_booking_several_entries(company, as_clerk):
    make_statement(company, [Paid("-1.00"), Paid("-2.00")], opening="10.00")
    ids = list(BankTransaction.objects.values_list("pk", flat=True))
    post(as_clerk, url("book_set", company), ids=ids, account="", text="")
    assert set(BankTransaction.objects.values_list("state", flat=True)) == {"recorded"}


def test_recording_an_entry(company, as_clerk):
    statement = make_statement(company, [Paid("10.00")])
    transaction = statement.transactions.get()
    post(as_clerk, url("record", company, transaction.name))
    assert Receipt.objects.get().transaction == transaction


def test_recording_what_went_out_says_why_not(company, some, as_clerk):
    fee = BankTransaction.objects.get(amount__lt=0)
    answer = post(as_clerk, url("record", company, fee.name))
    assert "went out" in text_of(answer)


def test_a_returned_payment(company, some, client, controller):
    client.force_login(controller)
    receipt = Receipt.objects.get(amount="100.00")
    later = make_statement(
        company, [Paid("-100.00", is_reversal=True)], opening="2141.50", on=date(2026, 3, 9)
    )
    back = later.transactions.get()
    page = url("return", company, back.name)
    assert receipt.number in text_of(client.get(page))
    post(client, page, receipt=receipt.pk, reason="No funds")
    assert Receipt.objects.get(pk=receipt.pk).returned_by == back


def test_a_payment_of_which_the_bank_kept_something_is_offered_as_returned(
    company, client, controller
):
    client.force_login(controller)
    (receipt,) = make_receipts(company, [Paid("1183.00", charges="7.00")])
    back = make_statement(company, [Paid("-1183.00")], opening="1183.00", on=date(2026, 3, 9))
    page = url("return", company, back.transactions.get().name)
    assert receipt.number in text_of(client.get(page))
    post(client, page, receipt=receipt.pk, reason="No funds")
    assert Receipt.objects.get().state == "reversed"


def test_receipts_of_one_amount_are_told_apart_by_day_and_payer(company, acme, client, controller):
    client.force_login(controller)
    make_receipts(company, [Paid("100.00", name="Bolt"), Paid("100.00")])
    enter_receipt(company, "100.00", acme, on=date(2026, 2, 27))
    back = make_statement(company, [Paid("-100.00")], opening="200.00", on=date(2026, 3, 9))
    said = text_of(client.get(url("return", company, back.transactions.get().name)))
    for words in (
        "RC-2026-00001 · 2 Mar 2026 · Bolt",
        "RC-2026-00002 · 2 Mar 2026 · nobody known",
        f"RC-2026-00003 · 27 Feb 2026 · {acme}",
    ):
        assert words in said


def test_a_return_is_undone_from_the_receipt_or_either_entry(company, client, controller):
    client.force_login(controller)
    (receipt,) = make_receipts(company, [Paid("100.00")])
    back = make_statement(company, [Paid("-100.00")], opening="100.00", on=date(2026, 3, 9))
    bounced = back.transactions.get()
    post(client, url("return", company, bounced.name), receipt=receipt.pk, reason="No funds")
    undo = url("undo_return", company, receipt.number)
    for page in (
        url("receipt", company, receipt.number),
        url("transaction", company, receipt.transaction.name),
        url("transaction", company, bounced.name),
    ):
        assert undo in client.get(page).content.decode()
    assert "wait for another decision" in text_of(post(client, undo))
    assert set(BankTransaction.objects.values_list("state", flat=True)) == {"new"}
    assert undo not in client.get(url("receipt", company, receipt.number)).content.decode()


# Cash application


def test_the_worklist_shows_the_easiest_first_with_its_evidence(company, some, as_clerk):
    said = text_of(as_clerk.get(url("worklist", company)))
    assert "3 left" in said
    assert "OLD-2 is named in the text." in said
    assert "50.00 EUR are open, but 45.00 EUR came in" in said


def test_applying_what_is_proposed(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="45.00")
    item = OpenItem.objects.get(source_name="OLD-2")
    fields = {"item": [item.pk], f"open-{item.pk}": "50.0000", f"amount-{item.pk}": "45.00"}
    answer = post(as_clerk, url("apply", company, receipt.name), **fields)
    assert OpenItem.objects.get(pk=item.pk).open_amount == D("5")
    said = text_of(answer)
    assert "2 left" in said
    assert f"Undo {receipt.number}" in said


def test_undo(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="45.00")
    item = OpenItem.objects.get(source_name="OLD-2")
    post(
        as_clerk, url("apply", company, receipt.name),
        **{"item": [item.pk], f"open-{item.pk}": "50.0000"},
    )  # fmt: skip
    answer = post(as_clerk, f"{url('unapply', company, receipt.name)}?from=worklist")
    assert OpenItem.objects.get(pk=item.pk).open_amount == D("50")
    assert answer.context["queue"][0]["name"] == receipt.name
    assert answer.context["queue"][0]["reason"] == "There is a proposal"


def test_ticking_fills_up_without_typing(company, acme, as_clerk):
    items = [owe(acme, "30.00"), owe(acme, "30.00")]
    (receipt,) = make_receipts(company, [Paid("45.00")])
    fields = {f"open-{item.pk}": "30.0000" for item in items}
    post(as_clerk, url("apply", company, receipt.name), item=[i.pk for i in items], **fields)
    left = OpenItem.objects.filter(side="debit").order_by("pk")
    assert [item.open_amount for item in left] == [0, D("15")]


def row_of(response, item):
    """The row of an open item on the worklist's page, as it was drawn."""
    return next(row for row in response.context["candidates"] if row.item.pk == item.pk)


def test_ticking_more_than_came_is_refused_and_stays_ticked(company, acme, as_clerk):
    used, more, last = owe(acme, "1249.20"), owe(acme, "999.25"), owe(acme, "81.72")
    (receipt,) = make_receipts(company, [Paid("1249.20")])
    fields = {f"open-{item.pk}": f"{item.amount:f}" for item in (used, more, last)}
    ticked = [used.pk, more.pk, last.pk]
    answer = post(as_clerk, url("apply", company, receipt.name), item=ticked, **fields)
    assert answer.status_code == 409
    assert "2,330.17 EUR is more than" in text_of(answer)
    assert "Take off 1,080.97 EUR" in text_of(answer)
    assert [row_of(answer, item).is_ticked for item in (used, more, last)] == [True] * 3
    assert answer.context["rest"] == D("-1080.97")
    assert not Allocation.objects.exists()


def test_a_refused_amount_stays_where_it_was_typed_and_takes_the_focus(company, acme, as_clerk):
    right, wrong = owe(acme, "100.00"), owe(acme, "700.00")
    (receipt,) = make_receipts(company, [Paid("90000.00", name="Acme GmbH")])
    fields = {f"open-{item.pk}": f"{item.amount:f}" for item in (right, wrong)}
    fields |= {f"amount-{right.pk}": "20", f"amount-{wrong.pk}": "60,050.00"}
    address = url("apply", company, receipt.name)
    answer = post(as_clerk, address, item=[right.pk, wrong.pk], **fields)
    assert answer.status_code == 409
    assert [row_of(answer, item).typed for item in (right, wrong)] == ["20", "60,050.00"]
    assert row_of(answer, right).refusal == ""
    assert "60,050.00\xa0EUR is more than is open" in row_of(answer, wrong).refusal
    assert re.search(rf'name="amount-{wrong.pk}"[^>]*autofocus', answer.content.decode())


def test_what_was_found_by_a_search_stays_on_the_page_of_a_refusal(company, acme, bolt, as_clerk):
    found = owe(bolt, "30.00", "OLD-3")
    (receipt,) = make_receipts(company, [Paid("45.00")])
    fields = {"item": [found.pk], f"open-{found.pk}": "30", f"amount-{found.pk}": "x", "q": "OLD-3"}
    answer = post(as_clerk, url("apply", company, receipt.name), **fields)
    assert (row_of(answer, found).is_ticked, row_of(answer, found).typed) == (True, "x")


def test_opening_the_address_of_an_application_shows_its_receipt(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="45.00")
    page = as_clerk.get(url("apply", company, receipt.name))
    assert (page.status_code, page.context["receipt"]) == (200, receipt)


def test_what_is_kept_while_searching_may_be_damaged(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="45.00")
    said = {"choosing": "1", "item": ["x", "9" * 30], "amount-1": "ten", "q": "INV"}
    assert as_clerk.get(url("apply", company, receipt.name), said).status_code == 200


@pytest.mark.parametrize("typed", ["x", "1.2.3", "-5", "1e5", "NaN", "9" * 40])
def test_what_is_no_amount_is_said(company, acme, as_clerk, typed):
    item = owe(acme, "30.00")
    (receipt,) = make_receipts(company, [Paid("45.00")])
    fields = {"item": [item.pk], f"open-{item.pk}": "30", f"amount-{item.pk}": typed}
    answer = post(as_clerk, url("apply", company, receipt.name), **fields)
    assert answer.status_code == 409
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("item", ["", "x", "-1", "9" * 30, "0"])
def test_damaged_choices_are_refused(company, acme, as_clerk, item):
    (receipt,) = make_receipts(company, [Paid("45.00")])
    answer = post(as_clerk, url("apply", company, receipt.name), item=[item])
    assert answer.status_code == 409


def test_finding_an_invoice_by_number_customer_and_amount(company, some, as_clerk):
    stranger = Receipt.objects.get(amount="999.00")
    for typed, expected in (("OLD-3", "OLD-3"), ("bolt", "OLD-3"), ("50", "OLD-2")):
        page = as_clerk.get(url("worklist", company), {"item": stranger.name, "q": typed})
        assert expected in text_of(page)
    nothing = as_clerk.get(url("worklist", company), {"item": stranger.name, "q": "\0zzz"})
    assert "No open item" in text_of(nothing)


def test_instalments_of_one_invoice_are_told_apart(company, as_clerk):
    customer = make_customer(company, "Drei Raten GmbH", terms="3PARTS")
    invoice = make_invoice(company, customer)
    (receipt,) = make_receipts(company, [Paid("1.00", invoice.number, name="Drei Raten GmbH")])
    page = as_clerk.get(url("worklist", company), {"item": receipt.name})
    parts = [(row.item.source_name, row.instalment) for row in page.context["candidates"]]
    assert parts == [(invoice.number, f"{n} of 3") for n in (1, 2, 3)]
    assert f"Amount for {invoice.number}, 2 of 3" in page.content.decode()


def test_naming_the_payer_from_the_worklist(company, some, bolt, as_clerk):
    stranger = Receipt.objects.get(amount="999.00")
    answer = post(
        as_clerk, url("identify", company, stranger.name),
        customer=bolt.number, remember="on", **{"from": "worklist"},
    )  # fmt: skip
    assert Receipt.objects.get(pk=stranger.pk).customer == bolt
    assert PartnerBankAccount.objects.filter(iban__startswith="FR76").exists()
    assert "OLD-3" in text_of(answer)


def test_an_unknown_customer_is_said(company, some, as_clerk):
    stranger = Receipt.objects.get(amount="999.00")
    answer = post(as_clerk, url("identify", company, stranger.name), customer="C-nobody")
    assert "No customer" in text_of(answer)


def test_leaving_on_account_brings_the_next_one(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="10.00")
    page = as_clerk.get(url("worklist", company), {"item": receipt.name})
    (leave,) = [deed for deed in page.context["deeds"] if deed.name == "leave"]
    answer = post(as_clerk, leave.url)
    assert answer.redirect_chain[-1][0] == url("worklist", company)
    assert "2 left" in text_of(answer)


def test_matching_all_again(company, acme, as_clerk):
    (receipt,) = make_receipts(company, [Paid("45.00", "OLD-77")])
    work_off()
    owe(acme, "45.00", "OLD-77")
    post(as_clerk, url("match_waiting", company))
    assert Receipt.objects.get(pk=receipt.pk).finding == Receipt.Finding.APPLIED


def test_the_worklist_is_done(company, as_clerk):
    assert "All done" in text_of(as_clerk.get(url("worklist", company)))


# Receipts


def test_a_receipt_says_what_it_paid_and_why(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="100.00")
    said = text_of(as_clerk.get(url("receipt", company, receipt.name)))
    for words in ("OLD-1", "The reference is that of OLD-1.", "Applied", "Books", "History"):
        assert words in said


def test_taking_back_one_application_asks_and_says_how_much(company, acme, as_clerk):
    items = [owe(acme, "451.49", "OLD-11"), owe(acme, "797.71", "OLD-12")]
    (receipt,) = make_receipts(company, [Paid("1249.20", "OLD-11, OLD-12")])
    work_off()
    page = as_clerk.get(url("receipt", company, receipt.name))
    deed = next(d for one, d in page.context["settlements"] if one.name == items[0].source_name)
    assert deed.confirm in page.content.decode()
    assert "451.49\xa0EUR of RC-2026-00001 no longer pay OLD-11" in deed.confirm
    answer = post(as_clerk, deed.url)
    assert "451.49 EUR of RC-2026-00001 are taken back from OLD-11." in text_of(answer)
    assert Receipt.objects.get(pk=receipt.pk).open_item.open_amount == D("451.49")


def test_taking_back_nothing_that_is_there_takes_nothing_back(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="100.00")
    answer = post(as_clerk, f"{url('unapply', company, receipt.name)}?allocation=x")
    assert "nothing to take back" in text_of(answer)
    assert Receipt.objects.get(pk=receipt.pk).open_item.open_amount == 0


def test_money_entered_by_hand(company, acme, as_clerk):
    from ledger.models import BankAccount

    account = BankAccount.objects.get(company=company)
    fields = {
        "account": account.pk, "customer": "acme gmbh", "amount": "1,234.50",
        "received_on": "2026-03-02", "payer": "", "text": "Cheque 17",
    }  # fmt: skip
    post(as_clerk, url("new_receipt", company), **fields)
    receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.customer, receipt.text) == (D("1234.50"), acme, "Cheque 17")


def test_reversing_asks_why(company, some, as_controller):
    receipt = Receipt.objects.get(amount="100.00")
    page = url("reverse", company, receipt.name)
    assert "100.00 EUR leave the books" in text_of(as_controller.get(page))
    assert "required" in text_of(post(as_controller, page, reason=""))
    post(as_controller, page, reason="Wrong company")
    assert Receipt.objects.get(pk=receipt.pk).state == "reversed"


def test_pages_read_in_german(company, some, clerk, client):
    clerk.language = "de"
    clerk.save()
    client.force_login(clerk)
    page = client.get(url("worklist", company))
    assert page.status_code == 200
    assert "45,00" in text_of(page)


def test_hostile_words_are_only_words(company, as_clerk):
    evil = '<script>alert("x")</script>'
    receipts = make_receipts(company, [Paid("10.00", evil, name=evil, reference=evil)])
    for page in (
        url("worklist", company),
        url("receipt", company, receipts[0].name),
        url("transactions", company),
        url("transaction", company, receipts[0].transaction.name),
    ):
        assert evil.encode() not in as_clerk.get(page).content


def test_only_accounts_that_no_statement_keeps_take_money_by_hand(company, acme, as_clerk):
    cash = make_bank_account(company, "DE75512108001245126199", title="Cash box")
    make_statement(company, [Paid("10.00")])
    form = as_clerk.get(url("new_receipt", company)).context["form"]
    assert list(form.fields["account"].queryset) == [cash]
    assert form["account"].initial == cash


def test_where_statements_keep_every_account_the_button_says_so(company, as_clerk):
    make_statement(company, [Paid("10.00")])
    for page in ("receipts", "new_receipt"):
        shown = text_of(as_clerk.get(url(page, company)))
        assert "Every account is kept by bank statements" in shown
    assert (
        url("new_receipt", company) not in as_clerk.get(url("receipts", company)).content.decode()
    )


def test_a_receipt_leads_to_its_bank_entry_and_statement(company, some, as_clerk):
    receipt = Receipt.objects.get(amount="100.00")
    page = as_clerk.get(url("receipt", company, receipt.name)).content.decode()
    assert f'href="{url("transaction", company, receipt.transaction.name)}"' in page
    assert f'href="{url("statement", company, some.name)}">2026-61</a>' in page


def test_the_history_of_a_receipt_says_how_much_and_whom(company, acme, as_clerk, clerk):
    items = owe_all(acme, [("40.00", "OLD-1"), ("30.00", "OLD-2")])
    receipt = enter_receipt(company, "100.00")
    identify_payer([receipt.pk], acme, by=clerk)
    parts = [(item.pk, item.open_amount) for item in items]
    apply_receipts([Choice(receipt.pk, parts)], by=clerk)
    history = text_of(as_clerk.get(url("receipt", company, receipt.name)))
    assert "Applied: 70.00 EUR, OLD-1, OLD-2" in history
    assert f"Payer named: {acme.number}" in history
    assert "Recorded: 100.00 EUR" in history
