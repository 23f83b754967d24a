"""Importing statements: whole, once, in a chain; refused whole, with the reason and the figures."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import connection

from core import clock
from core.refusals import Refused
from documents import files
from payments.actions import import_statement
from payments.models import BankStatement, BankTransaction, Receipt
from tests import cast
from tests.factories.payments import (
    OWN_IBAN,
    Paid,
    camt_file,
    camt_statement,
    make_camt,
    make_statement,
    work_off,
)
from tests.payments.counting import statements

D = Decimal


def refused(company, content, by):
    before = count()
    with pytest.raises(Refused) as raised:
        import_statement(company, content, by=by)
    assert count() == before
    return raised.value


def count():
    return BankStatement.objects.count(), BankTransaction.objects.count()


def test_it_keeps_every_entry_and_the_file(company, clerk):
    content = make_camt(
        [Paid("1190.00", "INV-2026-00001", name="Acme GmbH"), Paid("-12.50", "Fees")],
        opening="100.00",
        statement_id="2026-61",
    )
    (statement,) = import_statement(company, content, by=clerk, title="march.xml")
    assert (statement.statement_id, statement.currency) == ("2026-61", "EUR")
    assert (statement.opening_balance, statement.closing_balance) == (D("100"), D("1277.50"))
    rows = statement.transactions.order_by("position").values_list("amount", "remittance", "state")
    assert list(rows) == [(D("1190"), "INV-2026-00001", "new"), (D("-12.5"), "Fees", "new")]
    assert statement.file.title == "march.xml"
    assert files.read(statement.file) == content


def test_what_came_in_is_recorded_by_the_worker(company, clerk):
    make_statement(
        company, [Paid("10.00"), Paid("-3.00"), Paid("5.00", is_reversal=True)], by=clerk
    )
    work_off()
    assert [r.amount for r in Receipt.objects.all()] == [D("10")]
    states = BankTransaction.objects.order_by("position").values_list("state", flat=True)
    assert list(states) == ["recorded", "new", "new"]


def test_the_same_file_twice_is_already_there(company, clerk):
    content = make_camt([Paid("10.00")], statement_id="S1")
    half_past_midnight = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    with clock.travel(half_past_midnight):
        import_statement(company, content, by=clerk)
    work_off()
    problem = refused(company, content, clerk)
    assert problem.code == "statement.already_there"
    assert f"S1 was imported on 2026-03-03 by {clerk.name}" in problem.message


def test_the_same_entries_in_another_file_are_already_there(company, clerk):
    paid = [Paid("10.00", bank_reference="A"), Paid("20.00", bank_reference="B")]
    import_statement(company, make_camt(paid, statement_id="S1"), by=clerk)
    again = make_camt(paid, statement_id="S2")
    assert refused(company, again, clerk).code == "statement.already_there"


def test_overlapping_days_bring_only_what_is_new(company, clerk):
    monday, tuesday, wednesday = (date(2026, 3, day) for day in (2, 3, 4))
    one = [
        Paid("10.00", booked_on=monday, bank_reference="A"),
        Paid("20.00", booked_on=tuesday, bank_reference="B"),
    ]
    two = [
        Paid("20.00", booked_on=tuesday, bank_reference="B"),
        Paid("40.00", booked_on=wednesday, bank_reference="C"),
    ]
    import_statement(company, make_camt(one, opening="5.00", on=monday), by=clerk)
    (statement,) = import_statement(company, make_camt(two, opening="15.00", on=tuesday), by=clerk)
    assert (statement.opening_balance, statement.closing_balance) == (D("35"), D("75"))
    assert (statement.transactions.count(), statement.repeated) == (1, 1)
    assert BankTransaction.objects.count() == 3


def test_a_reference_used_again_is_another_payment(company, clerk):
    for year in (2025, 2026):
        content = make_camt(
            [Paid("10.00", bank_reference="0001")],
            opening="0.00" if year == 2025 else "10.00",
            on=date(year, 3, 2),
        )
        import_statement(company, content, by=clerk)
    assert BankTransaction.objects.count() == 2


def same_day(statement_id, opening, *names, bank_reference="NONREF"):
    """A statement of 2 March: the same 50.00 of each name."""
    paid = [Paid("50.00", name=name, bank_reference=bank_reference) for name in names]
    return camt_statement(paid, opening=opening, statement_id=statement_id)


@pytest.mark.parametrize("name", ["Bolt", "Acme"])
def test_the_same_amount_on_a_second_statement_of_the_day_is_another_payment(company, clerk, name):
    import_statement(company, camt_file([same_day("S1", "100.00", "Acme")]), by=clerk)
    import_statement(company, camt_file([same_day("S2", "150.00", name)]), by=clerk)
    make_statement(company, [Paid("1.00")], opening="200.00", on=date(2026, 3, 3), by=clerk)
    assert BankTransaction.objects.count() == 3


@pytest.mark.parametrize("order", [("S1", "S2"), ("S2", "S1")])
def test_equal_payments_on_two_statements_of_a_file_are_two(company, clerk, order):
    days = {"S1": same_day("S1", "100.00", "Acme"), "S2": same_day("S2", "150.00", "Acme")}
    import_statement(company, camt_file([days[name] for name in order]), by=clerk)
    chain = BankStatement.objects.order_by("chain_position").values_list("statement_id")
    assert [name for (name,) in chain] == ["S1", "S2"]
    assert BankTransaction.objects.count() == 2
    assert refused(company, camt_file(days.values()), clerk).code == "statement.already_there"


def test_the_days_of_equal_payments_overlap_without_doubling(company, clerk):
    for name, opening in (("S1", "100.00"), ("S2", "150.00")):
        import_statement(company, camt_file([same_day(name, opening, "Acme")]), by=clerk)
    whole_day = same_day("DAY", "100.00", "Acme", "Acme")
    assert refused(company, camt_file([whole_day]), clerk).code == "statement.already_there"
    longer = same_day("LONGER", "100.00", "Acme", "Acme", "Acme")
    (statement,) = import_statement(company, camt_file([longer]), by=clerk)
    assert (statement.opening_balance, statement.transactions.count()) == (D("200"), 1)


def test_a_statement_under_another_name_is_there_though_the_balance_came_back(company, clerk):
    """The bank names each download anew; the day ends with the balance it began with."""
    came, went = [Paid("50.00", bank_reference="A")], [Paid("-50.00", bank_reference="B")]
    import_statement(company, make_camt(came, opening="100.00", statement_id="S1"), by=clerk)
    import_statement(company, make_camt(went, opening="150.00", statement_id="S2"), by=clerk)
    for paid, opening in ((came, "100.00"), (went, "150.00"), (came + went, "100.00")):
        again = make_camt(paid, opening=opening, statement_id="AGAIN")
        assert refused(company, again, clerk).code == "statement.already_there"


def test_a_day_without_entries_comes_once_though_it_is_twice_in_the_file(company, clerk):
    quiet = camt_statement([], statement_id="MON")
    import_statement(company, camt_file([quiet, quiet]), by=clerk)
    assert BankStatement.objects.count() == 1


def test_eleven_entries_with_one_reference_are_eleven(company, clerk):
    content = make_camt([Paid("10.00", bank_reference="BATCH")] * 11)
    import_statement(company, content, by=clerk)
    assert BankTransaction.objects.count() == 11


def test_a_missing_statement_is_named(company, clerk):
    import_statement(company, make_camt([Paid("10.00")], statement_id="MON"), by=clerk)
    later = make_camt([Paid("1.00")], opening="30.00", on=date(2026, 3, 4), statement_id="WED")
    problem = refused(company, later, clerk)
    assert problem.code == "statement.chain"
    for figure in ("WED", "MON", "30.00", "10.00"):
        assert figure in problem.message


def test_earlier_statements_fit_before_the_first(company, clerk):
    import_statement(company, make_camt([Paid("5.00")], opening="30.00"), by=clerk)
    days = [
        camt_statement([Paid("10.00")], opening="0.00", on=date(2026, 2, 26)),
        camt_statement([Paid("20.00")], opening="10.00", on=date(2026, 2, 27)),
    ]
    import_statement(company, camt_file(days), by=clerk)
    chain = BankStatement.objects.order_by("chain_position").values_list("closing_balance")
    assert [closing for (closing,) in chain] == [D(10), D(30), D(35)]


def test_an_earlier_statement_that_does_not_fit_is_refused(company, clerk):
    import_statement(company, make_camt([Paid("5.00")], opening="30.00"), by=clerk)
    early = make_camt([Paid("10.00")], opening="0.00", on=date(2026, 2, 27))
    assert refused(company, early, clerk).code == "statement.chain"


PARTS_OF_A_DAY = {"S1": ("100.00", "Acme"), "S2": ("150.00", "Acme"), "S3": ("200.00", "Bolt")}


def several(*names):
    """A file of some of three statements of 2 March that follow each other."""
    return camt_file([same_day(name, *PARTS_OF_A_DAY[name]) for name in names])


def in_chain():
    rows = BankStatement.objects.order_by("chain_position")
    return list(rows.values_list("statement_id", flat=True))


@pytest.mark.parametrize("order", list(permutations(PARTS_OF_A_DAY)), ids=" ".join)
def test_statements_of_one_day_come_in_any_order_in_a_file(company, clerk, order):
    import_statement(company, several(*order), by=clerk)
    assert in_chain() == ["S1", "S2", "S3"]
    assert BankTransaction.objects.count() == 3


@pytest.mark.parametrize("order", list(permutations(["S1", "S2"])), ids=" ".join)
@pytest.mark.parametrize("went_on", [False, True], ids=["last", "gone on"])
def test_earlier_statements_of_the_same_day_fit_before_the_first(company, clerk, order, went_on):
    import_statement(company, several("S3"), by=clerk)
    if went_on:
        later = make_camt([Paid("1.00")], opening="250.00", on=date(2026, 3, 3), statement_id="S4")
        import_statement(company, later, by=clerk)
    import_statement(company, several(*order), by=clerk)
    assert in_chain() == ["S1", "S2", "S3", "S4"][: 3 + went_on]
    assert refused(company, several("S3", *order), clerk).code == "statement.already_there"


def test_a_statement_without_entries_stands_where_its_balance_does(company, clerk):
    import_statement(company, several("S3"), by=clerk)
    days = [same_day(name, *PARTS_OF_A_DAY[name]) for name in ("S2", "S1")]
    quiet = [same_day(f"Q{at}", at) for at in ("200.00", "150.00", "100.00")]
    import_statement(company, camt_file([*days, *quiet]), by=clerk)
    assert in_chain() == ["Q100.00", "S1", "Q150.00", "S2", "Q200.00", "S3"]


def test_earlier_days_fit_before_earlier_statements_of_the_day(company, clerk):
    import_statement(company, several("S3"), by=clerk)
    before = camt_statement(
        [Paid("5.00")], opening="95.00", on=date(2026, 2, 27), statement_id="FRI"
    )
    later = camt_statement(
        [Paid("1.00")], opening="250.00", on=date(2026, 3, 3), statement_id="TUE"
    )
    days = [same_day(name, *PARTS_OF_A_DAY[name]) for name in ("S3", "S1", "S2")]
    import_statement(company, camt_file([later, *days, before]), by=clerk)
    assert in_chain() == ["FRI", "S1", "S2", "S3", "TUE"]


def test_a_missing_statement_of_the_same_day_is_named(company, clerk):
    import_statement(company, several("S3"), by=clerk)
    assert refused(company, several("S1"), clerk).code == "statement.chain"


def test_a_wrong_sum_refuses_the_whole_file(company, clerk):
    days = [
        camt_statement([Paid("10.00")], opening="0.00", on=date(2026, 3, 2)),
        camt_statement([Paid("20.00")], opening="10.00", closing="31.00", on=date(2026, 3, 3)),
    ]
    assert refused(company, camt_file(days), clerk).code == "statement.sum"


def test_a_strange_account_refuses_the_whole_file(company, clerk):
    iban = "FR7630006000011234567890189"
    days = [camt_statement([Paid("10.00")]), camt_statement([Paid("10.00")], iban=iban)]
    problem = refused(company, camt_file(days), clerk)
    assert problem.code == "statement.wrong_account"
    assert iban in problem.message


def test_the_account_in_another_currency_is_refused(company, clerk):
    problem = refused(company, make_camt([Paid("10.00")], currency="USD"), clerk)
    assert problem.code == "statement.wrong_currency"
    assert "USD" in problem.message


def test_a_known_statement_with_other_entries_is_refused(company, clerk):
    import_statement(company, make_camt([Paid("10.00")], statement_id="S1"), by=clerk)
    changed = make_camt([Paid("11.00")], statement_id="S1")
    assert refused(company, changed, clerk).code == "statement.changed"


def test_a_day_without_entries_is_a_link_of_the_chain(company, clerk):
    import_statement(company, make_camt([Paid("10.00")], statement_id="MON"), by=clerk)
    quiet = make_camt([], opening="10.00", on=date(2026, 3, 3), statement_id="TUE")
    import_statement(company, quiet, by=clerk)
    assert BankStatement.objects.count() == 2
    assert refused(company, quiet, clerk).code == "statement.already_there"


def test_new_days_of_a_file_are_taken_and_old_ones_left(company, clerk):
    monday = camt_statement([Paid("10.00")], statement_id="MON")
    tuesday = camt_statement(
        [Paid("20.00")], opening="10.00", on=date(2026, 3, 3), statement_id="TUE"
    )
    import_statement(company, camt_file([monday]), by=clerk)
    (statement,) = import_statement(company, camt_file([tuesday, monday]), by=clerk)
    assert statement.statement_id == "TUE"


def test_accounts_have_chains_of_their_own(company, clerk):
    other = "DE75512108001245126199"
    make_statement(company, [Paid("10.00")], opening="7.00", by=clerk)
    make_statement(company, [Paid("10.00")], opening="900.00", iban=other, by=clerk)
    assert BankStatement.objects.filter(chain_position=0).count() == 2


def test_another_companys_file_is_refused(company, clerk):
    other = cast.make_company()
    content = make_camt([Paid("10.00")])
    assert refused(other, content, cast.accountant(other)).code == "statement.wrong_account"
    import_statement(company, content, by=clerk)


def test_only_who_may_import_imports(company):
    content = make_camt([Paid("10.00")])
    for person in (cast.auditor(company), cast.sales_rep(company), cast.stranger()):
        assert refused(company, content, person).code == "not_allowed"


def test_the_number_of_statements_does_not_depend_on_the_number_of_entries(company, clerk):
    import_statement(company, make_camt([Paid("1.00")], opening="0.00"), by=clerk)
    counts = []
    for day, opening, entries in ((3, "1.00", 1), (4, "2.00", 100)):
        content = make_camt([Paid("1.00")] * entries, opening=opening, on=date(2026, 3, day))
        with statements() as found:
            import_statement(company, content, by=clerk)
        counts.append(len(found))
    assert counts == [17, 17]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_the_same_moment_comes_in_once():
    company = cast.make_company()
    clerk = cast.accountant(company)
    make_statement(company, [Paid("1.00")], by=clerk)
    content = make_camt([Paid("10.00")], opening="1.00", on=date(2026, 3, 3), iban=OWN_IBAN)
    barrier, answers = threading.Barrier(2), []

    def upload():
        barrier.wait()
        try:
            import_statement(company, content, by=clerk)
            answers.append("imported")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["imported", "statement.already_there"]
    assert BankTransaction.objects.count() == 2
