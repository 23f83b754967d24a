"""Own bank accounts and the accounts that mirror them."""

from dataclasses import replace

import pytest

from core.refusals import Refused
from ledger.actions import (
    add_bank_accounts,
    archive_accounts,
    archive_bank_accounts,
    change_bank_account,
    restore_accounts,
    restore_bank_accounts,
)
from ledger.drafts import BankAccountDraft
from ledger.models import Account, AccountRole, BankAccount
from tests.cast import controller, system
from tests.refusals import code_of, verbs

pytestmark = pytest.mark.django_db
R = AccountRole


def test_each_bank_account_has_an_account_of_its_own(company):
    main, dollars = add_bank_accounts(
        company,
        [
            BankAccountDraft("House bank", "DE89 3704 0044 0532 0130 00", "EUR", is_default=True),
            BankAccountDraft("House bank", "DE89370400440532013000", "USD"),
        ],
        by=controller(company),
    )
    assert (main.iban, main.bic) == ("DE89370400440532013000", "COBADEFFXXX")
    assert main.account.role == "BANK"
    assert (dollars.account.number, dollars.account.role) == ("1801", "")
    assert dollars.account.title == "House bank USD"


def test_an_account_says_its_currency_once(company):
    drafts = [
        BankAccountDraft("House EUR", "DE89370400440532013000", "EUR"),
        BankAccountDraft("House GBP", "GB29NWBK60161331926819", "GBP"),
    ]
    _euros, pounds = add_bank_accounts(company, drafts, by=controller(company))
    assert pounds.account.title == "House GBP"


@pytest.mark.parametrize(
    ("first", "behind"),
    [("B100", "B101"), ("0099", "0100"), ("BANK", "BANK1"), ("A9", "A10"), ("1800", "1801")],
)
def test_the_next_bank_account_is_numbered_behind_the_first(company, first, behind):
    bank = Account.objects.filter(company=company, role=R.BANK)
    bank.update(number=first)
    assert [row.account.number for row in two_banks(company)] == [first, behind]


@pytest.mark.parametrize("first", ["9999999999", "HOUSEBANKS"])
def test_where_no_number_is_left_it_says_so(company, first):
    Account.objects.filter(company=company, role=R.BANK).update(number=first)
    assert code_of(two_banks, company) == "bank.no_number"
    assert not BankAccount.objects.exists()


def two_banks(company):
    drafts = [
        BankAccountDraft("House EUR", "DE89370400440532013000", "EUR"),
        BankAccountDraft("House GBP", "GB29NWBK60161331926819", "GBP"),
    ]
    return add_bank_accounts(company, drafts, by=controller(company))


def test_one_bank_account_a_currency_is_printed(company):
    by = controller(company)
    first, second = add_bank_accounts(
        company,
        [
            BankAccountDraft("One", "DE89370400440532013000", "EUR", is_default=True),
            BankAccountDraft("Two", "GB29NWBK60161331926819", "EUR", is_default=True),
        ],
        by=by,
    )
    printed = BankAccount.objects.filter(company=company, is_default=True)
    assert [*printed] == [second]
    draft = BankAccountDraft("First", first.iban, "EUR", is_default=True)
    change_bank_account(first.pk, draft, by=by)
    assert [row.title for row in printed.all()] == ["First"]
    archive_bank_accounts(company, [first.pk], by=by)
    assert not printed.all()


def test_a_wrong_iban_and_a_second_one_are_refused(company):
    good = BankAccountDraft("One", "DE89370400440532013000", "EUR")
    wrong = BankAccountDraft("One", "DE89370400440532013001", "EUR")
    assert code_of(add_bank_accounts, company, [wrong], by=system()) == "value.iban"
    assert code_of(add_bank_accounts, company, [good, good], by=system()) == "bank.twice"
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"currency": "ZZZ"}, "value.currency"),
        ({"currency": "DEM"}, "value.currency"),
        ({"bic": "NONSENSE"}, "value.bic"),
        ({"iban": ""}, "value.iban"),
    ],
)
def test_what_invoices_would_print_is_checked(company, wrong, code):
    right = BankAccountDraft("One", "DE89370400440532013000", "EUR", bic="COBADEFFXXX")
    with pytest.raises(Refused) as refused:
        add_bank_accounts(company, [replace(right, **wrong)], by=system())
    assert (refused.value.code, refused.value.numbers["field"]) == (code, *wrong)
    (added,) = add_bank_accounts(company, [right], by=system())
    nonsense = replace(right, bic="NONSENSE")
    assert code_of(change_bank_account, added.pk, nonsense, by=system()) == "value.bic"


def test_a_bank_account_goes_out_of_use_and_comes_back(company, client):
    _main, pounds = two_banks(company)
    by = controller(company)
    client.force_login(by)
    banks = f"/{company.slug}/books/banks/"
    client.post(f"{banks}archive", {"ids": [pounds.pk]})
    assert "House GBP" not in client.get(banks).content.decode()
    again = BankAccountDraft("Again", pounds.iban, "GBP")
    with pytest.raises(Refused, match="out of use"):
        add_bank_accounts(company, [again], by=by)
    archive_accounts(company, [pounds.account_id], by=by)
    ids = [pounds.pk]
    assert code_of(restore_bank_accounts, company, ids, by=by) == "bank.no_account"
    restore_accounts(company, [pounds.account_id], by=by)
    client.post(f"{banks}restore", {"ids": ids})
    assert "House GBP" in client.get(banks).content.decode()
    assert verbs(company)[-1] == "bank_account.restored"
