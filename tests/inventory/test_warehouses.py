"""Warehouses."""

import pytest

from core.refusals import Refused
from inventory.actions import add_warehouse, change_warehouse
from inventory.models import Warehouse
from tests import cast


@pytest.fixture
def ada(company):
    return cast.company_admin(company)


def test_the_first_one_is_the_default_until_another_is(company, ada):
    first = add_warehouse(company, "ham", " Hamburg ", by=ada)
    second = add_warehouse(company, "BER", "Berlin", by=ada)
    assert (first.code, first.title, first.is_default) == ("HAM", "Hamburg", True)
    assert second.is_default is False
    change_warehouse(second.pk, "Berlin-Tempelhof", is_default=True, by=ada)
    assert list(Warehouse.objects.filter(is_default=True).values_list("title", flat=True)) == [
        "Berlin-Tempelhof"
    ]


def test_a_code_is_there_once(company, ada, nothing_changes):
    add_warehouse(company, "HAM", "Hamburg", by=ada)
    with nothing_changes(), pytest.raises(Refused) as refused:
        add_warehouse(company, " ham", "Again", by=ada)
    assert refused.value.code == "warehouse.code_taken"


def test_others_set_up_no_warehouse(company, place, hand, nothing_changes):
    with nothing_changes(), pytest.raises(Refused):
        add_warehouse(company, "NEW", "New", by=hand)
    with nothing_changes(), pytest.raises(Refused):
        change_warehouse(place.pk, "New", by=hand)
