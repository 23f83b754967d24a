"""The chart of accounts: adding, renaming, giving a use, archiving."""

import pytest

from ledger.actions import (
    add_accounts,
    archive_account,
    change_account,
)
from ledger.drafts import AccountDraft
from ledger.models import Account, AccountRole
from tests.cast import controller, stranger, system
from tests.factories.ledger import owe
from tests.refusals import code_of

pytestmark = pytest.mark.django_db
R = AccountRole


def test_accounts_are_added_renamed_and_given_a_use(company):
    by = controller(company)
    (account,) = add_accounts(company, [AccountDraft("4401", "Export", "income")], by=by)
    change_account(account.pk, title="Sales abroad", role="REVENUE", by=by)
    account.refresh_from_db()
    assert (account.title, account.role) == ("Sales abroad", "REVENUE")
    assert Account.objects.get(company=company, number="4400").role == ""


def test_the_account_of_a_subledger_keeps_its_postings(company, customer):
    by = controller(company)
    owe(company, customer, 100)
    (account,) = add_accounts(company, [AccountDraft("1201", "Receivables", "asset")], by=by)
    move = {"title": "Receivables", "role": "AR_CONTROL", "by": by}
    assert code_of(change_account, account.pk, **move) == "account.role_needed"


def test_bad_accounts_are_refused(company):
    for draft, code in (
        (AccountDraft("4400", "Again", "income"), "account.twice"),
        (AccountDraft("44 00", "Blank", "income"), "account.bad_number"),
        (AccountDraft("new", "Shadowed", "income"), "partners.reserved"),
        (AccountDraft("4402", " ", "income"), "account.no_name"),
        (AccountDraft("4402", "Odd", "odd"), "account.bad_kind"),
    ):
        assert code_of(add_accounts, company, [draft], by=system()) == code
    revenue = Account.objects.get(company=company, role="REVENUE")
    assert code_of(archive_account, revenue.pk, by=system()) == "account.in_use"
    assert code_of(archive_account, revenue.pk, by=stranger()) == "account.unknown"
