"""What is no receipt: booked to an account, set aside with a reason, taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.refusals import Refused
from ledger.models import Account, AccountRole, Entry
from payments.actions import (
    book_transactions,
    record_receipts,
    set_aside_transactions,
    take_back_transactions,
)
from payments.forms import BookForm
from payments.models import BankTransaction
from tests import cast
from tests.factories.payments import Paid, make_bank_account, make_rate, make_statement
from tests.payments.books import newest, posted
from tests.payments.counting import statements

D = Decimal


def account(company, role):
    return Account.objects.get(company=company, role=role)


def imported(company, *paid, **camt):
    statement = make_statement(company, paid, **camt)
    return list(statement.transactions.order_by("position"))


def refused(company, deed, *args, **kwargs):
    since = newest(company)
    states = list(BankTransaction.objects.order_by("pk").values_list("state", "reason"))
    with pytest.raises(Refused) as raised:
        deed(*args, **kwargs)
    assert newest(company) == since
    assert list(BankTransaction.objects.order_by("pk").values_list("state", "reason")) == states
    return raised.value.code


def test_fees_are_booked_unless_said_otherwise(company, clerk):
    (fee,) = imported(company, Paid("-12.50", "Kontoführung"), opening="100.00")
    book_transactions([fee.pk], by=clerk, text="Account fee March")
    assert posted(company) == {"BANK_FEES": D("12.5"), "BANK": D("-12.5")}
    fee = BankTransaction.objects.get(pk=fee.pk)
    assert (fee.state, fee.entry.text) == ("recorded", "Account fee March")
    assert fee.entry.posting_date == date(2026, 3, 2)


def test_another_account_may_be_chosen(company, clerk):
    (interest,) = imported(company, Paid("3.10", "Zinsen"))
    other = account(company, AccountRole.LATE_INTEREST_INCOME)
    book_transactions([interest.pk], by=clerk, account=other)
    assert posted(company) == {"BANK": D("3.1"), "LATE_INTEREST_INCOME": D("-3.1")}


def test_a_reversal_may_be_booked(company, clerk):
    (back,) = imported(company, Paid("5.00", is_reversal=True))
    book_transactions([back.pk], by=clerk, account=account(company, AccountRole.EXPENSE))
    assert posted(company) == {"BANK": D("5"), "EXPENSE": D("-5")}


def test_foreign_fees_at_the_rate_of_the_day(company, clerk):
    make_rate(company, "USD", "1.2500", date(2026, 3, 2))
    (fee,) = imported(company, Paid("-12.50"), currency="USD", opening="100.00")
    book_transactions([fee.pk], by=clerk)
    assert posted(company)["BANK_FEES"] == D("10")


@pytest.mark.parametrize("role", ["AR_CONTROL", "UNAPPLIED_RECEIPTS", "AP_CONTROL", "INVENTORY"])
def test_control_accounts_are_refused(company, clerk, role):
    (fee,) = imported(company, Paid("-12.50"), opening="100.00")
    chosen = account(company, role)
    code = refused(company, book_transactions, [fee.pk], by=clerk, account=chosen)
    assert code == "transaction.control_account"


def test_accounts_of_other_companies_are_refused(company, clerk):
    (fee,) = imported(company, Paid("-12.50"), opening="100.00")
    chosen = account(cast.make_company(), AccountRole.EXPENSE)
    code = refused(company, book_transactions, [fee.pk], by=clerk, account=chosen)
    assert code == "transaction.no_account"


def test_own_bank_accounts_are_refused(company, clerk):
    """The statement of the other account brings its side of the transfer itself."""
    second = make_bank_account(company, "DE75512108001245126199", title="Zweitbank")
    (transfer,) = imported(company, Paid("-10.00"), opening="100.00")
    with pytest.raises(Refused) as raised:
        book_transactions([transfer.pk], by=clerk, account=second.account)
    assert raised.value.code == "transaction.bank_account"
    for word in ("Zweitbank", "1460 Payments in transit"):
        assert word in raised.value.message
    offered = BookForm(company=company).fields["account"].queryset
    assert not offered.filter(pk=second.account_id).exists()
    assert posted(company) == {}


def test_a_transfer_between_own_accounts_meets_in_transit(company, clerk):
    iban = "DE75512108001245126199"
    transit = account(company, AccountRole.PAYMENT_CLEARING)
    (out,) = imported(company, Paid("-10.00"), opening="100.00")
    (back,) = imported(company, Paid("10.00"), iban=iban)
    book_transactions([out.pk], by=clerk, account=transit)
    assert posted(company) == {"BANK": D("-10"), "PAYMENT_CLEARING": D("10")}
    book_transactions([back.pk], by=clerk, account=transit)
    second = back.statement.bank_account.account.number
    assert posted(company) == {"BANK": D("-10"), second: D("10")}


def test_what_moved_no_money_is_set_aside_not_booked(company, clerk):
    (nothing,) = imported(company, Paid("0.00", "Information"))
    assert refused(company, book_transactions, [nothing.pk], by=clerk) == "transaction.no_money"
    set_aside_transactions([nothing.pk], by=clerk, reason="Information only")
    assert BankTransaction.objects.get().state == "set_aside"


def test_booking_twice_is_refused(company, clerk):
    (fee,) = imported(company, Paid("-12.50"), opening="100.00")
    book_transactions([fee.pk], by=clerk)
    assert refused(company, book_transactions, [fee.pk], by=clerk) == "transaction.done"


def test_a_set_equals_one_by_one(db):
    results = []
    for at_once in (True, False):
        company = cast.make_company()
        fees = imported(company, Paid("-1.00"), Paid("-2.00"), Paid("4.00"), opening="100.00")
        ids = [fee.pk for fee in fees]
        for some in [ids] if at_once else [[pk] for pk in ids]:
            book_transactions(some, by=cast.system())
        entries = Entry.objects.filter(company=company).order_by("number")
        results.append((posted(company), list(entries.values_list("number", "event", "text"))))
    assert results[0] == results[1]


def test_set_aside_with_the_reason(company, clerk):
    (private,) = imported(company, Paid("-50.00"), opening="100.00")
    set_aside_transactions([private.pk], by=clerk, reason=" Paid by the parent company ")
    private = BankTransaction.objects.get(pk=private.pk)
    assert (private.state, private.reason) == ("set_aside", "Paid by the parent company")
    assert posted(company) == {}


def test_setting_aside_needs_a_reason(company, clerk):
    (private,) = imported(company, Paid("-50.00"), opening="100.00")
    code = refused(company, set_aside_transactions, [private.pk], by=clerk, reason=" ")
    assert code == "transaction.no_reason"


def test_what_was_booked_can_be_taken_back_and_booked_anew(company, clerk):
    (fee,) = imported(company, Paid("-12.50"), opening="100.00")
    for role in (AccountRole.BANK_FEES, AccountRole.EXPENSE):
        book_transactions([fee.pk], by=clerk, account=account(company, role))
        take_back_transactions([fee.pk], by=clerk)
        assert posted(company) == {}
        assert BankTransaction.objects.get(pk=fee.pk).state == "new"
    book_transactions([fee.pk], by=clerk)
    assert posted(company) == {"BANK_FEES": D("12.5"), "BANK": D("-12.5")}


def test_nothing_is_taken_back_on_a_day_before_it_is_booked(company, clerk):
    value_date = clock.today(company) + timedelta(days=3)
    (fee,) = imported(company, Paid("-12.50", value_on=value_date), opening="100.00")
    book_transactions([fee.pk], by=clerk)
    take_back_transactions([fee.pk], by=clerk)
    days = Entry.objects.filter(company=company).values_list("posting_date", flat=True)
    assert list(days) == [value_date, value_date]


def test_what_was_set_aside_can_be_taken_back(company, clerk):
    (private,) = imported(company, Paid("-50.00"), opening="100.00")
    set_aside_transactions([private.pk], by=clerk, reason="private")
    take_back_transactions([private.pk], by=clerk)
    private = BankTransaction.objects.get(pk=private.pk)
    assert (private.state, private.reason) == ("new", "")


def test_a_receipt_is_reversed_not_taken_back(company, clerk):
    (money,) = imported(company, Paid("50.00"))
    record_receipts([money.pk], by=clerk)
    assert (
        refused(company, take_back_transactions, [money.pk], by=clerk) == "transaction.not_booked"
    )


def test_nothing_done_is_nothing_to_take_back(company, clerk):
    (money,) = imported(company, Paid("50.00"))
    assert (
        refused(company, take_back_transactions, [money.pk], by=clerk) == "transaction.not_booked"
    )


def test_only_who_may_apply_decides(company, controller):
    (fee,) = imported(company, Paid("-12.50"), opening="100.00")
    for person in (controller, cast.auditor(company), cast.stranger()):
        refused(company, book_transactions, [fee.pk], by=person)
        refused(company, set_aside_transactions, [fee.pk], by=person, reason="x")
        refused(company, take_back_transactions, [fee.pk], by=person)


def test_the_statements_it_takes(company, clerk):
    opening, counts = D("1000.00"), []
    book_transactions([imported(company, Paid("-1.00"), opening=opening)[0].pk], by=clerk)
    for day, count in ((3, 1), (4, 50)):
        opening = D("999.00") if day == 3 else D("998.00")
        fees = imported(company, *[Paid("-1.00")] * count, opening=opening, on=date(2026, 3, day))
        with statements() as found:
            book_transactions([fee.pk for fee in fees], by=clerk)
        counts.append(len(found))
    assert counts == [9, 9]
