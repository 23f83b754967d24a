"""Tax codes by day of supply, and which one a supply falls under."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.actions import (
    add_tax_codes,
    end_tax_code,
)
from ledger.drafts import TaxCodeDraft
from ledger.models import AccountRole, TaxCode
from ledger.tax import Buyer, determine, load
from tests.cast import controller, make_company, system
from tests.factories.ledger import DAY
from tests.refusals import code_of

pytestmark = pytest.mark.django_db
R = AccountRole


def test_a_new_rate_ends_the_old_one_the_day_before(company):
    draft = TaxCodeDraft("S19", "20 %", "S", Decimal(20), date(2027, 1, 1), "standard")
    add_tax_codes(company, [draft], by=controller(company))
    table, home = load(company), Buyer("DE", is_business=True)
    assert determine(table, home, "standard", date(2026, 12, 31)).rate == 19
    assert determine(table, home, "standard", date(2027, 1, 1)).rate == 20
    assert code_of(add_tax_codes, company, [draft], by=system()) == "tax.twice"


@pytest.mark.parametrize(
    ("buyer", "goods", "tax_class", "found"),
    [
        (Buyer("DE", True, "DE1"), True, "standard", ("S", 19)),
        (Buyer("DE", False), True, "reduced", ("S", 7)),
        (Buyer("DE", False), True, "zero", ("Z", 0)),
        (Buyer("DE", False), True, "exempt", ("E", 0)),
        (Buyer("FR", True, "FR1"), True, "standard", ("K", 0)),
        (Buyer("FR", True, "FR1"), False, "standard", ("AE", 0)),
        (Buyer("FR", True), True, "standard", ("S", 19)),
        (Buyer("FR", False), True, "reduced", ("S", 7)),
        (Buyer("FR", True, "FR1"), True, "exempt", ("E", 0)),
        (Buyer("CH", True), True, "standard", ("G", 0)),
        (Buyer("US", False), True, "standard", ("G", 0)),
        (Buyer("US", True), False, "standard", ("O", 0)),
        (Buyer("US", False), False, "standard", ("S", 19)),
    ],
)
def test_the_code_of_a_supply(company, buyer, goods, tax_class, found):
    code = determine(load(company), buyer, tax_class, DAY, goods=goods)
    assert (code.category, code.rate) == found


def test_a_country_without_vat(db):
    table = load(make_company(country="US", currency="USD"))
    for buyer in (Buyer("US", is_business=True), Buyer("DE", is_business=False)):
        assert determine(table, buyer, "standard", DAY).category == "O"


def test_no_code_for_the_day_is_refused(company):
    code = TaxCode.objects.get(company=company, code="S19")
    end_tax_code(code.pk, on=date(2026, 3, 14), by=controller(company))
    home = Buyer("DE", is_business=True)
    assert code_of(determine, load(company), home, "standard", DAY) == "tax.no_code"


def test_bad_tax_codes_are_refused(company):
    for fields, code in (
        (("X", "Odd", "S", Decimal(0), DAY), "tax.bad_rate"),
        (("X", "Odd", "Z", Decimal(5), DAY), "tax.bad_rate"),
        (("X", "Odd", "S", Decimal(101), DAY), "tax.bad_rate"),
        (("X", "Odd", "G", Decimal(0), DAY), "tax.no_reason"),
        (("", "Odd", "Z", Decimal(0), DAY), "tax.no_name"),
    ):
        assert code_of(add_tax_codes, company, [TaxCodeDraft(*fields)], by=system()) == code
