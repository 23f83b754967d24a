"""Numbers: gapless, per company, kind and fiscal year, in date order where that is asked."""

import re
from datetime import date

import pytest

from core import numbering
from core.actions import action
from core.models import Company, NumberSeries
from core.refusals import Refused
from tests.architecture.source import modules, parse
from tests.proofs import broken_promises

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def series():
    numbering.register_series("paper", "PA")
    numbering.register_series("dated", "DA", chronological=True)
    numbering.register_series("endless", "EN", endless=True)
    yield
    del numbering.SERIES["paper"], numbering.SERIES["dated"], numbering.SERIES["endless"]


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme", name="Acme", legal_name="Acme", country="DE", currency="EUR"
    )


@action
def take(company, wanted, fail=False):
    numbers = numbering.take(company, wanted)
    if fail:
        raise Refused("test", "after the number was taken")
    return numbers


def test_a_block_follows_the_one_before(company):
    on = date(2026, 3, 1)
    assert take(company, {("paper", on): 2}) == {("paper", on): ["PA-2026-00001", "PA-2026-00002"]}
    assert take(company, {("paper", on): 1})["paper", on] == ["PA-2026-00003"]


def test_a_rollback_gives_the_number_back(company):
    on = date(2026, 3, 1)
    with pytest.raises(Refused):
        take(company, {("paper", on): 1}, fail=True)
    assert take(company, {("paper", on): 1})["paper", on] == ["PA-2026-00001"]


def test_each_fiscal_year_counts_from_one(company):
    company.fiscal_year_start = 7
    assert take(company, {("paper", date(2026, 6, 30)): 1}).popitem()[1] == ["PA-2026-00001"]
    assert take(company, {("paper", date(2026, 7, 1)): 1}).popitem()[1] == ["PA-2027-00001"]


def test_an_endless_series_goes_on_in_every_year(company):
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2026, 3, 1)]
    found = [take(company, {("endless", on): 1})["endless", on] for on in days]
    assert found == [["EN-00001"], ["EN-00002"], ["EN-00003"]]
    assert take(company, {("endless", days[0]): 1, ("paper", days[0]): 1}) == {
        ("endless", days[0]): ["EN-00004"],
        ("paper", days[0]): ["PA-2026-00001"],
    }


def test_several_kinds_come_in_one_statement(company, django_assert_num_queries):
    on = date(2026, 3, 1)
    take(company, {("paper", on): 1, ("dated", on): 1})
    with django_assert_num_queries(3):  # BEGIN, the numbers, COMMIT
        numbers = take(company, {("paper", on): 1, ("dated", on): 2})
    assert numbers == {
        ("paper", on): ["PA-2026-00002"],
        ("dated", on): ["DA-2026-00002", "DA-2026-00003"],
    }


def test_a_chronological_series_refuses_an_earlier_day(company):
    take(company, {("dated", date(2026, 3, 2)): 1})
    with pytest.raises(Refused) as refused:
        take(company, {("dated", date(2026, 3, 1)): 1})
    assert refused.value.code == "numbering.out_of_order"
    assert NumberSeries.objects.get(kind="dated").next == 2
    assert take(company, {("dated", date(2026, 3, 2)): 1}).popitem()[1] == ["DA-2026-00002"]


def test_two_days_of_one_year_come_in_two_calls(company):
    with pytest.raises(ValueError, match="one day"):
        take(company, {("paper", date(2026, 1, 1)): 1, ("paper", date(2026, 1, 2)): 1})


PROOFS = {
    "order": "I08o", "shipment": "I08h", "invoice": "I08i", "credit_note": "I08i",
    "receipt": "I08r", "entry": "I08b", "stock_document": "I08s",
}  # fmt: skip


@pytest.mark.parametrize("kind", PROOFS)
def test_a_number_given_out_that_no_document_has_is_found(company, kind):
    take(company, {(kind, date(2026, 3, 1)): 1})
    prefix = numbering.SERIES[kind][0]
    ((proof, _name, found),) = broken_promises()
    assert (proof, found) == (PROOFS[kind], [(company.pk, prefix, "2026", 1, None, None)])


def test_every_series_is_proved():
    """But that of accounts, which go around the numbers their owners brought."""
    of_accounts = {"customer", "supplier"}
    assert set(numbering.SERIES) - {"paper", "dated", "endless"} - of_accounts == set(PROOFS)


SERIES = "core_numberseries"


def advancing(found):
    return [m.name for m in found if re.search(f"(UPDATE|INSERT INTO) {SERIES}", m.text)]


def test_nobody_else_advances_a_series():
    assert advancing(modules()) == ["core.numbering"]
    assert advancing([parse("partners.numbers", f"TAKE = 'INSERT INTO {SERIES} AS s'")])
