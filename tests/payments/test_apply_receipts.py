"""Applying by hand and taking it back: any part, never more than due, never more than came."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from core.models import Event
from core.refusals import Refused
from ledger.models import Allocation, OpenItem
from partners.models import Exposure
from payments import settlement
from payments.actions import (
    Choice,
    apply_receipts,
    identify_payer,
    leave_on_account,
    match_receipts,
    unapply_receipts,
)
from payments.models import Receipt
from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, enter_receipt, make_rate, make_receipts, owe
from tests.golden import amount, journal, vectors
from tests.payments.books import newest, posted
from tests.proofs import broken_promises

D = Decimal


def apply(receipt, *parts, by):
    choice = Choice(receipt.pk, [(item.pk, D(part)) for item, part in parts])
    return apply_receipts([choice], by=by)


def refused(receipt, *parts, by):
    before = Allocation.objects.count(), newest(receipt.company)
    with pytest.raises(Refused) as raised:
        apply(receipt, *parts, by=by)
    assert (Allocation.objects.count(), newest(receipt.company)) == before
    return raised.value


def open_amount(thing):
    pk = thing.open_item_id if isinstance(thing, Receipt) else thing.pk
    return OpenItem.objects.get(pk=pk).open_amount


def exposure(customer):
    found = Exposure.objects.get(credit_account=customer.credit_account, currency="EUR")
    return found.receivable, found.unapplied


def test_parts_of_several_items(company, acme, clerk):
    first, second = owe(acme, "100.00", "OLD-1"), owe(acme, "50.00", "OLD-2")
    receipt = enter_receipt(company, "120.00", acme)
    apply(receipt, (first, "80.00"), (second, "30.00"), by=clerk)
    assert [open_amount(x) for x in (first, second, receipt)] == [D(20), D(20), D(10)]
    assert exposure(acme) == (D(40), D(10))
    event = Event.objects.get(verb="receipt.applied")
    assert D(event.facts["amount"]) == D("110")


def test_one_entry_for_one_receipt(company, acme, clerk):
    items = [owe(acme, "10.00") for _ in range(3)]
    receipt = enter_receipt(company, "30.00", acme)
    since = newest(company)
    apply(receipt, *((item, "10.00") for item in items), by=clerk)
    assert posted(company, since=since) == {"UNAPPLIED_RECEIPTS": D(30), "AR_CONTROL": D(-30)}
    assert Allocation.objects.values("entry").distinct().count() == 1


def test_whoever_owes_the_chosen_item_is_the_payer(company, acme, clerk):
    item = owe(acme, "100.00")
    (receipt,) = make_receipts(company, [Paid("100.00", name="Unbekannt")])
    apply(receipt, (item, "100.00"), by=clerk)
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.customer, receipt.known_by) == (acme, "applied")
    assert exposure(acme) == (D(0), D(0))


def test_more_than_came_is_refused_with_the_smallest_change(company, acme, clerk):
    item = owe(acme, "200.00")
    receipt = enter_receipt(company, "100.00", acme)
    problem = refused(receipt, (item, "100.01"), by=clerk)
    assert problem.code == "payments.too_much"
    assert "0.01" in problem.message
    apply(receipt, (item, D("100.01") - problem.numbers["over"]), by=clerk)


def test_more_than_due_is_refused(company, acme, clerk):
    item = owe(acme, "50.00", "OLD-1")
    receipt = enter_receipt(company, "100.00", acme)
    problem = refused(receipt, (item, "50.01"), by=clerk)
    assert problem.code == "settlement.too_much"
    said = problem.message.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "50.01 EUR is more than is open: OLD-1 has 50.00 EUR left."


def test_a_part_finer_than_the_currency_is_refused(company, acme, clerk):
    item = owe(acme, "50.00")
    receipt = enter_receipt(company, "100.00", acme)
    problem = refused(receipt, (item, "10.005"), by=clerk)
    assert problem.code == "settlement.too_fine"
    assert problem.message == "EUR has 2 decimals; 10.005 has more. The nearest amount is 10.01."


def test_a_receipt_chosen_twice_is_refused(company, acme, clerk):
    first, second = owe(acme, "50.00"), owe(acme, "30.00")
    receipt = enter_receipt(company, "100.00", acme)
    choices = [Choice(receipt.pk, [(item.pk, item.amount)]) for item in (first, second)]
    with pytest.raises(Refused) as raised:
        apply_receipts(choices, by=clerk)
    assert raised.value.code == "payments.chosen_twice"
    assert receipt.number in raised.value.message
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("part", ["0.00", "-5.00"])
def test_nothing_and_less_are_refused(company, acme, clerk, part):
    item = owe(acme, "50.00")
    receipt = enter_receipt(company, "100.00", acme)
    assert refused(receipt, (item, part), by=clerk).code == "payments.nothing_chosen"


def test_a_choice_of_nothing_is_refused(company, acme, clerk):
    receipt = enter_receipt(company, "100.00", acme)
    assert refused(receipt, by=clerk).code == "payments.nothing_chosen"


def test_items_of_another_customer_are_refused(company, acme, bolt, clerk):
    item = owe(bolt, "100.00", "OLD-9")
    receipt = enter_receipt(company, "100.00", acme)
    problem = refused(receipt, (item, "100.00"), by=clerk)
    assert problem.code == "payments.other_customer"
    assert "OLD-9" in problem.message
    assert "Acme" in problem.message


def test_items_of_several_customers_are_refused(company, acme, bolt, clerk):
    (receipt,) = make_receipts(company, [Paid("100.00")])
    items = [(owe(acme, "50.00"), "50.00"), (owe(bolt, "50.00"), "50.00")]
    assert refused(receipt, *items, by=clerk).code == "payments.several_customers"


def test_items_of_another_company_do_not_exist(company, acme, clerk):
    stranger = owe(make_customer(cast.make_company()), "100.00")
    receipt = enter_receipt(company, "100.00", acme)
    assert refused(receipt, (stranger, "100.00"), by=clerk).code == "payments.several_customers"


def test_another_currency_is_refused(company, acme, clerk):
    item = owe(acme, "100.00", currency="USD", base_amount="90.00")
    receipt = enter_receipt(company, "100.00", acme)
    assert refused(receipt, (item, "100.00"), by=clerk).code == "settlement.other_currency"


def test_only_who_may_apply_applies(company, acme, controller):
    item = owe(acme, "100.00")
    receipt = enter_receipt(company, "100.00", acme)
    for person in (controller, cast.auditor(company), cast.sales_rep(company), cast.stranger()):
        refused(receipt, (item, "100.00"), by=person)


def test_twice_is_refused_when_nothing_is_left(company, acme, clerk):
    item = owe(acme, "200.00")
    receipt = enter_receipt(company, "100.00", acme)
    apply(receipt, (item, "100.00"), by=clerk)
    assert refused(receipt, (item, "100.00"), by=clerk).code == "payments.too_much"


def test_a_set_equals_one_by_one(db):
    results = []
    for at_once in (True, False):
        company = cast.make_company()
        customer = make_customer(company, "Acme GmbH")
        items = [owe(customer, f"{n}00.00", f"OLD-{n}") for n in (1, 2, 3)]
        receipts = [enter_receipt(company, "150.00", customer) for _ in range(3)]
        choices = [
            Choice(receipt.pk, [(item.pk, D("100.00"))])
            for receipt, item in zip(receipts, items, strict=True)
        ]
        for some in [choices] if at_once else [[choice] for choice in choices]:
            apply_receipts(some, by=cast.system())
        rows = OpenItem.objects.filter(company=company).order_by("source_name")
        results.append(list(rows.values_list("source_name", "open_amount", "open_base_amount")))
    assert results[0] == results[1]


# Foreign currency


def test_j21_a_loss(company, acme, clerk):
    make_rate(company, "USD", "1.1200", date(2026, 3, 2))
    item = owe(acme, "1100.00", currency="USD", base_amount="1000.00")
    since = newest(company)
    (receipt,) = make_receipts(company, [Paid("1100.00")], currency="USD")
    apply(receipt, (item, "1100.00"), by=clerk)
    found = posted(company, since=since)
    bank = found.pop(next(role for role in found if role.isdigit()))
    assert {"BANK": bank, **found} == journal(vectors("journals")["J21"])


def test_j22_parts_relieve_the_whole(company, acme, clerk):
    (vector,) = vectors("arithmetic")["relieve"]
    make_rate(company, "USD", "1.1037", date(2026, 3, 2))
    item = owe(acme, vector["open"], currency="USD", base_amount=vector["base"])
    relieved = []
    opening = D(0)
    for day, part in enumerate(vector["parts"], start=3):
        (receipt,) = make_receipts(
            company, [Paid(part)], currency="USD", opening=opening, on=date(2026, 3, day)
        )
        opening += D(part)
        apply(receipt, (item, part), by=clerk)
        relieved.append(Allocation.objects.latest("pk").debit_base)
    assert relieved == [amount(text) for text in vector["relieved"]]
    item.refresh_from_db()
    assert (item.open_amount, item.open_base_amount) == (0, 0)


# Taking back


def test_un_applying_opens_everything_again(company, acme, clerk):
    first, second = owe(acme, "100.00"), owe(acme, "50.00")
    receipt = enter_receipt(company, "150.00", acme)
    since = newest(company)
    apply(receipt, (first, "100.00"), (second, "50.00"), by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    assert [open_amount(x) for x in (first, second, receipt)] == [D(100), D(50), D(150)]
    assert posted(company, since=since) == {}
    assert exposure(acme) == (D(150), D(150))
    assert Allocation.objects.count() == 4
    assert Receipt.objects.get(pk=receipt.pk).hands_off


def test_undone_a_receipt_is_as_it_was_before_but_left_to_people(company, acme, clerk):
    item = owe(acme, "119.00", "OLD-7001")
    (receipt,) = make_receipts(company, [Paid("110.00", "OLD-7001", name="H. Unknown")])
    match_receipts([receipt.pk], by=cast.system())
    found = {e["code"] for e in Receipt.objects.get(pk=receipt.pk).evidence}
    apply(receipt, (item, "110.00"), by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.customer, receipt.known_by) == (None, "")
    assert (receipt.finding, receipt.hands_off) == ("b_proposed", True)
    assert {e["code"] for e in receipt.evidence} == found | {"taken_back"}
    assert (receipt.open_item.customer, open_amount(receipt)) == (None, D(110))
    assert exposure(acme) == (D(119), D(0))
    assert match_receipts([receipt.pk], by=cast.system()) == []
    assert broken_promises() == []


def test_a_payer_named_by_a_person_stays_named(company, acme, clerk):
    (receipt,) = make_receipts(company, [Paid("110.00")])
    identify_payer([receipt.pk], acme, by=clerk)
    apply(receipt, (owe(acme, "119.00"), "110.00"), by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.customer, receipt.known_by, receipt.finding) == (acme, "person", "c_payer")
    assert exposure(acme) == (D(119), D(110))


def test_a_payer_known_by_an_application_is_known_while_part_of_it_stands(company, acme, clerk):
    first, second = owe(acme, "100.00"), owe(acme, "50.00")
    (receipt,) = make_receipts(company, [Paid("150.00")])
    apply(receipt, (first, "100.00"), (second, "50.00"), by=clerk)
    wrong = Allocation.objects.get(debit_item=second)
    unapply_receipts([receipt.pk], by=clerk, allocation_ids=[wrong.pk])
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.customer, receipt.known_by) == (acme, "applied")
    assert exposure(acme) == (D(50), D(50))
    assert broken_promises() == []


def test_what_was_applied_to_the_wrong_customer_can_be_given_to_the_right_one(
    company, acme, bolt, clerk
):
    (receipt,) = make_receipts(company, [Paid("50.00")])
    apply(receipt, (owe(acme, "50.00"), "50.00"), by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    identify_payer([receipt.pk], bolt, by=clerk)
    assert exposure(acme) == (D(50), D(0))
    assert exposure(bolt) == (D(0), D(50))
    assert broken_promises() == []


def test_one_of_several_applications_can_be_taken_back(company, acme, clerk):
    first, second = owe(acme, "100.00", "OLD-1"), owe(acme, "50.00", "OLD-2")
    receipt = enter_receipt(company, "150.00", acme)
    apply(receipt, (first, "100.00"), (second, "50.00"), by=clerk)
    wrong = Allocation.objects.get(debit_item=second)
    unapply_receipts([receipt.pk], by=clerk, allocation_ids=[wrong.pk])
    assert [open_amount(x) for x in (first, second, receipt)] == [0, D(50), D(50)]


def test_what_was_taken_back_can_be_applied_again(company, acme, clerk):
    item = owe(acme, "100.00")
    receipt = enter_receipt(company, "100.00", acme)
    for _ in range(2):
        apply(receipt, (item, "100.00"), by=clerk)
        unapply_receipts([receipt.pk], by=clerk)
    apply(receipt, (item, "100.00"), by=clerk)
    assert open_amount(item) == 0


def test_nothing_applied_is_nothing_to_take_back(company, acme, clerk):
    receipt = enter_receipt(company, "100.00", acme)
    with pytest.raises(Refused) as raised:
        unapply_receipts([receipt.pk], by=clerk)
    assert raised.value.code == "payments.not_applied"


def test_only_who_may_apply_takes_back(company, acme, clerk, controller):
    receipt = enter_receipt(company, "100.00", acme)
    apply(receipt, (owe(acme, "100.00"), "100.00"), by=clerk)
    with pytest.raises(Refused):
        unapply_receipts([receipt.pk], by=controller)
    assert open_amount(receipt) == 0


# On account


def test_money_left_on_account_leaves_the_worklist(company, acme, clerk):
    receipt = enter_receipt(company, "100.00", acme)
    leave_on_account([receipt.pk], by=clerk)
    assert Receipt.objects.get(pk=receipt.pk).on_account
    assert exposure(acme) == (D(0), D(100))


def test_money_of_nobody_cannot_be_left_on_account(company, clerk):
    (receipt,) = make_receipts(company, [Paid("100.00")])
    with pytest.raises(Refused) as raised:
        leave_on_account([receipt.pk], by=clerk)
    assert raised.value.code == "receipt.no_payer"


def test_nothing_left_is_nothing_to_leave(company, acme, clerk):
    receipt = enter_receipt(company, "100.00", acme)
    apply(receipt, (owe(acme, "100.00"), "100.00"), by=clerk)
    with pytest.raises(Refused) as raised:
        leave_on_account([receipt.pk], by=clerk)
    assert raised.value.code == "receipt.nothing_left"


# Races


def race(work, threads=8):
    """Runs `work` at the same moment in several threads; returns their refusals' codes, or ""."""
    barrier, answers = threading.Barrier(threads), []

    def run():
        barrier.wait()
        try:
            work()
            answers.append("")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return answers


@pytest.fixture
def committed(transactional_db):
    company = cast.make_company()
    return company, make_customer(company), cast.accountant(company)


def test_one_receipt_is_applied_once_however_many_try(committed):
    company, customer, clerk = committed
    items = [owe(customer, "100.00") for _ in range(8)]
    receipt = enter_receipt(company, "300.00", customer)
    left = iter(items)
    answers = race(lambda: apply(receipt, (next(left), "100.00"), by=clerk))
    assert sorted(answers) == [""] * 3 + ["payments.too_much"] * 5
    assert open_amount(receipt) == 0
    assert Allocation.objects.count() == 3


def test_one_invoice_is_paid_once_however_many_receipts(committed):
    company, customer, clerk = committed
    item = owe(customer, "300.00")
    receipts = iter([enter_receipt(company, "100.00", customer) for _ in range(8)])
    answers = race(lambda: apply(next(receipts), (item, "100.00"), by=clerk))
    assert sorted(answers) == [""] * 3 + ["settlement.too_much"] * 5
    assert open_amount(item) == 0


def test_without_the_locks_only_the_last_guard_is_left(committed, monkeypatch):
    """The control: with the locks gone, all pass the checks; the books themselves still refuse."""
    company, customer, clerk = committed
    items = iter([owe(customer, "100.00") for _ in range(8)])
    receipt = enter_receipt(company, "100.00", customer)
    together = threading.Barrier(8)

    def unlocked(ids):
        found = {item.pk: item for item in OpenItem.objects.filter(pk__in=set(ids))}
        together.wait(timeout=20)
        return found

    monkeypatch.setattr("payments.locking.lock", lambda rows, *_also: list(rows.order_by("pk")))
    monkeypatch.setattr(settlement.ledger, "lock_items", unlocked)
    answers = race(lambda: apply(receipt, (next(items), "100.00"), by=clerk))
    assert sorted(answers) == [""] + ["settlement.changed"] * 7
