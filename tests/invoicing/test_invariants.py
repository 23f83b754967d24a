"""The proof of what documents booked holds when the chart changes, and finds what breaks it."""

import pytest
from django.db import connection

from core.invariants import prove
from invoicing.invariants import INVARIANTS
from ledger.actions import add_accounts, change_account
from ledger.drafts import AccountDraft
from tests import cast
from tests.factories.invoicing import credit, make_invoice

pytestmark = pytest.mark.django_db
ALL = {invariant.id: invariant for invariant in INVARIANTS}
NEW = {
    "REVENUE": AccountDraft("8400", "Sales", "income"),
    "REVENUE_RETURNS": AccountDraft("8700", "Returns", "income"),
    "VAT_OUTPUT": AccountDraft("1776", "VAT", "liability"),
}


def test_a_use_may_move_to_another_account_after_it_was_posted_to(company):
    by = cast.controller(company)
    earlier = make_invoice(company)
    for role, draft in NEW.items():
        (account,) = add_accounts(company, [draft], by=by)
        change_account(account.pk, title=account.title, role=role, by=by)
    credit(earlier)
    make_invoice(company)


@pytest.mark.parametrize("role", ["REVENUE", "VAT_OUTPUT", "AR_CONTROL"])
def test_an_amount_on_an_account_without_the_use_is_found(db, role):
    make_invoice(cast.make_company())
    assert prove(ALL["I07b"]).violations == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entryline DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ledger_entryline SET account_id = other.id"
            "  FROM ledger_account a, ledger_account other"
            " WHERE a.id = account_id AND a.role = %s AND other.role = 'FREIGHT_INCOME'",
            [role],
        )
    assert prove(ALL["I07b"]).violations > 0
