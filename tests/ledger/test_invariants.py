"""The proof of what customers owe holds, and finds what breaks it."""

import pytest
from django.db import connection

from core.invariants import prove
from ledger.invariants import INVARIANTS
from partners.models import Exposure
from tests.factories.ledger import owe, pay, settle

pytestmark = pytest.mark.django_db
(OWED,) = (invariant for invariant in INVARIANTS if invariant.id == "I11i")

BREAKS = {
    "too much is owed": "UPDATE partners_exposure SET receivable = receivable + 1",
    "unapplied money is forgotten": "UPDATE partners_exposure SET unapplied = 0",
    "a currency is missing": "DELETE FROM partners_exposure",
    "a currency is owed that no item has": "UPDATE partners_exposure SET currency = 'USD'",
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_customers_owe_is_proved_by_their_items(company, customer, what):
    settle(company, (owe(company, customer, 100), pay(company, customer, 70), 40))
    of_customer = Exposure.objects.filter(credit_account=customer.credit_account)
    assert list(of_customer.values_list("receivable", "unapplied")) == [(60, 30)]
    assert prove(OWED).violations == 0
    with connection.cursor() as cursor:
        cursor.execute(BREAKS[what])
    assert prove(OWED).violations > 0
