"""Reversing: recorded in error, or taken back by the bank; what it paid is open again."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from core import clock
from core.models import Event
from core.refusals import Refused
from ledger.models import Entry, EntryLine, OpenItem
from partners.models import Exposure
from payments.actions import (
    Choice,
    apply_receipts,
    match_receipts,
    record_receipts,
    return_receipts,
    reverse_receipts,
    take_back_transactions,
    undo_returns,
)
from payments.models import BankTransaction, Receipt
from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, enter_receipt, make_receipts, make_statement, owe
from tests.payments.books import newest, posted
from tests.proofs import broken_promises

D = Decimal


@pytest.fixture
def paid(company, acme, clerk):
    """An invoice, and the receipt of a statement that paid it."""
    item = owe(acme, "100.00", reference="R1234")
    (receipt,) = make_receipts(company, [Paid("100.00", reference="R1234")])
    apply_receipts([Choice(receipt.pk, [(item.pk, D("100.00"))])], by=clerk)
    return item, Receipt.objects.get(pk=receipt.pk)


def test_a_receipt_recorded_in_error(company, acme, controller, paid):
    item, receipt = paid
    reverse_receipts([receipt.pk], by=controller, reason="Wrong company")
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.state, receipt.reason) == ("reversed", "Wrong company")
    assert receipt.reversed_at is not None
    assert OpenItem.objects.get(pk=item.pk).open_amount == D("100")
    assert receipt.open_item.open_amount == 0
    assert posted(company) == {"AR_CONTROL": D("100"), "OPENING_BALANCE": D("-100")}
    exposure = Exposure.objects.get(credit_account=acme.credit_account)
    assert (exposure.receivable, exposure.unapplied) == (D("100"), D("0"))
    assert receipt.transaction.state == "new"
    assert Entry.objects.filter(reverses=receipt.entry).exists()
    assert Event.objects.get(verb="receipt.reversed").facts["reason"] == "Wrong company"


def test_its_transaction_can_be_recorded_again(company, controller, clerk, paid):
    _item, receipt = paid
    reverse_receipts([receipt.pk], by=controller, reason="Mistake")
    (again,) = record_receipts([receipt.transaction_id], by=clerk)
    assert again.number == "RC-2026-00002"


def test_it_is_never_reversed_on_a_day_before_it_came(company, acme, clerk, controller):
    value_date = clock.today(company) + timedelta(days=3)
    item = owe(acme, "100.00")
    (receipt,) = make_receipts(company, [Paid("100.00", value_on=value_date)])
    apply_receipts([Choice(receipt.pk, [(item.pk, D("100.00"))])], by=clerk)
    reverse_receipts([receipt.pk], by=controller, reason="Wrong company")
    days = Entry.objects.filter(company=company, posting_date__gt=clock.today(company))
    assert set(days.values_list("posting_date", flat=True)) == {value_date}
    assert Entry.objects.get(reverses=receipt.entry).posting_date == value_date


def test_money_of_nobody_can_be_reversed(company, controller):
    (receipt,) = make_receipts(company, [Paid("100.00")])
    reverse_receipts([receipt.pk], by=controller, reason="Not ours")
    assert posted(company) == {}


def test_money_entered_by_hand_can_be_reversed(company, acme, controller):
    receipt = enter_receipt(company, "100.00", acme)
    reverse_receipts([receipt.pk], by=controller, reason="Counted twice")
    assert posted(company) == {}


def test_charges_are_reversed_too(company, controller):
    (receipt,) = make_receipts(company, [Paid("1183.00", charges="7.00")])
    reverse_receipts([receipt.pk], by=controller, reason="Not ours")
    assert posted(company) == {}


def test_a_set_is_reversed_at_once(company, acme, controller):
    receipts = [enter_receipt(company, f"{n}.00", acme) for n in (1, 2, 3)]
    reverse_receipts([r.pk for r in receipts], by=controller, reason="Wrong file")
    assert set(Receipt.objects.values_list("state", flat=True)) == {"reversed"}
    assert posted(company) == {}


def refused(deed, company):
    since = newest(company)
    with pytest.raises(Refused) as raised:
        deed()
    assert newest(company) == since
    return raised.value.code


def test_twice_is_refused(company, controller, paid):
    _item, receipt = paid
    reverse_receipts([receipt.pk], by=controller, reason="Mistake")
    again = partial(reverse_receipts, [receipt.pk], by=controller, reason="Mistake")
    assert refused(again, company) == "receipt.reversed"


def test_without_a_reason_it_is_refused(company, controller, paid):
    _item, receipt = paid
    for reason in ("", "  "):
        blank = partial(reverse_receipts, [receipt.pk], by=controller, reason=reason)
        assert refused(blank, company) == "receipt.no_reason"


def test_who_applies_money_does_not_reverse_it(company, clerk, paid):
    _item, receipt = paid
    for person in (clerk, cast.auditor(company), cast.stranger()):
        with pytest.raises(Refused):
            reverse_receipts([receipt.pk], by=person, reason="Mistake")
    assert Receipt.objects.get(pk=receipt.pk).state == "recorded"


def test_nothing_can_be_applied_afterwards(company, acme, clerk, controller, paid):
    item, receipt = paid
    reverse_receipts([receipt.pk], by=controller, reason="Mistake")
    choice = Choice(receipt.pk, [(item.pk, D("100.00"))])
    assert refused(lambda: apply_receipts([choice], by=clerk), company) == "receipt.reversed"


# The bank takes it back


@pytest.fixture
def bounced(company, paid):
    """The same money on a later statement, taken back."""
    statement = make_statement(
        company, [Paid("-100.00", "Rückgabe", is_reversal=True)],
        opening="100.00", on=date(2026, 3, 9),
    )  # fmt: skip
    return statement.transactions.get()


def test_a_returned_payment(company, acme, controller, paid, bounced):
    item, receipt = paid
    return_receipts({receipt.pk: bounced.pk}, by=controller, reason="No funds")
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.state, receipt.returned_by) == ("reversed", bounced)
    assert OpenItem.objects.get(pk=item.pk).open_amount == D("100")
    assert Entry.objects.get(reverses=receipt.entry).posting_date == date(2026, 3, 9)
    assert BankTransaction.objects.get(pk=bounced.pk).state == "recorded"
    assert receipt.transaction.state == "recorded"


def test_a_set_of_returns_equals_one_by_one(db):
    """Each return is booked on its own day, with what it opens again."""
    results = []
    for at_once in (True, False):
        company = cast.make_company()
        customer, by = make_customer(company, "Acme GmbH"), cast.system()
        paid = [Paid("100.00", reference="R1"), Paid("200.00", reference="R2")]
        for one in paid:
            owe(customer, one.amount, reference=one.reference, on=date(2026, 1, 2))
        receipts = make_receipts(company, paid, on=date(2026, 1, 5))
        assert len(match_receipts([r.pk for r in receipts], by=by)) == 2
        returned = {}
        for receipt, day in zip(receipts, (date(2026, 1, 10), date(2026, 2, 20)), strict=True):
            back = make_statement(
                company, [Paid(-receipt.amount)], on=day,
                opening=sum((r.amount for r in receipts[len(returned):]), D(0)),
            )  # fmt: skip
            returned[receipt.pk] = back.transactions.get().pk
        for some in [returned] if at_once else [{pk: back} for pk, back in returned.items()]:
            return_receipts(some, by=by, reason="No funds")
        lines = EntryLine.objects.filter(entry__company=company)
        columns = ("posting_date", "account__number", "base_amount")
        results.append(sorted(lines.values_list(*columns)))
    assert results[0] == results[1]
    assert [line for line in results[0] if line[0] == date(2026, 1, 10)]


def test_other_money_is_no_return(company, controller, paid):
    _item, receipt = paid
    other = make_statement(company, [Paid("-99.00")], opening="100.00", on=date(2026, 3, 9))
    transaction = other.transactions.get()
    deed = partial(return_receipts, {receipt.pk: transaction.pk}, by=controller, reason="x")
    assert refused(deed, company) == "receipt.other_money"


def test_one_entry_takes_back_one_receipt(company, acme, controller, paid, bounced):
    _item, receipt = paid
    other = enter_receipt(company, "100.00", acme, on=date(2026, 3, 1))
    both = {receipt.pk: bounced.pk, other.pk: bounced.pk}
    deed = partial(return_receipts, both, by=controller, reason="No funds")
    assert refused(deed, company) == "receipt.returned_twice"


def test_a_return_counts_once(company, acme, controller, paid, bounced):
    _item, receipt = paid
    return_receipts({receipt.pk: bounced.pk}, by=controller, reason="No funds")
    deed = partial(return_receipts, {receipt.pk: bounced.pk}, by=controller, reason="again")
    assert refused(deed, company) == "receipt.reversed"


# It was another payment that the bank took back


def test_a_return_of_the_wrong_receipt_is_undone(company, clerk, controller, paid):
    """Acme and Bolt paid 100.00 each; Bolt's bounced, and Acme's was chosen."""
    _item, of_acme = paid
    (of_bolt,) = make_receipts(
        company, [Paid("100.00", name="Bolt")], opening="100.00", on=date(2026, 3, 3)
    )
    back = make_statement(company, [Paid("-100.00")], opening="200.00", on=date(2026, 3, 9))
    bounced = back.transactions.get()
    return_receipts({of_acme.pk: bounced.pk}, by=controller, reason="No funds")
    undo_returns([of_acme.pk], by=controller)
    of_acme = Receipt.objects.get(pk=of_acme.pk)
    assert (of_acme.state, of_acme.returned_by) == ("reversed", None)
    states = BankTransaction.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["new", "recorded", "new"]
    assert broken_promises() == []
    (again,) = record_receipts([of_acme.transaction_id], by=clerk)
    return_receipts({of_bolt.pk: bounced.pk}, by=controller, reason="No funds")
    assert again.number == "RC-2026-00003"
    assert Receipt.objects.get(pk=of_bolt.pk).returned_by == bounced
    assert posted(company)["BANK"] == D("100")
    assert Event.objects.filter(verb="receipt.return_undone").count() == 1


def test_the_return_of_money_entered_by_hand_is_undone(company, acme, controller):
    """The bank statements begin after it came, so it is entered by hand again."""
    receipt = enter_receipt(company, "100.00", acme)
    back = make_statement(company, [Paid("-100.00")], opening="200.00", on=date(2026, 3, 9))
    bounced = back.transactions.get()
    return_receipts({receipt.pk: bounced.pk}, by=controller, reason="No funds")
    undo_returns([receipt.pk], by=controller)
    assert BankTransaction.objects.get().state == "new"
    assert enter_receipt(company, "100.00", acme).number == "RC-2026-00002"
    assert posted(company) == {"BANK": D("100"), "UNAPPLIED_RECEIPTS": D("-100")}


def test_what_was_not_returned_is_not_undone(company, controller, paid):
    _item, receipt = paid
    undo = partial(undo_returns, [receipt.pk], by=controller)
    assert refused(undo, company) == "receipt.not_returned"
    reverse_receipts([receipt.pk], by=controller, reason="Mistake")
    assert refused(undo, company) == "receipt.not_returned"


def test_a_return_is_undone_once_and_by_who_reverses(company, clerk, controller, paid, bounced):
    _item, receipt = paid
    return_receipts({receipt.pk: bounced.pk}, by=controller, reason="No funds")
    for person in (clerk, cast.auditor(company), cast.stranger()):
        with pytest.raises(Refused):
            undo_returns([receipt.pk], by=person)
    undo_returns([receipt.pk], by=controller)
    undo = partial(undo_returns, [receipt.pk], by=controller)
    assert refused(undo, company) == "receipt.not_returned"


def test_the_entries_of_a_return_point_to_it(company, clerk, controller, paid, bounced):
    _item, receipt = paid
    return_receipts({receipt.pk: bounced.pk}, by=controller, reason="No funds")
    for pk in (receipt.transaction_id, bounced.pk):
        with pytest.raises(Refused) as raised:
            take_back_transactions([pk], by=clerk)
        assert f"Undo the return of {receipt.number}" in raised.value.message
