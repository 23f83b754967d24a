"""The pages of products and price lists: what they show, ask, refuse and save."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Price, PriceList, PriceListAssignment, Product
from catalog.queries import counted_price_lists, price_list_history
from core import clock
from tests.cast import accountant, company_admin, sales_manager, sales_rep, stranger
from tests.factories.catalog import (
    default_list,
    make_price,
    make_price_list,
    make_product,
    make_products,
)
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
NEW = {"code": "K-1", "name": "Kettle", "unit": "C62", "tax_class": "standard", "name_de": "Kessel"}


@pytest.fixture
def visit(client, company):
    """Opens a page of the company as somebody: visit(who, "product", "K-1")."""

    def open_page(who, name, *args, post=None, **query):
        client.force_login(who)
        url = reverse(f"catalog:{name}", args=[company.slug, *args])
        return client.post(url, post) if post is not None else client.get(url, query)

    return open_page


def names(response):
    found = re.findall(r'class="name[^"]*"><a href="[^"]*">([^<]*)</a>', response.content.decode())
    return sorted(found)


def hidden(response, name):
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode())
    return found and found[1]


def raise_by(visit, by, price_list, percent, on):
    """Looks at what a raise will do, and then does it."""
    post = {"percent": percent, "on": str(on)}
    shown = visit(by, "raise_prices", price_list.pk, post=post)
    post["shown"] = hidden(shown, "shown")
    return visit(by, "raise_prices", price_list.pk, post=post)


def test_adds_and_edits_a_product(visit, company):
    by = company_admin(company)
    assert visit(by, "new_product", post=NEW).url == f"/{company.slug}/products/K-1"
    product = Product.objects.get()
    assert (product.name, product.names, product.is_stocked) == ("Kettle", {"de": "Kessel"}, False)
    form = visit(by, "edit_product", "K-1")
    post = {**NEW, "name": "Red kettle", "seen": hidden(form, "seen")}
    assert visit(by, "edit_product", "K-1", post=post).status_code == 302
    page = visit(by, "product", "K-1").content.decode()
    for words in ("Red kettle", "Kessel", "piece (C62)", "Changes of master data"):
        assert words in page
    stale = visit(by, "edit_product", "K-1", post={**post, "name": "Blue kettle"})
    assert "changed this since you opened it" in stale.content.decode()
    again = {**post, "name": "Blue kettle", "seen": hidden(stale, "seen")}
    assert visit(by, "edit_product", "K-1", post=again).status_code == 302


def test_a_wrong_product_is_shown_with_its_mistakes(visit, company):
    by = company_admin(company)
    page = visit(by, "new_product", post={**NEW, "code": "A/B", "name": "\0"})
    assert page.status_code == 200
    page = visit(by, "new_product", post={**NEW, "code": "A/B"}).content.decode()
    assert "is no article number" in page
    make_product(company, code="K-1")
    assert "is taken" in visit(by, "new_product", post=NEW).content.decode()
    assert Product.objects.count() == 1


def test_the_views_of_the_products(visit, company):
    by = company_admin(company)
    make_product(company, code="P1", price=10)
    make_product(company, code="P2")
    gone = make_product(company, code="P3", price=5)
    visit(by, "archive_products", post={"ids": [gone.pk]})
    assert names(visit(by, "products")) == ["P1", "P2"]
    assert names(visit(by, "products", only="unpriced")) == ["P2"]
    assert names(visit(by, "products", only="archived")) == ["P3"]
    assert names(visit(by, "products", q="over:9")) == ["P1"]
    visit(by, "restore_product", "P3", post={})
    visit(by, "archive_product", "P1", post={})
    assert names(visit(by, "products")) == ["P2", "P3"]


def test_finds_products_with_their_price_of_today(visit, company):
    by = sales_manager(company)
    make_product(company, code="K-1", name="Kettle red", price="12.5")
    make_product(company, code="K-2", name="Lid for kettle")
    found = visit(by, "find_products", q="kett").json()
    assert [(o["value"], o["note"]) for o in found] == [
        ("K-1", "K-1 · piece · 12.50 EUR"), ("K-2", "K-2 · piece"),
    ]  # fmt: skip
    assert visit(by, "find_products", q="\0").json() == []


def test_a_price_list_from_nothing_to_a_copy(visit, company):
    by, product = sales_manager(company), make_product(company, code="P1")
    post = {"name": "Retail", "currency": "EUR", "is_default": "on"}
    visit(by, "new_price_list", post=post)
    row = PriceList.objects.get()
    assert (row.name, row.is_default) == ("Retail", True)
    lines = {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "seen": "1",
        "lines-0-product": "p1", "lines-0-amount": "9.99", "lines-0-valid_from": "2026-01-01",
        "lines-0-min_quantity": "0",
    }  # fmt: skip
    wrong = visit(by, "edit_prices", row.pk, post={**lines, "lines-0-product": "nothing"})
    assert "There is no article" in wrong.content.decode()
    assert visit(by, "edit_prices", row.pk, post=lines).status_code == 302
    assert Price.objects.get().product == product
    stale = visit(by, "edit_prices", row.pk, post={**lines, "lines-0-amount": "8"})
    assert "changed this since" in stale.content.decode()
    raise_by(visit, by, row, "10", "2026-07-01")
    copy = visit(by, "copy_price_list", row.pk,
                 post={"name": "Export", "percent": "-5", "on": "2026-06-01"})  # fmt: skip
    assert copy.status_code == 302
    found = Price.objects.filter(price_list__name="Export").order_by("valid_from")
    assert [price.amount for price in found] == [Decimal("9.49"), Decimal("10.44")]
    page = visit(by, "price_list", row.pk).content.decode()
    for words in ("Retail", "9.99", "10.99", "Prices set", "default list"):
        assert words in page


def test_customers_of_a_list(visit, client, company):
    by, customer, row = sales_manager(company), make_customer(company), make_price_list(company)
    visit(by, "add_customer", row.pk, post={"customer": customer.number})
    assert PriceListAssignment.objects.get().customer == customer
    assert str(customer) in visit(by, "price_list", row.pk).content.decode()
    visit(by, "remove_customers", row.pk, post={"ids": [customer.pk]})
    assert not PriceListAssignment.objects.exists()
    visit(by, "assign_price_list", customer.number, post={"price_list": row.pk})
    assert PriceListAssignment.objects.get().price_list == row
    page = visit(by, "assign_price_list", customer.number).content.decode()
    assert f'value="{row.pk}" selected' in page
    page = client.get(reverse("partners:customer", args=[company.slug, customer.number]))
    assert f">{row.name}</a>" in page.content.decode()


def test_only_lists_in_the_customers_currency_are_offered(visit, company):
    by, customer = sales_manager(company), make_customer(company)
    make_price_list(company, "Euros"), make_price_list(company, "Dollars", currency="USD")
    page = visit(by, "assign_price_list", customer.number).content.decode()
    assert ("Euros" in page, "Dollars" in page) == (True, False)
    row = PriceList.objects.get(name="Dollars")
    visit(by, "add_customer", row.pk, post={"customer": customer.number})
    assert not PriceListAssignment.objects.exists()


def test_renames_and_archives(visit, company):
    by, row = sales_manager(company), make_price_list(company, "Old")
    form = visit(by, "edit_price_list", row.pk)
    post = {"name": "New", "seen": hidden(form, "seen")}
    visit(by, "edit_price_list", row.pk, post=post)
    visit(by, "archive_price_list", row.pk, post={})
    row.refresh_from_db()
    assert (row.name, row.archived_at is None) == ("New", False)
    assert names(visit(by, "price_lists")) == []
    visit(by, "restore_price_list", row.pk, post={})
    assert names(visit(by, "price_lists")) == ["New"]


FORBIDDEN = [
    (sales_manager, "new_product", ()),
    (sales_manager, "import_products", ()),
    (accountant, "new_price_list", ()),
    (sales_rep, "new_price_list", ()),
]


@pytest.mark.parametrize(("who", "name", "args"), FORBIDDEN)
def test_doors_that_stay_shut(visit, company, who, name, args):
    assert visit(who(company), name, *args).status_code == 403


def test_another_companys_list_is_not_there(visit, company, other_company):
    theirs = default_list(other_company)
    by = sales_manager(company)
    for name in ("price_list", "edit_prices", "edit_price_list", "import_prices", "raise_prices"):
        assert visit(by, name, theirs.pk).status_code == 404
    assert visit(stranger(), "products").status_code == 404
    customer = make_customer(other_company)
    assert visit(by, "assign_price_list", customer.number).status_code == 404


def send(visit, who, name, content, *args):
    file = SimpleUploadedFile("table.csv", content.encode())
    shown = visit(who, name, *args, post={"file": file})
    token = hidden(shown, "checked")
    if token:
        assert visit(who, name, *args, post={"checked": token}).status_code == 302
    return shown.content.decode()


def test_imports_products(visit, company):
    by = company_admin(company)
    good = (
        "code,name,unit,tax_class,is_stocked,name_de\nA1,One,kilogram,reduced,no,Eins\nA2,Two,,,,\n"
    )
    send(visit, by, "import_products", good)
    one, two = Product.objects.select_related("unit").order_by("code")
    assert (one.unit.code, one.tax_class, one.is_stocked, one.names) == (
        "KGM",
        "reduced",
        False,
        {"de": "Eins"},
    )
    assert (two.unit.code, two.tax_class, two.is_stocked) == ("C62", "standard", True)
    bad = "code,name,unit,is_stocked\nA1,Again,,\nB1,One,stone,\nB2,,,maybe\nB3,X,,\nB3,Y,,\n"
    page = send(visit, by, "import_products", bad)
    for words in ("is taken", "is no unit", "is missing", "neither yes nor no", "twice"):
        assert words in page
    assert Product.objects.count() == 2


def test_imports_prices(visit, company):
    by, row = sales_manager(company), default_list(company)
    make_product(company, code="A1")
    make_product(company, code="A2")
    good = (
        "product;price;from_quantity;valid_from;valid_to\n"
        "A1;12,50;;2026-01-01;31.12.2026\na2;0,12345678;10;;\n"
    )
    send(visit, by, "import_prices", good, row.pk)
    prices = Price.objects.order_by("product__code")
    assert [(p.amount, p.min_quantity) for p in prices] == [
        (Decimal("12.5"), 0),
        (Decimal("0.12345678"), 10),
    ]
    assert (prices[0].valid_from, prices[0].valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    bad = (
        "product;price;from_quantity;valid_from;valid_to\n"
        "ZZ;1;;;\nA1;abc;;;\nA1;-1;;;\nA1;1.500;;;\nA1;1;-1;;\nA1;1;;2026-13-01;\n"
        "A1;1;;2026-02-01;2026-01-01\nA2;1;;2026-05-05;\nA2;2;;2026-05-05;\n"
    )
    page = send(visit, by, "import_prices", bad, row.pk)
    for words in (
        "There is no article", "is no number", "from 0 to below", "can mean", "is negative",
        "is no day", "before it begins", "for the same quantity and day",
    ):  # fmt: skip
        assert words in page, words
    assert Price.objects.count() == 2


def test_statements_do_not_grow(visit, client, company, django_assert_max_num_queries):
    make_products(company, 10)
    row = default_list(company)
    visit(sales_manager(company), "products")

    def statements(most, name, *args, **query):
        with django_assert_max_num_queries(most) as found:
            url = reverse(f"catalog:{name}", args=[company.slug, *args])
            assert client.get(url, query).status_code == 200
        return len(found)

    pages = [("products",), ("price_list", row.pk), ("price_lists",)]
    few = [statements(15, *page, size=200) for page in pages]
    make_products(company, 190)
    assert [statements(15, *page, size=200) for page in pages] == few
    code = Product.objects.first().code
    statements(25, "product", code)
    statements(7, "find_products", q="art")
    statements(15, "edit_prices", row.pk)


def test_the_page_of_a_product_leads_to_its_first_price(client, company):
    client.force_login(sales_manager(company))
    product, prices = make_product(company), default_list(company)
    make_product(company, price=5)
    page = client.get(f"/{company.slug}/products/{product.code}").content.decode()
    address = f"/{company.slug}/prices/{prices.pk}/prices?q={product.code}"
    assert f'href="{address}"' in page
    grid = client.get(address)
    assert grid.context["count"] == 0
    assert f'value="{product.code}"' in grid.content.decode()


def test_after_a_raise_each_article_has_one_valid_price(visit, client, company):
    by, prices = sales_manager(company), default_list(company)
    make_product(company, code="P1", price=10)
    today = clock.today(company)
    raise_by(visit, by, prices, "10", today)
    for when, amounts in (("valid", ["11.00"]), ("ended", ["10.00"]), ("coming", [])):
        page = visit(by, "price_list", prices.pk, when=when).content.decode()
        assert re.findall(r'data-label="Price" class="num">([^<]*)<', page) == amounts
    page = visit(by, "price_list", prices.pk).content.decode()
    assert page.count(">Superseded<") == page.count(">Valid</span>") == 1
    assert [row.prices_count for row in counted_price_lists(by, company)] == [1]
    page = visit(by, "product", "P1").content.decode()
    assert "11.00" in page
    assert "10.00" not in page[page.index('id="prices"') : page.index("Changes of master data")]


def test_a_raise_is_shown_before_it_is_done_and_told_afterwards(visit, client, company):
    by, prices = sales_manager(company), default_list(company)
    make_product(company, code="P1", price=10)
    make_product(company, code="P2", price=20)
    post = {"percent": "60", "on": "2026-07-01"}
    shown = visit(by, "raise_prices", prices.pk, post=post)
    page = shown.content.decode()
    for words in ("2 prices change by +60 % from 1 Jul 2026 on", "16.00", "32.00",
                  "is a large change", "Change 2 prices"):  # fmt: skip
        assert words in page, words
    assert Price.objects.count() == 2
    post["shown"] = hidden(shown, "shown")
    another = visit(by, "raise_prices", prices.pk, post={**post, "percent": "6"})
    assert "2 prices change by +6 %" in another.content.decode()
    assert visit(by, "raise_prices", prices.pk, post=post).status_code == 302
    told = client.get(reverse("catalog:price_list", args=[company.slug, prices.pk]))
    assert "2 prices change by +60 % from 1 Jul 2026 on." in told.content.decode()
    again = visit(by, "raise_prices", prices.pk, post=post)
    assert "were changed by +60 % already" in again.content.decode()
    assert Price.objects.count() == 4


def test_nothing_is_raised_to_nothing(visit, company):
    by, prices = sales_manager(company), default_list(company)
    make_product(company, price=10)
    page = visit(by, "raise_prices", prices.pk, post={"percent": "-100", "on": "2026-07-01"})
    assert "must be above -100" in page.content.decode()


def test_what_stayed_as_it_was_added_is_no_change_and_costs_nothing(company):
    make_products(company, 250)
    prices = default_list(company)
    one = Price.objects.first()
    make_price(prices, one.product, 11)
    make_products(company, 250)
    (change,) = price_list_history(prices)
    assert (change.before, change.after) == ("10", "11")
