"""The chart of accounts: adding, renaming, giving a use, archiving."""

import pytest

from core.pages import timeline
from ledger.actions import (
    add_accounts,
    archive_accounts,
    change_account,
    restore_accounts,
)
from ledger.drafts import AccountDraft
from ledger.models import Account, AccountRole
from tests.cast import accountant, controller, stranger, system
from tests.factories.ledger import owe
from tests.refusals import code_of, verbs

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


def test_the_account_that_loses_a_use_says_so_too(company):
    by = controller(company)
    (account,) = add_accounts(company, [AccountDraft("4401", "Export", "income")], by=by)
    change_account(account.pk, title="Export", role="REVENUE", by=by)
    former = Account.objects.get(company=company, number="4400")
    for row, role in ((account, "REVENUE"), (former, "")):
        moment = timeline(company, "account", row.pk)[0]
        assert (moment.verb, moment.facts["role"]) == ("account.changed", role)


def test_income_and_balance_sheet_keep_their_uses(company):
    by = controller(company)
    drafts = [AccountDraft("1450", "Accrued", "asset"), AccountDraft("4401", "Export", "income")]
    asset, income = add_accounts(company, drafts, by=by)
    for account, role in ((asset, "REVENUE"), (income, "VAT_OUTPUT")):
        move = {"title": account.title, "role": role, "by": by}
        assert code_of(change_account, account.pk, **move) == "account.other_kind"


def test_bad_accounts_are_refused(company):
    for draft, code in (
        (AccountDraft("4400", "Again", "income"), "account.twice"),
        (AccountDraft("44 00", "Blank", "income"), "account.bad_number"),
        (AccountDraft("new", "Shadowed", "income"), "value.reserved"),
        (AccountDraft("4402", " ", "income"), "account.no_name"),
        (AccountDraft("4402", "Odd", "odd"), "account.bad_kind"),
    ):
        assert code_of(add_accounts, company, [draft], by=system()) == code
    revenue = Account.objects.get(company=company, role="REVENUE")
    of_revenue = (archive_accounts, company, [revenue.pk])
    assert code_of(*of_revenue, by=system()) == "account.in_use"
    assert code_of(*of_revenue, by=stranger()) == "account.unknown"
    assert code_of(*of_revenue, by=accountant(company)) == "not_allowed"


def test_accounts_go_out_of_use_and_come_back(company, client):
    by = controller(company)
    drafts = [AccountDraft(number, "Export", "income") for number in ("4401", "4402")]
    ids = [row.pk for row in add_accounts(company, drafts, by=by)]
    away = Account.objects.filter(pk__in=ids).exclude(archived_at=None)
    assert len(archive_accounts(company, ids, by=by)) == 2
    assert archive_accounts(company, ids, by=by) == []
    assert away.count() == 2
    restore_accounts(company, ids, by=by)
    assert not away.exists()
    assert verbs(company)[-4:] == ["account.archived"] * 2 + ["account.restored"] * 2
    client.force_login(by)
    chart = f"/{company.slug}/books/accounts/"
    for deed, page in (("archive", {"only": "archived"}), ("restore", {})):
        client.post(f"{chart}{deed}", {"ids": ids[:1]})
        assert "4401" in client.get(chart, page).content.decode()
