"""Recording what came in: Dr bank, Cr unapplied receipts, an item, a number, once."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import Event, FollowUp
from core.refusals import Refused
from ledger.actions import close_periods
from ledger.models import Period
from partners.models import Exposure
from payments.actions import enter_receipts, record_receipts
from payments.booking import Incoming
from payments.models import BankTransaction, Receipt
from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import (
    Paid,
    enter_receipt,
    make_bank_account,
    make_rate,
    make_receipts,
    make_statement,
)
from tests.payments.books import newest, posted
from tests.payments.counting import statements
from tests.proofs import broken_promises

D = Decimal


def transactions(statement):
    return list(statement.transactions.order_by("position").values_list("pk", flat=True))


def test_j08_a_receipt_not_yet_allocated(company, clerk):
    """J08: Dr BANK 1190.00, Cr UNAPPLIED_RECEIPTS 1190.00."""
    statement = make_statement(company, [Paid("1190.00", "INV 17", name="Acme", iban="DE1")])
    (receipt,) = record_receipts(transactions(statement), by=clerk)
    assert posted(company) == {"BANK": D("1190"), "UNAPPLIED_RECEIPTS": D("-1190")}
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.number, receipt.state) == ("RC-2026-00001", "recorded")
    assert (receipt.amount, receipt.currency) == (D("1190"), "EUR")
    assert (receipt.payer, receipt.text) == ("Acme", "INV 17")
    assert (receipt.received_on, receipt.customer) == (date(2026, 3, 2), None)
    item = receipt.open_item
    assert (item.side, item.account_role) == ("credit", "UNAPPLIED_RECEIPTS")
    assert (item.open_amount, item.source_name) == (D("1190"), "RC-2026-00001")
    assert receipt.transaction.state == "recorded"
    assert receipt.entry.source_name == receipt.number


def test_a_gap_in_the_numbers_of_receipts_is_found(company, clerk):
    statement = make_statement(company, [Paid("1.00"), Paid("2.00")])
    _first, second = record_receipts(transactions(statement), by=clerk)
    Receipt.objects.filter(pk=second.pk).update(number="RC-2026-00050")
    ((proof, _name, found),) = broken_promises()
    assert (proof, found) == ("I08r", [(company.pk, "RC", "2026", 2, 2, 50)])
    Receipt.objects.filter(pk=second.pk).update(number=second.number)


def test_the_returned_receipt_is_the_stored_one(company, clerk):
    statement = make_statement(company, [Paid("10.00")])
    (receipt,) = record_receipts(transactions(statement), by=clerk)
    stored = Receipt.objects.get(pk=receipt.pk)
    for field in Receipt._meta.concrete_fields:
        assert getattr(receipt, field.attname) == getattr(stored, field.attname), field


def test_j24_the_bank_kept_something(company):
    """J24: Dr BANK 1183.00, Dr BANK_FEES 7.00, Cr UNAPPLIED_RECEIPTS 1190.00."""
    (receipt,) = make_receipts(company, [Paid("1183.00", charges="7.00")])
    assert (receipt.amount, receipt.charges) == (D("1190"), D("7"))
    assert posted(company) == {
        "BANK": D("1183"), "BANK_FEES": D("7"), "UNAPPLIED_RECEIPTS": D("-1190"),
    }  # fmt: skip


def test_foreign_money_is_worth_the_rate_of_its_value_date(company):
    """J20b: USD 1,100.00 at 1.08 is 1,018.52."""
    make_rate(company, "USD", "1.0800", date(2026, 3, 2))
    make_rate(company, "USD", "1.2000", date(2026, 3, 3))
    (receipt,) = make_receipts(company, [Paid("1100.00")], currency="USD")
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert receipt.open_item.base_amount == D("1018.52")
    assert receipt.fx_rate == D("1.08")
    assert posted(company)["UNAPPLIED_RECEIPTS"] == D("-1018.52")


def test_without_a_rate_it_is_refused(company, clerk):
    statement = make_statement(company, [Paid("1100.00")], currency="USD")
    with pytest.raises(Refused) as raised:
        record_receipts(transactions(statement), by=clerk)
    assert raised.value.code == "rates.missing"
    assert not Receipt.objects.exists()


def test_a_closed_period_moves_the_posting_not_the_value_date(company, clerk, controller):
    march = Period.objects.filter(company=company, module="AR", starts_on__lte=date(2026, 3, 31))
    close_periods(
        [p.pk for p in march.filter(starts_on__gte=date(2026, 3, 1))], by=controller, confirmed=True
    )
    (receipt,) = make_receipts(company, [Paid("10.00")])
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert receipt.received_on == date(2026, 3, 2)
    assert receipt.entry.posting_date == receipt.open_item.posted_on == date(2026, 4, 1)


def test_it_goes_to_the_account_of_its_bank(company):
    other = make_bank_account(company, "DE75512108001245126199", title="Zweitbank")
    make_receipts(company, [Paid("10.00")], iban=other.iban)
    assert posted(company) == {other.account.number: D("10"), "UNAPPLIED_RECEIPTS": D("-10")}


def test_what_went_out_is_no_receipt(company, clerk):
    statement = make_statement(company, [Paid("-10.00")])
    with pytest.raises(Refused) as raised:
        record_receipts(transactions(statement), by=clerk)
    assert raised.value.code == "receipt.no_payment"


def test_a_reversal_is_no_receipt_and_stops_the_whole_set(company, clerk):
    statement = make_statement(company, [Paid("10.00"), Paid("5.00", is_reversal=True)])
    with pytest.raises(Refused) as raised:
        record_receipts(transactions(statement), by=clerk)
    assert raised.value.code == "receipt.no_payment"
    assert not Receipt.objects.exists()
    assert set(BankTransaction.objects.values_list("state", flat=True)) == {"new"}


def test_twice_is_refused(company, clerk):
    statement = make_statement(company, [Paid("10.00")])
    record_receipts(transactions(statement), by=clerk)
    with pytest.raises(Refused) as raised:
        record_receipts(transactions(statement), by=clerk)
    assert raised.value.code == "transaction.done"
    assert Receipt.objects.count() == 1


def test_only_who_may_apply_records(company, controller):
    statement = make_statement(company, [Paid("10.00")])
    for person in (controller, cast.auditor(company), cast.stranger()):
        with pytest.raises(Refused):
            record_receipts(transactions(statement), by=person)
    assert not Receipt.objects.exists()


def test_a_set_equals_one_by_one(db):
    """Numbers, amounts, items and entries of five receipts, recorded at once or singly."""
    paid = [Paid(f"{n}0.00", f"text {n}", name=f"Payer {n}") for n in range(1, 6)]
    results = []
    for at_once in (True, False):
        company = cast.make_company()
        statement = make_statement(company, paid)
        ids = transactions(statement)
        for some in [ids] if at_once else [[pk] for pk in ids]:
            record_receipts(some, by=cast.system())
        rows = Receipt.objects.filter(company=company).order_by("number")
        results.append(
            list(
                rows.values_list(
                    "number", "amount", "payer", "text", "entry__number", "open_item__open_amount",
                    "transaction__position", "received_on", "finding",
                )
            )
        )  # fmt: skip
    assert results[0] == results[1]
    assert len(results[0]) == 5


def test_it_leads_to_matching(company):
    (receipt,) = make_receipts(company, [Paid("10.00")])
    assert Event.objects.filter(verb="receipt.recorded").count() == 1
    follow_up = FollowUp.objects.get(handler="payments.tasks.match_receipts")
    assert (follow_up.kind, follow_up.subject_id) == ("receipt", receipt.pk)


def test_the_statements_it_takes(company, clerk):
    record_receipts(transactions(make_statement(company, [Paid("1.00")])), by=clerk)
    counts = []
    for day, opening, entries in ((3, "1.00", 1), (4, "2.00", 100)):
        statement = make_statement(
            company, [Paid("1.00")] * entries, opening=opening, on=date(2026, 3, day)
        )
        ids = transactions(statement)
        with statements() as found:
            record_receipts(ids, by=clerk)
        counts.append(len(found))
    assert counts == [14, 14]


# Money that comes by no statement


def test_money_of_a_known_customer_lowers_the_exposure(company, acme):
    receipt = enter_receipt(company, "100.00", acme)
    assert Receipt.objects.get(pk=receipt.pk).customer == acme
    assert Exposure.objects.get(credit_account=acme.credit_account).unapplied == D("100")


def test_an_account_with_statements_is_kept_by_them(company, acme):
    make_statement(company, [Paid("10.00")])
    with pytest.raises(Refused) as raised:
        enter_receipt(company, "100.00", acme)
    assert raised.value.code == "receipt.by_statement"


@pytest.mark.parametrize(
    ("amount", "fields", "code"),
    [
        ("0.00", {}, "receipt.no_amount"),
        ("-5.00", {}, "receipt.no_amount"),
        ("5.00", {"charges": D("5.00")}, "receipt.no_amount"),
        ("5.001", {}, "receipt.too_fine"),
        ("5.00", {"received_on": date(2099, 1, 1)}, "receipt.in_future"),
    ],
)
def test_amount_and_day_must_make_sense(company, clerk, amount, fields, code):
    account = make_bank_account(company)
    draft = {"received_on": date(2026, 3, 2), **fields}
    with pytest.raises(Refused) as raised:
        enter_receipts(company, [Incoming(account=account, amount=D(amount), **draft)], by=clerk)
    assert raised.value.code == code
    assert not Receipt.objects.exists()


def test_another_companys_customer_is_refused(company, clerk):
    stranger = make_customer(cast.make_company())
    with pytest.raises(Refused) as raised:
        enter_receipt(company, "5.00", stranger)
    assert raised.value.code == "receipt.other_company"


def test_nothing_is_posted_when_refused(company, clerk):
    before = newest(company)
    with pytest.raises(Refused):
        enter_receipt(company, "0.00")
    assert newest(company) == before
