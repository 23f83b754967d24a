"""The pages of the books: what they show, how much they ask of the database, what they do."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger.actions import add_bank_accounts, set_fx_rates
from ledger.drafts import BankAccountDraft
from ledger.models import (
    Account,
    BankAccount,
    Entry,
    FxRate,
    OpenItem,
    Period,
    TaxCode,
)
from tests.cast import accountant, auditor, controller, sales_rep
from tests.factories.ledger import DAY, owe, pay, settle
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"


@pytest.fixture
def visit(client, company):
    """Opens a page of the books as somebody: visit(who, "account", "1200")."""

    def open_page(who, name, *args, post=None, follow=False, **query):
        client.force_login(who)
        url = reverse(f"ledger:{name}", args=[company.slug, *args])
        if post is not None:
            return client.post(url, post, follow=follow)
        return client.get(url, query)

    return open_page


@pytest.fixture
def busy(company, customer):
    """Something in every list."""
    add_bank_accounts(company, [BankAccountDraft("Bank", IBAN, "EUR")], by=controller(company))
    set_fx_rates(
        [("EUR", "USD", DAY, Decimal("1.1"), "ECB")], company=company, by=controller(company)
    )
    invoice, receipt = owe(company, customer, 1000, tax=190), pay(company, customer, 1190)
    settle(company, (invoice, receipt, 1190))
    owe(company, customer, 110, currency="USD", rate="1.1")
    return company


def text(response):
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


LISTS = ["entries", "chart", "banks", "rates", "taxes", "trial_balance", "periods", "take_over"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_empty_and_full(visit, company, name, request):
    by = controller(company)
    assert visit(by, name).status_code == 200
    request.getfixturevalue("busy")
    assert visit(by, name).status_code == 200


@pytest.mark.parametrize("name", ["entries", "chart", "banks", "rates", "taxes"])
def test_lists_are_exported(visit, busy, name):
    response = visit(controller(busy), name, export="csv")
    assert response["Content-Type"].startswith("text/csv")
    assert len(list(response)) if response.streaming else response.content


def test_an_entry_shows_lines_document_and_sums(visit, busy):
    entry = Entry.objects.get(
        company=busy, journal="sales", lines__currency="USD", lines__base_amount__gt=0
    )
    page = text(visit(controller(busy), "entry", entry.number))
    assert "Reverse" in page
    assert "1200 Trade receivables" in page
    assert "110.00 USD" in page
    assert "This entry belongs to" in page
    assert "Reverse" not in text(visit(auditor(busy), "entry", entry.number))


def test_an_allocation_leads_to_what_it_settled(visit, busy):
    entry = Entry.objects.get(company=busy, source_kind="allocation")
    assert visit(auditor(busy), "entry", entry.number).status_code == 200


def test_an_unknown_entry_is_not_there(visit, busy):
    assert visit(auditor(busy), "entry", "JE-2026-99999").status_code == 404


def test_the_trial_balance_says_in_its_fields_which_days_it_shows(visit, busy):
    page = visit(controller(busy), "trial_balance", on="2026-12-31").content.decode()
    assert re.search(r'name="since"\s+value="2026-01-01"', page)
    assert re.search(r'name="on"\s+value="2026-12-31"', page)


def test_the_trial_balance_shows_and_exports_sums(visit, busy):
    by = controller(busy)
    page = text(visit(by, "trial_balance", on="2026-12-31"))
    assert "1200 Trade receivables" in page
    both = text(visit(by, "trial_balance", on="2026-12-31", by_currency="on"))
    assert "USD" in both
    before = text(visit(by, "trial_balance", on="2026-12-31", known="2020-01-01"))
    assert "1200 Trade receivables" not in before
    odd = visit(by, "trial_balance", on="nonsense", since="\0")
    assert odd.status_code == 200
    file = visit(by, "trial_balance", on="2026-12-31", export="csv")
    lines = b"".join(file) if file.streaming else file.content
    assert b"1200" in lines


def test_an_account_shows_the_balance_after_each_line(visit, company, customer):
    for amount, day in ((100, 1), (200, 3), (400, 3), (800, 9)):
        owe(company, customer, amount, on=date(2026, 3, day))

    def balances(**asked):
        page = visit(controller(company), "account", "1200", size="25", **asked).content.decode()
        top = re.search(r"Balance on ([^:]+): ([\d,.]+)", page)
        return top.groups(), re.findall(r'data-label="Balance" class="num">([\d,.]+)<', page)

    assert balances()[1] == ["1,500.00", "700.00", "300.00", "100.00"]
    assert balances(on="2026-03-02..2026-03-05") == (
        ("5 Mar 2026", "700.00"), ["700.00", "300.00"],
    )  # fmt: skip
    assert balances(on="nonsense")[0][1] == "1,500.00"
    assert balances(over="200")[1] == []  # lines between are missing


def test_balances_go_on_over_pages(visit, company, customer):
    for _ in range(30):
        owe(company, customer, 1)
    first = visit(controller(company), "account", "1200", size="25").content.decode()
    after = unquote(re.search(r"[?&;]after=([^\"&]+)", first)[1])
    second = visit(controller(company), "account", "1200", size="25", after=after).content.decode()
    pattern = r'data-label="Balance" class="num">([\d,.]+)<'
    shown = re.findall(pattern, first) + re.findall(pattern, second)
    assert [Decimal(value) for value in shown] == list(range(30, 0, -1))


# --- deeds ----------------------------------------------------------------------------------------


def entry_form(*lines, **head):
    form = {"on": "2026-03-15", "reference": "B-7", "text": "Rent", "currency": "EUR", **head}
    form |= {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    for place, (account, debit, credit) in enumerate(lines):
        form |= {
            f"lines-{place}-account": account,
            f"lines-{place}-debit": debit,
            f"lines-{place}-credit": credit,
        }
    return form


def test_an_entry_is_posted_and_reversed_by_hand(visit, company):
    by = controller(company)
    form = entry_form(("6300", "950.00", ""), ("1800", "", "950.00"))
    response = visit(by, "new_entry", post=form)
    assert response.status_code == 302
    entry = Entry.objects.get(company=company)
    assert (entry.source_name, entry.text) == ("B-7", "Rent")
    reverse_form = {"on": "2026-03-20", "reason": "Wrong"}
    assert visit(by, "reverse_entry", entry.number, post=reverse_form).status_code == 302
    assert Entry.objects.get(reverses=entry).posting_date == date(2026, 3, 20)
    assert "reversed it already" in text(visit(by, "entry", entry.number))


def test_a_refused_entry_is_shown_again_with_what_was_typed(visit, company):
    form = entry_form(("6300", "950.00", ""), ("1200", "", "950.00"))
    response = visit(controller(company), "new_entry", post=form)
    assert response.status_code == 200
    page = response.content.decode()
    assert "is kept by its documents" in page
    assert 'value="950.00"' in page
    assert not Entry.objects.exists()


def test_more_lines_without_script(visit, company):
    form = entry_form(("6300", "950.00", "")) | {"more": "5"}
    response = visit(controller(company), "new_entry", post=form)
    assert response.content.decode().count('name="lines-') > 12


def test_periods_are_ticked_and_closed(visit, company):
    by = controller(company)
    march = Period.objects.filter(company=company, starts_on=date(2026, 3, 1))
    ids = [period.pk for period in march]
    asked = visit(by, "close", post={"ids": ids})
    assert "Open before it: 2025-" in text(asked)
    assert {period.state for period in march.all()} == {"open"}
    response = visit(by, "close", post={"ids": ids, "confirmed": "1"}, follow=True)
    assert "4 periods: Closed" in text(response)
    assert {period.state for period in march.all()} == {"closed"}
    assert "Closed" in text(visit(by, "period", ids[0]))
    assert "Reason" in text(visit(by, "reopen", post={"ids": ids}))
    visit(by, "reopen", post={"ids": ids, "reason": "A late invoice"})
    assert "Opened again: A late invoice" in text(visit(by, "period", ids[0]))
    visit(by, "open_year", post={"year": "2030"})
    assert Period.objects.filter(company=company, starts_on=date(2030, 1, 1)).count() == 4
    again = visit(by, "open_year", post={"year": "2030"})
    assert "has its periods already" in text(again)


def test_accounts_banks_rates_and_taxes_are_entered(visit, company):
    by = controller(company)
    account = {"number": "4401", "title": "Export", "kind": "income"}
    assert visit(by, "new_account", post=account).status_code == 302
    assert visit(by, "new_account", post=account).status_code == 200
    edit = {"title": "Abroad", "role": "REVENUE"}
    assert visit(by, "edit_account", "4401", post=edit).status_code == 302
    assert Account.objects.get(company=company, number="4401").role == "REVENUE"
    bank = {"title": "Bank", "iban": IBAN, "currency": "EUR", "is_default": "on"}
    assert visit(by, "new_bank_account", post=bank).status_code == 302
    row = BankAccount.objects.get()
    visit(by, "bank_account", row.pk, post={"title": "House bank", "bic": row.bic})
    row.refresh_from_db()
    assert (row.title, row.iban, row.is_default) == ("House bank", IBAN, False)
    wrong = visit(by, "new_bank_account", post={**bank, "iban": "DE00"})
    assert "is no valid IBAN" in text(wrong)
    rate = {"base": "EUR", "quote": "USD", "rate": "1.1", "on": "2026-03-01", "source": "ECB"}
    assert visit(by, "new_rate", post=rate).status_code == 302
    assert FxRate.objects.get().rate == Decimal("1.1")
    tax = {"code": "S19", "name": "21 %", "category": "S", "rate": "21", "tax_class": "standard"}
    assert visit(by, "new_tax_code", post={**tax, "valid_from": "2027-01-01"}).status_code == 302
    code = TaxCode.objects.get(company=company, name="21 %")
    assert visit(by, "end_tax_code", code.pk, post={"on": "2027-12-31"}).status_code == 302
    assert visit(by, "archive_bank_accounts", post={"ids": row.pk}).status_code == 302


def upload(visit, by, name, *args, content):
    file = SimpleUploadedFile("table.csv", content.encode())
    return visit(by, name, *args, post={"file": file})


def carry_out(visit, by, name, *args, checked):
    token = re.search(r'name="checked"\s+value="(\w+)"', checked.content.decode())[1]
    return visit(by, name, *args, post={"checked": token})


def test_rates_are_loaded_from_a_file(visit, company):
    by = controller(company)
    content = "base;quote;day;rate\nEUR;USD;2026-03-01;1.1\nEUR;GBP;01.03.2026;0,85\n"
    checked = upload(visit, by, "import_rates", content=content)
    assert not FxRate.objects.exists()
    assert carry_out(visit, by, "import_rates", checked=checked).status_code == 302
    assert FxRate.objects.count() == 2


def test_bad_rates_are_told_line_by_line(visit, company):
    content = (
        "base;quote;day;rate\nEUR;XYZ;2026-03-01;1.1\nEUR;USD;yesterday;1.1\n"
        "EUR;USD;2026-03-01;0\nEUR;USD;2026-03-01;one\nEUR;GBP;2026-03-01;1\nEUR;GBP;2026-03-01;2\n"
    )
    response = upload(visit, controller(company), "import_rates", content=content)
    assert response.status_code == 422
    page = text(response)
    for words in ("is no currency", "is no day", "lies above zero", "is no number", "stands twice"):
        assert words in page


def test_open_items_are_taken_over_from_a_file(visit, company, customer, proved):
    by, day = controller(company), "2026-01-01"
    head = "customer;document;due;amount;currency\n"
    content = (
        head
        + f"{customer.number};R-1;2025-12-20;1190.00;\n{customer.number};G-1;2025-12-31;-50;EUR\n"
    )
    checked = upload(visit, by, "take_over_items", day, content=content)
    assert checked.status_code == 200
    assert not OpenItem.objects.exists()
    assert carry_out(visit, by, "take_over_items", day, checked=checked).status_code == 302
    item = OpenItem.objects.get(source_name="R-1")
    assert (item.open_amount, item.due_on) == (1190, date(2025, 12, 20))
    assert "R-1" in text(visit(by, "open_item", item.pk))
    assert "1,140.00" in text(visit(by, "take_over", on=day))


def test_bad_items_are_told_line_by_line(visit, company, customer):
    lines = [
        "C-NONE;R-1;2025-12-20;10",
        f"{customer.number};R-2;some day;10",
        f"{customer.number};R-3;2025-12-20;1.234,56,7",
        f"{customer.number};;2025-12-20;10",
        f"{customer.number};R-4;2025-12-20;10",
        f"{customer.number};R-4;2025-12-20;10",
    ]
    content = "customer;document;due;amount\n" + "\n".join(lines)
    response = upload(visit, controller(company), "take_over_items", "2026-01-01", content=content)
    page = text(response)
    for words in (
        "There is no partner",
        "is no day",
        "is no number",
        "number of the document is missing",
        "is there already",
    ):
        assert words in page
    assert not OpenItem.objects.exists()


def test_balances_are_taken_over_from_a_file(visit, company, proved):
    by, day = controller(company), "2026-01-01"
    content = "account;amount\n1800;5.000,00\n2970;-5000\n"
    checked = upload(visit, by, "take_over_balances", day, content=content)
    assert carry_out(visit, by, "take_over_balances", day, checked=checked).status_code == 302
    assert Entry.objects.get(company=company).journal == "opening"
    assert "zero" in text(visit(by, "take_over"))
    bad = upload(visit, by, "take_over_balances", day, content="account;amount\n1200;5\n")
    assert "is the sum of its open items" in text(bad)


def test_a_day_that_is_none_is_refused(visit, company):
    assert visit(controller(company), "take_over_items", "someday").status_code == 409


# --- who may, and how much it costs ---------------------------------------------------------------


def test_who_may_not_see_or_do(visit, busy):
    for name in LISTS:
        assert visit(sales_rep(busy), name).status_code == 403
    for name in ("new_entry", "new_account", "new_rate", "new_tax_code", "take_over", "open_year"):
        assert visit(accountant(busy), name).status_code == 403
    periods = visit(accountant(busy), "periods")
    assert periods.status_code == 200
    assert b'name="ids"' not in periods.content


def test_another_companys_rows_are_not_there(visit, company):
    from tests.cast import make_company

    other = make_company()
    owe(other, make_customer(other), 5)
    bank = add_bank_accounts(other, [BankAccountDraft("B", IBAN, "EUR")], by=controller(other))[0]
    period = Period.objects.filter(company=other).first()
    by = controller(company)
    assert visit(by, "bank_account", bank.pk).status_code == 404
    assert visit(by, "period", period.pk).status_code == 404
    assert visit(by, "open_item", OpenItem.objects.get().pk).status_code == 404
    assert visit(by, "close", post={"ids": [period.pk]}).status_code in {302, 409}
    assert Period.objects.get(pk=period.pk).state == "open"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("entries", ()),
        ("account", ("1200",)),
        ("chart", ()),
        ("trial_balance", ()),
        ("periods", ()),
    ],
)
def test_statements_stay_the_same_with_more_rows(visit, client, customer, name, args):
    company = customer.company
    by = controller(company)

    def statements(how_many):
        for _ in range(how_many):
            owe(company, customer, 10)
        visit(by, name, *args, size="200")  # with its login
        where = reverse(f"ledger:{name}", args=[company.slug, *args])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(where, {"size": "200"}).status_code == 200
        return len(captured)

    few, many = statements(10), statements(60)
    assert few == many <= 15
