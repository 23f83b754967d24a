"""Naming the payer, and remembering the account for the next time."""

import pytest

from core.models import FollowUp
from core.refusals import Refused
from ledger.models import OpenItem
from partners.actions import change_bank_accounts
from partners.editing import Versions
from partners.models import Exposure, PartnerBankAccount
from payments.actions import Choice, apply_receipts, identify_payer, unapply_receipts
from payments.models import Receipt
from tests import cast
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, enter_receipt, make_receipts, owe, work_off
from tests.proofs import broken_promises
from tests.refusals import code_of, verbs
from tests.undone import undone

IBAN = "FR7630006000011234567890189"
ACME_IBAN = "DE89370400440532013000"


def unapplied(customer):
    row = Exposure.objects.filter(credit_account=customer.credit_account).first()
    return row.unapplied if row else 0


def test_the_money_belongs_to_the_customer_from_now_on(company, acme, clerk):
    (receipt,) = make_receipts(company, [Paid("100.00", name="Fremd", iban=IBAN)])
    identify_payer([receipt.pk], acme, by=clerk)
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.customer, receipt.known_by, receipt.finding) == (acme, "person", "c_payer")
    assert receipt.open_item.customer == acme
    assert unapplied(acme) == 100
    assert not PartnerBankAccount.objects.filter(iban=IBAN).exists()


def test_the_account_is_remembered_when_asked(company, acme, clerk):
    (receipt,) = make_receipts(company, [Paid("100.00", name="Fremd", iban=IBAN)])
    identify_payer([receipt.pk], acme, by=clerk, remember=True)
    account = PartnerBankAccount.objects.get(partner=acme.partner, iban=IBAN)
    assert account.holder == "Fremd"


def test_the_next_payment_is_recognised(company, acme, clerk):
    first, second = make_receipts(company, [Paid("1.00", iban=IBAN), Paid("119.00", iban=IBAN)])
    item = owe(acme, "119.00")
    identify_payer([first.pk], acme, by=clerk, remember=True)
    work_off()
    assert Receipt.objects.get(pk=second.pk).known_by == "iban"
    assert OpenItem.objects.get(pk=item.pk).open_amount == 0


def test_what_was_taken_back_may_turn_out_to_be_anothers(company, acme, bolt, clerk):
    """Acme's invoice keeps the history; what Bolt's money pays from now on is Bolt's."""
    of_acme, of_bolt = owe(acme, "100.00"), owe(bolt, "100.00")
    receipt = enter_receipt(company, "100.00", acme)
    apply_receipts([Choice(receipt.pk, [(of_acme.pk, of_acme.amount)])], by=clerk)
    unapply_receipts([receipt.pk], by=clerk)
    identify_payer([receipt.pk], bolt, by=clerk)
    assert broken_promises() == []
    apply_receipts([Choice(receipt.pk, [(of_bolt.pk, of_bolt.amount)])], by=clerk)
    assert OpenItem.objects.get(pk=of_acme.pk).open_amount == 100
    assert OpenItem.objects.get(pk=of_bolt.pk).open_amount == 0


def test_an_application_to_another_customers_item_breaks_a_promise(company, acme, bolt, clerk):
    item, receipt = owe(acme, "100.00"), enter_receipt(company, "100.00", acme)
    apply_receipts([Choice(receipt.pk, [(item.pk, item.amount)])], by=clerk)
    with undone():
        OpenItem.objects.filter(pk=item.pk).update(customer=bolt)
        assert "I22" in [name for name, *_found in broken_promises()]


def test_matching_looks_again(company, acme, clerk):
    item = owe(acme, "119.00")
    (receipt,) = make_receipts(company, [Paid("119.00", name="Fremd")])
    work_off()
    identify_payer([receipt.pk], acme, by=clerk)
    waiting = FollowUp.objects.get(done_at=None)
    assert waiting.handler == "payments.tasks.match_receipts"
    work_off()
    assert OpenItem.objects.get(pk=item.pk).open_amount == 0


def test_remembering_twice_is_once(company, acme, clerk):
    receipts = make_receipts(company, [Paid("1.00", iban=IBAN), Paid("2.00", iban=IBAN)])
    identify_payer([r.pk for r in receipts], acme, by=clerk, remember=True)
    identify_payer([receipts[0].pk], acme, by=clerk, remember=True)
    assert PartnerBankAccount.objects.filter(iban=IBAN).count() == 1


def test_an_account_put_away_is_remembered_again(company, acme, clerk):
    seen = Versions.of(acme)
    change_bank_accounts(acme, [], seen=seen, reason="They moved", by=clerk)
    (receipt,) = make_receipts(company, [Paid("1.00", name="Fremd", iban=ACME_IBAN)])
    identify_payer([receipt.pk], acme, by=clerk, remember=True)
    account = PartnerBankAccount.objects.get(partner=acme.partner)
    assert (account.iban, account.holder, account.archived_at) == (ACME_IBAN, "Fremd", None)


def test_a_form_opened_before_does_not_put_a_remembered_account_away(company, acme, clerk):
    seen = Versions.of(acme)
    (receipt,) = make_receipts(company, [Paid("1.00", iban=IBAN)])
    identify_payer([receipt.pk], acme, by=clerk, remember=True)
    change = {"seen": seen, "reason": "Letter", "by": clerk}
    assert code_of(change_bank_accounts, acme, [], **change) == "changed_meanwhile"
    assert PartnerBankAccount.objects.filter(partner=acme.partner, archived_at=None).count() == 2


def test_the_customer_reads_of_a_remembered_account(company, acme, clerk):
    (receipt,) = make_receipts(company, [Paid("1.00", iban=IBAN)])
    identify_payer([receipt.pk], acme, by=clerk, remember=True)
    identify_payer([receipt.pk], acme, by=clerk, remember=True)
    assert verbs(company).count("customer.bank_accounts_changed") == 1


def test_what_is_no_iban_is_not_remembered(company, acme, clerk):
    (receipt,) = make_receipts(company, [Paid("1.00", iban="4711")])
    identify_payer([receipt.pk], acme, by=clerk, remember=True)
    assert PartnerBankAccount.objects.filter(partner=acme.partner).count() == 1


def test_a_wrong_payer_can_be_put_right(company, acme, bolt, clerk):
    receipt = enter_receipt(company, "100.00", acme)
    identify_payer([receipt.pk], bolt, by=clerk)
    assert (unapplied(acme), unapplied(bolt)) == (0, 100)


def test_not_once_part_of_it_is_applied(company, acme, bolt, clerk):
    receipt = enter_receipt(company, "100.00", acme)
    item = owe(acme, "10.00")
    apply_receipts([Choice(receipt.pk, [(item.pk, item.amount)])], by=clerk)
    with pytest.raises(Refused) as raised:
        identify_payer([receipt.pk], bolt, by=clerk)
    assert raised.value.code == "items.settled_in_part"
    assert Receipt.objects.get(pk=receipt.pk).customer == acme


def test_a_customer_of_another_company_is_nobody_here(company, clerk):
    receipt = enter_receipt(company, "100.00")
    stranger = make_customer(cast.make_company())
    with pytest.raises(Refused) as raised:
        identify_payer([receipt.pk], stranger, by=clerk)
    assert raised.value.code == "payments.not_found"


def test_only_who_may_apply_names_payers(company, acme, controller):
    receipt = enter_receipt(company, "100.00")
    for person in (controller, cast.auditor(company), cast.stranger()):
        with pytest.raises(Refused):
            identify_payer([receipt.pk], acme, by=person)
    assert Receipt.objects.get(pk=receipt.pk).customer is None
