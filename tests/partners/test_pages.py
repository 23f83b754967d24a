"""The pages of customers, suppliers and payment terms: what they show, ask, refuse and save."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from core.actions import action
from partners.exposure import Moves
from partners.models import CreditAccount, Customer, PaymentTerms, Supplier
from tests.cast import (
    accountant,
    auditor,
    company_admin,
    controller,
    credit_controller,
    sales_manager,
    sales_rep,
    stranger,
    warehouse_hand,
)
from tests.factories.partners import make_customer, make_customers, make_supplier, make_terms

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"


@pytest.fixture
def visit(client, company):
    """Opens a page of the company as somebody: visit(who, "customer", "C-00001")."""

    def open_page(who, name, *args, post=None, **query):
        client.force_login(who)
        url = reverse(f"partners:{name}", args=[company.slug, *args])
        return client.post(url, post) if post is not None else client.get(url, query)

    return open_page


@action
def owe(customer, amount):
    moves = Moves()
    moves.add(customer.credit_account_id, "EUR", receivable=Decimal(amount))
    moves.write()


def names(response):
    found = re.findall(r'class="name[^"]*"><a href="[^"]*">([^<]*)</a>', response.content.decode())
    return sorted(found)


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found and found[1]


NEW = {
    "name": "Acme GmbH", "country": "DE", "language": "en", "is_business": "on",
    "vat_id": "DE136695976", "currency": "EUR", "terms": "NET14", "street": "Am Markt 1",
    "postcode": "28195", "city": "Bremen", "email": "bills@acme.example", "contact": "Ann",
    "iban": IBAN,
}  # fmt: skip


def test_opens_a_customer(visit, company):
    make_terms(company)
    response = visit(sales_manager(company), "new_customer", post=NEW)
    assert (response.status_code, response.url) == (302, f"/{company.slug}/customers/C-00001")
    partner = Customer.objects.get(company=company).partner
    assert (partner.name, partner.addresses.get().city) == ("Acme GmbH", "Bremen")
    assert partner.contacts.get().email == "bills@acme.example"
    assert partner.bank_accounts.get().iban == IBAN


def test_a_form_with_mistakes_names_every_one_and_keeps_what_was_typed(visit, company):
    make_terms(company)
    wrong = {**NEW, "vat_id": "DE1", "iban": "DE11", "country": "XX"}
    page = visit(sales_manager(company), "new_customer", post=wrong).content.decode()
    assert "Select a valid choice" in page
    wrong["country"] = "DE"
    page = visit(sales_manager(company), "new_customer", post=wrong).content.decode()
    assert "is no valid VAT number" in page
    assert "is no valid IBAN" in page
    assert 'value="Acme GmbH"' in page
    assert not Customer.objects.exists()


@pytest.mark.parametrize("text", ["\0", "x" * 100_000, "\ud800", "\u202eabc", "NaN", "1e400"])
def test_hostile_text_is_no_error_of_ours(visit, company, text):
    make_terms(company)
    sendable = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    post = {**NEW, **dict.fromkeys(("name", "vat_id", "street", "iban", "terms"), sendable)}
    assert visit(sales_manager(company), "new_customer", post=post).status_code == 200
    assert visit(sales_manager(company), "customers", q=sendable).status_code == 200
    assert visit(sales_manager(company), "find_customers", q=sendable).status_code == 200
    assert not Customer.objects.exists()


def test_the_page_of_a_customer(visit, company):
    rep = sales_rep(company)
    customer = make_customer(company, "Acme", limit=1000, sales_rep=rep, iban=IBAN)
    owe(customer, 1500)
    page = visit(accountant(company), "customer", customer.number).content.decode()
    for words in (
        "Acme", "Over the limit", "150 % of the limit used", "Ravi Sharma", IBAN, "30 days net",
        "Lindenallee 7", "invoices@customer.example", "Account opened",
    ):  # fmt: skip
        assert words in page, words


def test_the_page_offers_what_the_role_includes(visit, company):
    acme = make_customer(company, "Acme GmbH")

    def offered(who):
        return [deed.name for deed in visit(who, "customer", acme.number).context["deeds"]]

    assert offered(sales_manager(company)) == ["edit", "addresses", "contacts", "archive"]
    assert offered(credit_controller(company)) == ["credit"]
    assert offered(auditor(company)) == []


def test_edits_a_customer_and_shows_the_history(visit, company):
    customer, by = make_customer(company, "Acme"), sales_manager(company)
    form = visit(by, "customer_edit", customer.number)
    post = {**NEW, "name": "Acme AG", "seen": hidden(form, "seen"), "reason": "New name"}
    response = visit(by, "customer_edit", customer.number, post=post)
    assert response.status_code == 302
    page = visit(by, "customer", customer.number).content.decode()
    for words in ("Acme AG", "New name", "Changes of master data"):
        assert words in page


def test_an_old_form_is_refused_once_and_then_overwrites_knowingly(visit, company):
    customer, by = make_customer(company, "Acme"), sales_manager(company)
    post = {**NEW, "seen": "1-1", "name": "First"}
    visit(by, "customer_edit", customer.number, post=post)
    refused = visit(by, "customer_edit", customer.number, post={**post, "name": "Second"})
    assert refused.status_code == 200
    assert "changed this since you opened it" in refused.content.decode()
    assert 'value="Second"' in refused.content.decode()
    again = {**post, "name": "Second", "seen": hidden(refused, "seen")}
    assert visit(by, "customer_edit", customer.number, post=again).status_code == 302
    assert Customer.objects.get().partner.name == "Second"


def test_a_rep_sees_no_customer_of_others_that_shares_a_limit(visit, company):
    rep = sales_rep(company)
    parent = make_customer(company, "Parent", limit=1000, sales_rep=rep)
    make_customer(company, "Secret sister", credit_with=parent.number)
    make_customer(company, "Open sister", credit_with=parent.number, sales_rep=rep)
    seen = visit(rep, "customer", parent.number).content.decode()
    assert "Open sister" in seen
    assert "Secret sister" not in seen
    assert (
        "Secret sister" in visit(sales_manager(company), "customer", parent.number).content.decode()
    )


def test_grants_credit(visit, company):
    customer, by = make_customer(company, limit=1000), credit_controller(company)
    form = visit(by, "customer_credit", customer.number)
    post = {"seen": hidden(form, "seen"), "limit": "2,500.50", "max_overdue_days": "10"}
    assert visit(by, "customer_credit", customer.number, post=post).status_code == 200
    post["reason"] = "Good payer"
    assert visit(by, "customer_credit", customer.number, post=post).status_code == 302
    assert CreditAccount.objects.get().limit == Decimal("2500.50")


def grid(rows, **more):
    post = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "1", **more}
    for place, row in enumerate(rows):
        post |= {f"lines-{place}-{name}": value for name, value in row.items()}
    return post


def test_edits_contacts_in_a_grid(visit, company):
    customer, by = make_customer(company), accountant(company)
    form = visit(by, "customer_contacts", customer.number)
    there = {"id": hidden(form, "lines-0-id"), "purpose": "invoices", "email": "a@b.example"}
    empty = {"purpose": "orders"}
    bad = {"purpose": "dunning", "email": "nobody"}
    post = grid([there, bad, empty], seen=hidden(form, "seen"))
    assert visit(by, "customer_contacts", customer.number, post=post).status_code == 200
    bad["email"] = "late@b.example"
    post = grid([there, bad, empty], seen=hidden(form, "seen"))
    assert visit(by, "customer_contacts", customer.number, post=post).status_code == 302
    contacts = customer.partner.contacts.filter(archived_at=None)
    assert set(contacts.values_list("email", flat=True)) == {"a@b.example", "late@b.example"}
    gone = grid([{**there, "DELETE": "on"}], seen="1-2")
    assert visit(by, "customer_contacts", customer.number, post=gone).status_code == 302
    assert contacts.count() == 0


def test_more_lines_without_script_lose_nothing(visit, company):
    customer, by = make_customer(company), sales_manager(company)
    row = {"purpose": "billing", "street": "Long Lane 9", "city": "Ulm", "country": "DE"}
    post = grid([row], seen="1-1", more="5")
    page = visit(by, "customer_addresses", customer.number, post=post).content.decode()
    assert "Long Lane 9" in page
    assert 'name="lines-5-street"' in page


def test_bank_accounts_ask_why(visit, company):
    customer, by = make_customer(company), accountant(company)
    post = grid([{"iban": IBAN}], seen="1-1") | {"lines-INITIAL_FORMS": "0"}
    assert visit(by, "customer_bank_accounts", customer.number, post=post).status_code == 200
    post["reason"] = "Letter"
    assert visit(by, "customer_bank_accounts", customer.number, post=post).status_code == 302
    assert customer.partner.bank_accounts.get().iban == IBAN


def test_the_views_of_the_list(visit, company):
    by = sales_manager(company)
    mine = make_customer(company, "Mine", sales_rep=by)
    over = make_customer(company, "Over", limit=10)
    owe(over, 11)
    blocked, gone = make_customer(company, "Blocked"), make_customer(company, "Gone")
    CreditAccount.objects.filter(customers=blocked).update(blocked=True)
    visit(by, "archive_customers", post={"ids": [gone.pk]})
    assert names(visit(by, "customers")) == ["Blocked", "Mine", "Over"]
    assert names(visit(by, "customers", only="mine")) == ["Mine"]
    assert names(visit(by, "customers", only="over")) == ["Over"]
    assert names(visit(by, "customers", only="blocked")) == ["Blocked"]
    assert names(visit(by, "customers", only="archived")) == ["Gone"]
    assert names(visit(by, "customers", q="customer:ove over:5")) == ["Over"]
    assert names(visit(by, "customers", q=mine.number)) == ["Mine"]


def test_blocks_several_after_asking_why(visit, company):
    customers, by = make_customers(company, 2), credit_controller(company)
    ids = [customer.pk for customer in customers]
    asked = visit(by, "block_customers", post={"ids": ids})
    assert asked.status_code == 200
    assert "2 customers" in asked.content.decode()
    done = visit(by, "block_customers", post={"ids": ids, "reason": "Rumour"})
    assert done.status_code == 302
    assert CreditAccount.objects.filter(blocked=True).count() == 2


def test_archives_and_restores(visit, company):
    customer, by = make_customer(company), sales_manager(company)
    visit(by, "customer_archive", customer.number, post={})
    assert Customer.objects.get().archived_at is not None
    assert "Archived" in visit(by, "customer", customer.number).content.decode()
    visit(by, "customer_restore", customer.number, post={})
    assert Customer.objects.get().archived_at is None


def test_a_sales_rep_sees_own_customers_only(visit, company):
    rep = sales_rep(company)
    mine, other = make_customer(company, "Mine", sales_rep=rep), make_customer(company, "Other")
    assert names(visit(rep, "customers")) == ["Mine"]
    assert visit(rep, "customer", mine.number).status_code == 200
    assert visit(rep, "customer", other.number).status_code == 404
    assert visit(rep, "find_customers", q="Other").json() == []
    assert "Other" not in visit(rep, "customers", export="csv").getvalue().decode()
    assert visit(rep, "customer_contacts", other.number).status_code == 404


def test_another_company_is_not_there(visit, company, other_company):
    theirs = make_customer(other_company, number="X-1")
    by = sales_manager(company)
    assert visit(by, "customer", theirs.number).status_code == 404
    assert visit(stranger(), "customers").status_code == 404
    assert visit(by, "find_customers", q=theirs.partner.name).json() == []


FORBIDDEN = [
    (accountant, "new_customer", ()),
    (auditor, "customer_edit", ("C-00001",)),
    (sales_manager, "customer_credit", ("C-00001",)),
    (sales_manager, "customer_bank_accounts", ("C-00001",)),
    (warehouse_hand, "customer_contacts", ("C-00001",)),
    (sales_manager, "suppliers", ()),
    (sales_manager, "new_terms", ()),
    (accountant, "import_customers", ()),
]


@pytest.mark.parametrize(("who", "name", "args"), FORBIDDEN)
def test_doors_that_stay_shut(visit, company, who, name, args):
    make_customer(company)
    assert visit(who(company), name, *args).status_code == 403


def test_finds_customers_for_a_combo_box(visit, company):
    by = sales_manager(company)
    for name in ("Nordic Steel AB", "Steel Nord GmbH", "Anstahl KG", "Nordmann"):
        make_customer(company, name)

    def found(typed):
        return [option["label"] for option in visit(by, "find_customers", q=typed).json()]

    assert found("nord") == ["Nordic Steel AB", "Nordmann", "Steel Nord GmbH"]
    assert found("steel nor") == ["Steel Nord GmbH", "Nordic Steel AB"]
    assert found("C-00003") == ["Anstahl KG"]
    assert found("stahl") == []
    assert found("") == []
    option = visit(by, "find_customers", q="nordmann").json()[0]
    assert option == {
        "value": "C-00004",
        "label": "Nordmann",
        "note": "C-00004 · DE · EUR",
        "url": f"/{company.slug}/customers/C-00004",
    }


def test_statements_do_not_grow_with_the_list(
    visit, client, company, django_assert_max_num_queries
):
    make_customers(company, 10)
    visit(sales_manager(company), "customers")

    def statements(most, name, *args, **query):
        with django_assert_max_num_queries(most) as found:
            url = reverse(f"partners:{name}", args=[company.slug, *args])
            assert client.get(url, query).status_code == 200
        return len(found)

    few = statements(15, "customers", size=200)
    make_customers(company, 190)
    assert statements(15, "customers", size=200) == few
    statements(25, "customer", "C-00001")
    statements(7, "find_customers", q="cust")


def test_suppliers(visit, company):
    by = company_admin(company)
    make_terms(company)
    assert visit(by, "suppliers").status_code == 200
    assert visit(by, "new_supplier", post=NEW).status_code == 302
    supplier = Supplier.objects.get()
    assert "Acme GmbH" in visit(by, "supplier", supplier.number).content.decode()
    post = {**NEW, "name": "Acme Ltd", "seen": "1-1"}
    assert visit(by, "supplier_edit", supplier.number, post=post).status_code == 302
    visit(by, "supplier_archive", supplier.number, post={})
    assert names(visit(by, "suppliers", only="archived")) == ["Acme Ltd"]
    visit(by, "supplier_restore", supplier.number, post={})
    assert names(visit(by, "suppliers")) == ["Acme Ltd"]
    assert visit(by, "find_suppliers", q="acme").json()[0]["value"] == supplier.number


def test_the_page_names_the_other_accounts_of_a_partner(visit, company):
    customer = make_customer(company, vat_id="DE136695976")
    supplier = make_supplier(company, vat_id="DE136695976")
    page = visit(company_admin(company), "customer", customer.number).content.decode()
    assert f"/{company.slug}/suppliers/{supplier.number}" in page
    page = visit(sales_manager(company), "customer", customer.number).content.decode()
    assert f"/suppliers/{supplier.number}" not in page


def test_payment_terms(visit, company):
    by = controller(company)
    make_terms(company)
    assert visit(by, "terms").status_code == 200
    page = visit(by, "terms_page", "3PARTS").content.decode()
    assert "300.00" in page
    assert "400.00" in page
    halves = [
        {"percent": "50", "rule": "net", "months": "0", "days": "0"},
        {"percent": "50", "rule": "day_next", "months": "", "days": "15"},
    ]
    post = grid(halves, code="HALF", name="Half and half")
    assert visit(by, "new_terms", post=post).url == f"/{company.slug}/terms/HALF"
    wrong = grid([{**halves[0], "percent": "40"}, halves[1]], code="HALF", name="x", seen="1")
    assert "add up to 90 %" in visit(by, "edit_terms", "HALF", post=wrong).content.decode()
    better = grid(halves[::-1], code="HALF", name="Halves", seen="1")
    assert visit(by, "edit_terms", "HALF", post=better).status_code == 302
    assert PaymentTerms.objects.get(code="HALF").name == "Halves"
    visit(by, "archive_terms", "HALF", post={})
    assert "Halves" in visit(by, "terms", only="archived").content.decode()
    visit(by, "restore_terms", "HALF", post={})
    assert PaymentTerms.objects.get(code="HALF").archived_at is None
