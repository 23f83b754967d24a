"""Customers from a spreadsheet: look first, then all or nothing."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from core import clock
from core.models import Membership
from core.roles import Role
from partners.models import Customer
from tests.cast import company_admin, sales_manager
from tests.factories.partners import make_customer, make_terms

pytestmark = pytest.mark.django_db
HEAD = "name;country;vat_id;terms;street;postcode;city;email;iban;credit_limit\n"
GOOD = HEAD + (
    "Acme GmbH;DE;DE136695976;NET14;Am Markt 1;28195;Bremen;a@acme.example;"
    "DE89 3704 0044 0532 0130 00;\n"
    "=cmd|' /C calc'!A0;FR;;;;;;;;0\n"
)


@pytest.fixture
def send(client, company):
    make_terms(company)

    def post(who, content=None, name="customers.csv", **fields):
        client.force_login(who)
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            fields["file"] = SimpleUploadedFile(name, data)
        return client.post(reverse("partners:import_customers", args=[company.slug]), fields)

    return post


def told(response):
    """The mistakes the page shows: line, column, what stands there, why."""
    body = response.content.decode()
    rows = re.findall(r"<tr>\s*<td class=\"name\">(\d+)</td>(.*?)</tr>", body, re.DOTALL)
    cells = [[line, *re.findall(r"<td[^>]*>(.*?)</td>", rest, re.DOTALL)] for line, rest in rows]
    return [tuple(re.sub(r"<[^>]+>", "", cell).strip() for cell in row) for row in cells]


def token(response):
    return re.search(r'name="checked"\s+value="(\w+)"', response.content.decode())[1]


def test_shows_first_and_writes_then(send, company):
    by = sales_manager(company)
    shown = send(by, GOOD)
    assert shown.status_code == 200
    assert "2 lines are fine" in shown.content.decode()
    assert not Customer.objects.exists()
    done = send(by, checked=token(shown))
    assert (done.status_code, done.url) == (302, f"/{company.slug}/customers/")
    acme, strange = Customer.objects.select_related("partner").order_by("number")
    assert (acme.partner.vat_id, acme.payment_terms.code) == ("DE136695976", "NET14")
    assert acme.partner.bank_accounts.get().iban == "DE89370400440532013000"
    assert strange.partner.name == "=cmd|' /C calc'!A0"


def test_an_export_of_what_was_imported_holds_no_formula(send, client, company):
    by = sales_manager(company)
    send(by, checked=token(send(by, GOOD)))
    url = reverse("partners:customers", args=[company.slug])
    assert ",'=cmd" in f",{client.get(url, {'export': 'csv'}).getvalue().decode()}".replace(
        "\n'", "\n,'"
    )


def test_every_mistake_of_every_line(send, company):
    make_customer(company, "Known", number="K-1")
    bad = (
        "number;name;country;vat_id;terms;email;iban;credit_limit;po_number_required;sales_rep\n"
        "K-1;One;DE;;;;;;;\n"
        "K-2;Two;Germany;DE1;NET7;nobody;DE12;abc;perhaps;x@y.example\n"
        "K-2;Three;DE;;;;;;;\n"
        ";known;DE;;;;;;;\n"
        "K-5;;DE;;;;;;;\n"
        "K-6;Six;DE;;;;;-5;;\n"
    )
    response = send(company_admin(company), bad)
    assert response.status_code == 422
    found = {(line, column) for line, column, _said, _why in told(response)}
    assert found == {
        ("2", "number"), ("3", "country"), ("3", "vat_id"), ("3", "terms"), ("3", "email"),
        ("3", "iban"), ("3", "credit_limit"), ("3", "po_number_required"), ("3", "sales_rep"),
        ("4", "number"), ("5", "name"), ("6", "name"), ("7", "credit_limit"),
    }  # fmt: skip
    assert Customer.objects.count() == 1


def test_credit_limits_need_a_credit_controller(send, company):
    rows = HEAD + "Acme;DE;;;;;;;;5.000,00\n"
    manager = sales_manager(company)
    assert told(send(manager, rows))[0][1] == "credit_limit"
    make_customer(company, "Parent", number="K-1", limit=1_000_000)
    shared = "name;country;credit_with\nShady;DE;K-1\n"
    assert told(send(manager, shared))[0][1] == "credit_with"
    both = sales_manager(company)
    role = {"role": Role.CREDIT_CONTROLLER, "created_at": clock.now()}
    Membership.objects.create(user=both, company=company, **role)
    send(both, checked=token(send(both, rows)))
    assert Customer.objects.latest("pk").credit_account.limit == Decimal(5000)


def test_the_second_import_finds_everything_there(send, company):
    by = sales_manager(company)
    send(by, checked=token(send(by, GOOD)))
    again = send(by, GOOD)
    assert again.status_code == 422
    assert {line for line, *_rest in told(again)} == {"2", "3"}
    assert Customer.objects.count() == 2


def test_a_checked_file_is_imported_once_by_its_own_uploader(send, company):
    by, other = sales_manager(company), company_admin(company)
    shown = send(by, GOOD)
    assert "not kept any more" in send(other, checked=token(shown)).content.decode()
    send(by, checked=token(shown))
    assert "not kept any more" in send(by, checked=token(shown)).content.decode()
    assert Customer.objects.count() == 2


def test_what_changed_between_the_steps_is_found(send, company):
    by = sales_manager(company)
    shown = send(by, GOOD)
    make_customer(company, vat_id="DE136695976")
    response = send(by, checked=token(shown))
    assert response.status_code == 422
    assert Customer.objects.count() == 1


def test_a_file_too_large_is_refused_before_it_is_read(send, company, monkeypatch):
    monkeypatch.setattr(TemporaryUploadedFile, "read", None)
    response = send(sales_manager(company), b"x" * (20 * 2**20 + 1))
    assert "larger than 20 MiB" in response.content.decode()


FILES = [
    ("", "empty"),
    (HEAD, "no lines"),
    ("name;country;colour\nA;DE;red\n", "no column “colour”"),
    ("name\nA\n", "country is missing"),
    ("name;country;name\nA;DE;B\n", "stands there twice"),
    ('name;country\n"A;DE\n', "quotation mark"),
    ("name;country\nA;DE;extra\n", "more cells than the heading"),
    ("name;country\nA\0B;DE\n", "damaged"),
    (b"PK\x03\x04 no workbook", "damaged"),
    (b"\x89PNG\r\n\x1a\n\0\0", ""),
    ("x" * 6000 + ";y\n1;2\n", ""),
]


@pytest.mark.parametrize(("content", "words"), FILES)
def test_files_that_are_no_table(send, company, content, words):
    response = send(sales_manager(company), content)
    assert response.status_code in {200, 422}
    assert words in response.content.decode()
    assert not Customer.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_encodings(send, company, encoding):
    by = sales_manager(company)
    content = "name,country\nMüller & Söhne,DE\n".encode(encoding)
    send(by, checked=token(send(by, content)))
    assert Customer.objects.get().partner.name == "Müller & Söhne"


def test_a_workbook(send, company):
    by, book, file = sales_manager(company), Workbook(), BytesIO()
    for row in (
        ["Name", "Country", "Postcode", "City", "Street"],
        ["A", "DE", 1067, "Dresden", "W"],
    ):
        book.active.append(row)
    book.save(file)
    send(by, checked=token(send(by, file.getvalue(), name="customers.xlsx")))
    assert Customer.objects.get().partner.addresses.get().postcode == "1067"


def test_an_empty_table_to_fill_in(client, company):
    client.force_login(sales_manager(company))
    url = reverse("partners:import_customers", args=[company.slug])
    content = client.get(url, {"table": "empty"}).getvalue().decode("utf-8-sig")
    assert content.startswith("name,country,number,")


def test_many_lines_take_no_more_statements_than_few(send, company, django_assert_max_num_queries):
    by = sales_manager(company)

    def statements(first, many):
        rows = "".join(f"Customer {i},DE,a{i}@b.example\n" for i in range(first, first + many))
        with django_assert_max_num_queries(80) as found:
            send(by, checked=token(send(by, f"name,country,email\n{rows}")))
        return len(found)

    statements(0, 1)
    assert statements(1000, 400) == statements(2000, 5)
    assert Customer.objects.count() == 406
