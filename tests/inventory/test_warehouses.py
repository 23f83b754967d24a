"""Warehouses."""

from decimal import Decimal

import pytest

from core.pages import timeline
from core.refusals import Refused
from inventory.actions import (
    add_warehouse,
    adjust_stock,
    archive_warehouses,
    change_warehouse,
    receive_stock,
    restore_warehouses,
)
from inventory.drafts import StockChange, StockLine
from inventory.models import Warehouse
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.inventory import make_warehouse, receive
from tests.refusals import code_of, verbs


@pytest.fixture
def ada(company):
    return cast.company_admin(company)


def test_the_first_one_is_the_default_until_another_is(company, ada):
    first = add_warehouse(company, "ham", " Hamburg ", by=ada)
    second = add_warehouse(company, "BER", "Berlin", by=ada)
    assert (first.code, first.title, first.is_default) == ("HAM", "Hamburg", True)
    assert second.is_default is False
    change_warehouse(second, "Berlin-Tempelhof", is_default=True, seen=second.version, by=ada)
    assert list(Warehouse.objects.filter(is_default=True).values_list("title", flat=True)) == [
        "Berlin-Tempelhof"
    ]


def test_a_code_is_there_once(company, ada, nothing_changes):
    add_warehouse(company, "HAM", "Hamburg", by=ada)
    with nothing_changes(), pytest.raises(Refused) as refused:
        add_warehouse(company, " ham", "Again", by=ada)
    assert refused.value.code == "warehouse.code_taken"


def test_a_code_can_stand_in_an_address(company, ada, client, nothing_changes):
    for code, told in (
        ("A/B", "value.number"), ("..", "value.number"), (" ", "value.missing"),
        ("ELEVENSIGNS", "value.too_long"),
    ):  # fmt: skip
        with nothing_changes():
            assert code_of(add_warehouse, company, code, "Hall", by=ada) == told
    client.force_login(ada)
    said = {"code": "A/B", "title": "Hall"}
    page = client.post(f"/{company.slug}/warehouses/new", said).content.decode()
    assert "“A/B” is no code" in page
    assert client.get(f"/{company.slug}/warehouses/").status_code == 200


def test_adding_and_changing_are_told(company, ada, place):
    change_warehouse(place, "Hall 2", seen=place.version, by=ada)
    change_warehouse(place, "Hall 2", seen=place.version + 1, by=ada)
    told = timeline(company, "warehouse", place.pk)
    assert [(moment.words, moment.by) for moment in told] == [
        ("Changed", ada.name), ("Added", cast.system().name),
    ]  # fmt: skip


def test_a_form_that_is_out_of_date_is_refused_once(company, ada, place, client, nothing_changes):
    seen = place.version
    change_warehouse(place, "Hall 2", seen=seen, by=ada)
    with nothing_changes():
        stale = {"title": "Hall 3", "seen": seen, "by": ada}
        assert code_of(change_warehouse, place, **stale) == "changed_meanwhile"
    client.force_login(ada)
    page = f"/{company.slug}/warehouses/{place.code}"
    answer = client.post(page, {"title": "Hall 3", "seen": seen})
    assert "changed this since you opened it" in answer.content.decode()
    client.post(page, {"title": "Hall 3", "seen": answer.context["form"]["seen"].value()})
    assert Warehouse.objects.get(pk=place.pk).title == "Hall 3"


def test_a_warehouse_that_is_not_there_is_refused(company, ada, place, nothing_changes):
    place.pk = 10**9
    with nothing_changes():
        assert code_of(change_warehouse, place, "Hall", seen=1, by=ada) == "warehouse.unknown"


def test_an_empty_warehouse_is_put_away_and_taken_out_again(company, place, ada):
    berlin, bolt = make_warehouse(company, "BER", "Berlin"), make_product(company)
    archive_warehouses(company, [berlin.pk], by=ada)
    delivery = StockChange(berlin.pk, [StockLine(bolt.pk, Decimal(1), Decimal(2))])
    assert code_of(receive_stock, company, [delivery], by=ada) == "not_allowed"
    assert code_of(receive_stock, company, [delivery], by=cast.system()) == (
        "stock.unknown_warehouse"
    )
    restore_warehouses(company, [berlin.pk], by=ada)
    receive_stock(company, [delivery], by=cast.system())
    assert verbs(company)[-3:] == [
        "warehouse.archived", "warehouse.restored", "stock.received",
    ]  # fmt: skip


def test_a_warehouse_in_use_is_not_put_away(company, place, ada, nothing_changes):
    berlin, bolt = make_warehouse(company, "BER", "Berlin"), make_product(company)
    receive(company, (bolt, 5), warehouse=berlin)
    with nothing_changes():
        assert code_of(archive_warehouses, company, [place.pk], by=ada) == "warehouse.is_default"
        assert code_of(archive_warehouses, company, [berlin.pk], by=ada) == "warehouse.has_stock"
        assert code_of(archive_warehouses, company, [10**9], by=ada) == "warehouse.unknown"
    lost = StockChange(berlin.pk, [StockLine(bolt.pk, Decimal(-5))], reason="Moved")
    adjust_stock(company, [lost], by=cast.system())
    archive_warehouses(company, [berlin.pk], by=ada)
    with nothing_changes():
        berlin.refresh_from_db()
        default = {"title": "Berlin", "is_default": True, "seen": berlin.version, "by": ada}
        assert code_of(change_warehouse, berlin, **default) == "warehouse.archived"


def test_the_list_shows_what_was_put_away_where_it_is_asked_for(company, place, ada, client):
    berlin = make_warehouse(company, "BER", "Berlin")
    client.force_login(ada)
    page = f"/{company.slug}/warehouses/"
    client.post(f"{page}archive", {"ids": [berlin.pk]})
    assert "Berlin" not in client.get(page).content.decode()
    assert "Berlin" in client.get(page, {"only": "archived"}).content.decode()
    client.post(f"{page}restore", {"ids": [berlin.pk]})
    assert "Berlin" in client.get(page).content.decode()


def test_others_set_up_no_warehouse(company, place, hand, nothing_changes):
    with nothing_changes(), pytest.raises(Refused):
        add_warehouse(company, "NEW", "New", by=hand)
    with nothing_changes(), pytest.raises(Refused):
        change_warehouse(place, "New", seen=place.version, by=hand)
    with nothing_changes(), pytest.raises(Refused):
        archive_warehouses(company, [place.pk], by=hand)
