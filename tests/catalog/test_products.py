"""Adding and changing articles."""

from dataclasses import replace

import pytest

from catalog.actions import add_products, archive_products, change_product, restore_products
from catalog.drafts import ProductDraft
from catalog.models import Product
from core.models import Event
from core.refusals import Refused
from tests.cast import company_admin, sales_manager, system
from tests.factories.catalog import make_product, product_draft

pytestmark = pytest.mark.django_db


def test_adds_an_article(company):
    draft = ProductDraft(" K-1 ", "Kettle  red", unit="piece", names={"de": "Kessel", "fr": " "})
    product = add_products(company, [draft], by=company_admin(company))[0]
    assert (product.code, product.name, product.unit.code) == ("K-1", "Kettle red", "C62")
    assert (product.tax_class, product.is_stocked, product.names) == (
        "standard",
        True,
        {"de": "Kessel"},
    )
    assert Event.objects.filter(verb="product.added", company=company).count() == 1


WRONG = [
    ("value.missing", {"code": " "}),
    ("catalog.code", {"code": "A/1"}),
    ("catalog.code", {"code": ".."}),
    ("value.reserved", {"code": "new"}),
    ("value.reserved", {"code": " find "}),
    ("value.too_long", {"code": "x" * 41}),
    ("value.missing", {"name": ""}),
    ("value.damaged", {"name": "a\x07b"}),
    ("catalog.unit", {"unit": "barrel"}),
    ("catalog.tax_class", {"tax_class": "luxury"}),
    ("value.too_long", {"names": {"de": "x" * 201}}),
]


@pytest.mark.parametrize(("code", "fields"), WRONG)
def test_refuses_and_adds_nothing(company, code, fields):
    with pytest.raises(Refused) as refusal:
        add_products(company, [product_draft(), product_draft(**fields)], by=system())
    assert (refusal.value.code, refusal.value.numbers["line"]) == (code, 1)
    assert not Product.objects.exists()


def test_a_number_is_there_once(company):
    product = make_product(company)
    with pytest.raises(Refused) as refusal:
        add_products(company, [product_draft(code=product.code)], by=system())
    assert refusal.value.code == "catalog.code_taken"
    with pytest.raises(Refused) as refusal:
        add_products(company, [product_draft(code="X1"), product_draft(code="X1")], by=system())
    assert refusal.value.code == "catalog.twice"


def test_a_number_in_other_letters_is_the_same_number(company):
    make_product(company, code="bolt-m8")
    with pytest.raises(Refused) as refusal:
        add_products(company, [product_draft(code="BOLT-M8")], by=system())
    assert refusal.value.code == "catalog.code_taken"
    with pytest.raises(Refused) as refusal:
        add_products(company, [product_draft(code="x1"), product_draft(code="X1")], by=system())
    assert refusal.value.code == "catalog.twice"


def test_only_who_keeps_the_catalogue_changes_it(company):
    by = sales_manager(company)
    product = make_product(company)
    for deed in (
        lambda: add_products(company, [product_draft()], by=by),
        lambda: change_product(company, product, product_draft(), seen=1, by=by),
        lambda: archive_products(company, [product.pk], by=by),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.code == "not_allowed"
    assert Product.objects.get().version == 1


def test_changes_an_article_but_not_its_number_or_unit_or_place_in_stock(company):
    product = make_product(company, code="K-1")
    wanted = ProductDraft("other", "Kettle", unit="KGM", tax_class="reduced", is_stocked=False)
    changed = change_product(company, product, wanted, seen=1, by=company_admin(company))
    changed.refresh_from_db()
    assert (changed.code, changed.unit.code, changed.name) == ("K-1", "C62", "Kettle")
    assert (changed.tax_class, changed.is_stocked, changed.version) == ("reduced", True, 2)


def test_a_form_on_an_old_version_is_refused_with_what_changed(company):
    product = make_product(company)
    first = replace(product_draft(), name="First")
    change_product(company, product, first, seen=1, by=company_admin(company))
    with pytest.raises(Refused) as refusal:
        change_product(company, product, product_draft(), seen=1, by=system())
    assert refusal.value.code == "changed_meanwhile"
    assert "Ada Novak" in refusal.value.message
    assert "→ First" in refusal.value.message
    assert Product.objects.get().name == "First"


def test_nothing_changed_leaves_no_event(company):
    product = make_product(company)
    same = ProductDraft(product.code, product.name)
    assert change_product(company, product, same, seen=1, by=system()).version == 1
    assert not Event.objects.filter(verb="product.changed").exists()


def test_archives_and_restores_a_set(company):
    products = [make_product(company) for _ in range(3)]
    ids = [product.pk for product in products]
    archive_products(company, ids[:2], by=system())
    archive_products(company, ids, by=system())
    assert Product.objects.filter(archived_at=None).count() == 0
    assert Event.objects.filter(verb="product.archived").count() == 3
    restore_products(company, ids, by=system())
    assert Product.objects.filter(archived_at=None).count() == 3


def test_what_is_not_there_refuses_the_whole_set(company):
    product = make_product(company)
    with pytest.raises(Refused):
        archive_products(company, [product.pk, product.pk + 99], by=system())
    assert Product.objects.get().archived_at is None
