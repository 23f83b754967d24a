"""Matching as the worker does it: who paid, what is applied without asking, what waits and why."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import Event, FollowUp
from core.refusals import Refused
from ledger.models import Allocation
from partners.models import Exposure
from payments.actions import match_receipts, unapply_receipts
from payments.models import Receipt
from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, make_rate, make_receipts, make_statement, owe, work_off
from tests.golden import journal, vectors
from tests.payments.books import newest, posted

D = Decimal
JOURNALS = vectors("journals")
ACME_IBAN = "DE89370400440532013000"


def matched(company, *paid, by=None, **camt):
    receipts = make_receipts(company, paid, **camt)
    match_receipts([r.pk for r in receipts], by=by or cast.system())
    return list(Receipt.objects.filter(pk__in=[r.pk for r in receipts]).order_by("number"))


def open_amount(item):
    item.refresh_from_db()
    return item.open_amount


def codes(receipt):
    return {evidence["code"] for evidence in receipt.evidence}


def test_j09_an_exact_reference_settles_the_invoice(company, acme):
    item = owe(acme, "1190.00", reference="RF18539007547034")
    since = newest(company)
    (receipt,) = matched(company, Paid("1190.00", reference="RF18539007547034"))
    expected = journal(JOURNALS["J08"]), journal(JOURNALS["J09"])
    assert posted(company, since=since) == {"BANK": D("1190"), "AR_CONTROL": D("-1190")}
    assert expected[0]["UNAPPLIED_RECEIPTS"] + expected[1]["UNAPPLIED_RECEIPTS"] == 0
    assert open_amount(item) == 0
    assert (receipt.customer, receipt.known_by) == (acme, "document")
    assert receipt.finding == Receipt.Finding.APPLIED
    assert codes(receipt) == {"reference", "sum_exact"}


def test_it_is_dated_by_the_documents(company, acme):
    owe(acme, "10.00", reference="R1234", on=date(2026, 2, 1))
    matched(company, Paid("10.00", reference="R1234", value_on=date(2026, 3, 5)))
    assert Allocation.objects.get().posting_date == date(2026, 3, 5)


def test_j11_an_overpayment_stays_unapplied(company, acme):
    item = owe(acme, "1190.00", reference="R1234")
    since = newest(company)
    (receipt,) = matched(company, Paid("1200.00", reference="R1234"))
    assert posted(company, since=since) == journal(JOURNALS["J11"])
    assert open_amount(item) == 0
    assert receipt.open_item.open_amount == D("10")
    assert receipt.finding == Receipt.Finding.PAYER


def test_the_exposure_follows(company, acme):
    owe(acme, "100.00", reference="R1234")
    matched(company, Paid("130.00", reference="R1234"))
    exposure = Exposure.objects.get(credit_account=acme.credit_account)
    assert (exposure.receivable, exposure.unapplied) == (D("0"), D("30"))


def test_the_payer_is_known_by_the_account_and_pays_the_one_item_of_this_amount(company, acme):
    item = owe(acme, "119.00")
    owe(acme, "50.00")
    (receipt,) = matched(company, Paid("119.00", "Danke", name="Fremder Name", iban=ACME_IBAN))
    assert (receipt.customer, receipt.known_by) == (acme, "iban")
    assert open_amount(item) == 0


@pytest.mark.parametrize("name", ["BOLT + SOEHNE KG", "Bolt & Söhne KG", "bolt & soehne, kg"])
def test_the_payer_is_known_by_name_as_banks_write_it(company, bolt, name):
    item = owe(bolt, "119.00")
    (receipt,) = matched(company, Paid("119.00", name=name))
    assert (receipt.customer, receipt.known_by) == (bolt, "name")
    assert open_amount(item) == 0


def test_two_customers_of_one_name_are_nobody(company):
    for _ in range(2):
        owe(make_customer(company, "Schmidt GmbH"), "119.00")
    (receipt,) = matched(company, Paid("119.00", name="Schmidt GmbH"))
    assert (receipt.customer, receipt.finding) == (None, Receipt.Finding.NOTHING)
    assert codes(receipt) == {"payer_ambiguous"}


def test_a_known_payer_counts_although_nothing_is_applied(company, acme):
    (receipt,) = matched(company, Paid("77.00", iban=ACME_IBAN))
    assert (receipt.customer, receipt.finding) == (acme, Receipt.Finding.PAYER)
    assert receipt.open_item.customer == acme
    assert Exposure.objects.get(credit_account=acme.credit_account).unapplied == D("77")


def test_customers_of_other_companies_are_not_looked_at(company):
    other = cast.make_company()
    stranger = make_customer(other, "Acme GmbH", iban=ACME_IBAN)
    owe(stranger, "119.00", "OLD-1", reference="R1234")
    (receipt,) = matched(company, Paid("119.00", "OLD-1", reference="R1234", iban=ACME_IBAN))
    assert (receipt.customer, receipt.finding) == (None, Receipt.Finding.NOTHING)


def test_two_invoices_paid_by_one_transfer(company, acme):
    items = [owe(acme, "100.00", "OLD-7001"), owe(acme, "19.00", "OLD-7002")]
    (receipt,) = matched(company, Paid("119.00", "OLD-7001 und OLD-7002"))
    assert [open_amount(item) for item in items] == [0, 0]
    assert receipt.finding == Receipt.Finding.APPLIED


def test_a_part_payment_by_reference(company, acme):
    item = owe(acme, "119.00", reference="R1234")
    (receipt,) = matched(company, Paid("50.00", reference="R1234"))
    assert open_amount(item) == D("69")
    assert receipt.finding == Receipt.Finding.APPLIED


def test_a_different_sum_waits_with_its_evidence(company, acme):
    item = owe(acme, "119.00", "OLD-7001")
    (receipt,) = matched(company, Paid("110.00", "OLD-7001"))
    assert open_amount(item) == D("119")
    assert (receipt.finding, receipt.customer) == (Receipt.Finding.PROPOSED, None)
    assert codes(receipt) == {"number", "sum_differs"}


def test_j20_a_gain_on_foreign_money(company, acme):
    """J20b: an invoice of USD 1,100.00 worth 1,000.00, paid at 1.0800."""
    make_rate(company, "USD", "1.0800", date(2026, 3, 2))
    item = owe(acme, "1100.00", currency="USD", base_amount="1000.00", reference="R1234")
    since = newest(company)
    matched(company, Paid("1100.00", reference="R1234"), currency="USD")
    found = posted(company, since=since)
    bank = found.pop(next(role for role in found if role.isdigit()))
    assert {"BANK": bank, **found} == journal(JOURNALS["J20b"])
    assert open_amount(item) == 0


def test_a_set_equals_one_by_one(db):
    results = []
    for at_once in (True, False):
        company = cast.make_company()
        customers = [make_customer(company, name) for name in ("Eins GmbH", "Zwei GmbH")]
        for customer in customers:
            for n in (1, 2, 3):
                owe(customer, f"{n}00.00", f"X{n}0000-{customer.partner.name[:4]}")
        paid = [
            Paid("100.00", "X10000-Eins"),
            Paid("50.00", name="Eins GmbH"),
            Paid("300.00", "x30000-zwei, X30000-Zwei"),
            Paid("600.00", name="Eins GmbH"),
            Paid("300.00", "X10000-Zwei X20000-Zwei"),
            Paid("300.00", "X30000-Zwei"),
            Paid("200.00", name="Eins GmbH"),
        ]
        receipts = make_receipts(company, paid)
        ids = [r.pk for r in receipts]
        for some in [ids] if at_once else [[pk] for pk in ids]:
            match_receipts(some, by=cast.system())
        rows = Receipt.objects.filter(company=company).order_by("number")
        applied = Allocation.objects.filter(company=company).order_by("debit_item__source_name")
        results.append(
            (
                list(rows.values_list("number", "finding", "customer__partner__name", "evidence")),
                list(
                    applied.values_list(
                        "debit_item__source_name", "credit_item__source_name", "amount",
                        "posting_date",
                    )
                ),
            )
        )  # fmt: skip
    assert results[0] == results[1]
    assert len(results[0][1]) == 5


def test_twice_is_once(company, acme):
    owe(acme, "50.00", reference="R1234")
    (receipt,) = matched(company, Paid("119.00", reference="R1234"))
    assert match_receipts([receipt.pk], by=cast.system()) == []
    assert Allocation.objects.count() == 1


def test_what_a_person_took_back_is_not_applied_again(company, acme, clerk):
    item = owe(acme, "119.00", reference="R1234")
    (receipt,) = matched(company, Paid("119.00", reference="R1234"))
    unapply_receipts([receipt.pk], by=clerk)
    match_receipts([receipt.pk], by=cast.system())
    receipt.refresh_from_db(fields=["finding", "evidence"])
    assert open_amount(item) == D("119")
    assert receipt.finding == Receipt.Finding.PROPOSED
    assert "taken_back" in codes(receipt)


def test_from_statement_to_settled_by_the_worker_alone(company, acme, clerk):
    item = owe(acme, "119.00", reference="R1234")
    make_statement(company, [Paid("119.00", reference="R1234"), Paid("7.00")], by=clerk)
    work_off()
    assert open_amount(item) == 0
    assert not FollowUp.objects.filter(done_at=None).exists()
    assert Event.objects.filter(verb="receipt.applied").count() == 1


def test_two_payments_for_one_invoice(company, acme):
    """The second of two with the same reference waits; nothing is applied twice."""
    item = owe(acme, "119.00", reference="R1234")
    first, second = matched(company, *[Paid("119.00", reference="R1234")] * 2)
    assert (first.finding, second.finding) == (Receipt.Finding.APPLIED, Receipt.Finding.NOTHING)
    assert open_amount(item) == 0
    assert "already_settled" in codes(second)


def test_only_who_may_apply_matches(company, acme):
    receipts = make_receipts(company, [Paid("119.00")])
    for person in (cast.auditor(company), cast.treasurer(company), cast.stranger()):
        with pytest.raises(Refused):
            match_receipts([receipts[0].pk], by=person)
