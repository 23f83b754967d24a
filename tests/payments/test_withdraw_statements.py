"""A wrong statement is no dead end: refused while it lies ahead, and withdrawn as the last one."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from core import clock
from core.models import Event
from core.refusals import Refused
from payments import queries
from payments.actions import (
    enter_receipts,
    import_statement,
    record_receipts,
    reverse_receipts,
    set_aside_transactions,
    withdraw_statements,
)
from payments.booking import Incoming
from payments.models import BankStatement, BankTransaction
from tests import cast
from tests.factories.payments import Paid, make_bank_account, make_camt, make_statement, work_off

WHY = "The bank's test file"
TUESDAY = date(2026, 3, 3)


def refused(deed, *args, **kwargs):
    before = list(BankStatement.objects.order_by("pk").values_list("pk", "chain_position"))
    with pytest.raises(Refused) as raised:
        deed(*args, **kwargs)
    after = list(BankStatement.objects.order_by("pk").values_list("pk", "chain_position"))
    assert after == before
    return raised.value


@pytest.fixture
def monday(company):
    return make_statement(company, [Paid("-10.00")], opening="100.00", statement_id="MON")


@pytest.fixture
def wrong(company, monday):
    paid = [Paid("50.00", bank_reference="A"), Paid("-5.00")]
    return make_statement(company, paid, opening="90.00", on=TUESDAY, statement_id="TUE")


def test_a_statement_that_closes_after_today_is_refused(company, clerk):
    ahead = clock.today(company) + timedelta(days=1)
    content = make_camt([Paid("10.00")], on=ahead, statement_id="S9")
    problem = refused(import_statement, company, content, by=clerk)
    assert problem.code == "statement.in_future"
    assert "S9" in problem.message
    assert str(ahead) in problem.message


def test_a_statement_of_today_is_taken(company, clerk):
    today = clock.today(company)
    assert import_statement(company, make_camt([Paid("10.00")], on=today), by=clerk)


def test_the_last_statement_leaves_the_chain_and_the_right_one_fits(company, controller, wrong):
    withdraw_statements([wrong.pk], by=controller, reason=WHY)
    row = BankStatement.objects.get(pk=wrong.pk)
    assert (row.chain_position, row.reason) == (None, WHY)
    assert set(wrong.transactions.values_list("state", flat=True)) == {"withdrawn"}
    assert Event.objects.get(verb="statement.withdrawn").facts["reason"] == WHY
    right = [Paid("50.00", bank_reference="A"), Paid("-7.00")]
    again = make_statement(company, right, opening="90.00", on=TUESDAY, statement_id="TUE")
    assert (again.chain_position, again.transactions.count(), again.repeated) == (1, 2, 0)


def test_the_same_file_may_come_again(company, controller):
    content = make_camt([Paid("50.00")], statement_id="MON")
    (first,) = import_statement(company, content, by=cast.system())
    withdraw_statements([first.pk], by=controller, reason=WHY)
    assert import_statement(company, content, by=cast.system())[0].chain_position == 0


def test_what_waits_of_it_is_left_alone_by_the_worker(company, controller, wrong):
    withdraw_statements([wrong.pk], by=controller, reason=WHY)
    work_off()
    assert set(wrong.transactions.values_list("state", flat=True)) == {"withdrawn"}


def test_accounts_stand_as_without_it(company, clerk, controller, wrong):
    withdraw_statements([wrong.pk], by=controller, reason=WHY)
    (standing,) = queries.accounts(clerk, company)
    assert (standing.statement.statement_id, standing.todo) == ("MON", 1)
    assert standing.not_in_books == -10


def test_only_the_last_of_the_account_goes(company, controller, monday, wrong):
    problem = refused(withdraw_statements, [monday.pk], by=controller, reason=WHY)
    assert problem.code == "statement.not_last"
    assert "TUE" in problem.message


def test_several_go_from_the_last_back(company, controller, monday, wrong):
    withdraw_statements([monday.pk, wrong.pk], by=controller, reason=WHY)
    assert set(BankStatement.objects.values_list("chain_position", flat=True)) == {None}


def test_a_set_equals_one_by_one(company, controller, monday, wrong):
    for pk in (wrong.pk, monday.pk):
        withdraw_statements([pk], by=controller, reason=WHY)
    assert set(BankTransaction.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_none_of_its_entries_may_be_decided_on(company, clerk, controller, wrong):
    fee = wrong.transactions.get(amount__lt=0)
    set_aside_transactions([fee.pk], by=clerk, reason="not ours")
    problem = refused(withdraw_statements, [wrong.pk], by=controller, reason=WHY)
    assert problem.code == "statement.decided"
    assert str(fee) in problem.message


def test_a_receipt_of_it_is_reversed_first(company, clerk, controller, wrong):
    (receipt,) = record_receipts([wrong.transactions.get(amount__gt=0).pk], by=clerk)
    problem = refused(withdraw_statements, [wrong.pk], by=controller, reason=WHY)
    assert receipt.number in problem.message
    reverse_receipts([receipt.pk], by=controller, reason=WHY)
    withdraw_statements([wrong.pk], by=controller, reason=WHY)
    assert BankStatement.objects.get(pk=wrong.pk).chain_position is None


def test_its_entries_cannot_be_decided_on_any_more(company, clerk, controller, wrong):
    withdraw_statements([wrong.pk], by=controller, reason=WHY)
    pks = wrong.transactions.filter(amount__gt=0).values_list("pk", flat=True)
    assert refused(record_receipts, list(pks), by=clerk).code == "transaction.done"


def test_twice_is_refused(company, controller, wrong):
    withdraw_statements([wrong.pk], by=controller, reason=WHY)
    problem = refused(withdraw_statements, [wrong.pk], by=controller, reason=WHY)
    assert problem.code == "statement.withdrawn"


def test_it_needs_a_reason(company, controller, wrong):
    problem = refused(withdraw_statements, [wrong.pk], by=controller, reason=" ")
    assert problem.code == "statement.no_reason"


def test_only_a_controller_withdraws(company, clerk, wrong):
    for person in (clerk, cast.treasurer(company), cast.auditor(company), cast.stranger()):
        refused(withdraw_statements, [wrong.pk], by=person, reason=WHY)


def test_an_account_without_statements_is_kept_by_hand_again(company, clerk, controller):
    only = make_statement(company, [Paid("10.00")])
    withdraw_statements([only.pk], by=controller, reason=WHY)
    money = Incoming(make_bank_account(company), TUESDAY, only.closing_balance)
    assert enter_receipts(company, [money], by=clerk)


def page(company, name, statement):
    return reverse(f"payments:{name}", args=[company.slug, statement.name])


def test_the_page_says_why_it_cannot_be_withdrawn(company, client, controller, monday, wrong):
    client.force_login(controller)
    response = client.get(page(company, "statement", monday))
    assert "TUE of 2026-03-03 follows MON" in response.content.decode()


def test_the_button_asks_why_and_withdraws(company, client, controller, wrong):
    client.force_login(controller)
    address = page(company, "withdraw", wrong)
    assert address in client.get(page(company, "statement", wrong)).content.decode()
    said = {"reason": WHY, "idempotency_key": str(uuid4())}
    response = client.post(address, said, follow=True)
    assert "Statement TUE is withdrawn." in response.content.decode()
    entry = wrong.transactions.get(amount__lt=0)
    shown = client.get(reverse("payments:transaction", args=[company.slug, entry.name]))
    assert "Withdrawn" in shown.content.decode()
    assert "Reverse the receipt instead" not in shown.content.decode()
