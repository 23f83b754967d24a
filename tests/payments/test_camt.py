"""Reading camt.053: what banks send is read exactly, what cannot be trusted is refused in words."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refused
from payments.statements import camt, checks
from payments.statements.parsed import import_groups
from tests.factories.payments import OWN_IBAN, Paid, camt_file, camt_statement, make_camt

D = Decimal


def refused(content):
    with pytest.raises(Refused) as raised:
        for statement in camt.read(content):
            checks.check_sum(statement)
    return raised.value


def one_line(paid, **options):
    ((line,),) = [s.lines for s in camt.read(make_camt([paid], **options))]
    return line


@pytest.mark.parametrize("version", ["02", "03", "04", "05", "06", "07", "08"])
def test_every_version_reads_alike(version):
    paid = Paid(
        "1190.00", "Rechnung INV-2026-00001", name="Acme GmbH", iban="DE89370400440532013000",
        reference="RF45INV202600001", end_to_end_id="E2E-7", bank_reference="ABC1",
        value_on=date(2026, 3, 3),
    )  # fmt: skip
    (statement,) = camt.read(make_camt([paid], opening="10.00", version=version, statement_id="S1"))
    assert (statement.statement_id, statement.account, statement.currency) == (
        "S1",
        OWN_IBAN,
        "EUR",
    )
    assert (statement.opening, statement.closing) == (D("10.00"), D("1200.00"))
    assert (statement.from_date, statement.to_date) == (date(2026, 3, 2), date(2026, 3, 2))
    (line,) = statement.lines
    assert (line.booked_on, line.value_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (line.amount, line.currency) == (D("1190.00"), "EUR")
    assert line.references == ("RF45INV202600001",)
    assert (line.end_to_end_id, line.bank_reference) == ("E2E-7", "ABC1")
    assert (line.counterparty, line.counterparty_iban) == ("Acme GmbH", "DE89370400440532013000")
    assert (line.remittance, line.code) == ("Rechnung INV-2026-00001", "PMNT/RCDT/ESCT")
    checks.check_sum(statement)


def test_a_batch_becomes_one_line_per_detail():
    parts = [Paid("100.00", "INV-1", name="A"), Paid("19.00", "INV-2", name="B")]
    (statement,) = camt.read(make_camt([Paid("119.00", parts=parts)]))
    assert [(line.amount, line.remittance, line.counterparty) for line in statement.lines] == [
        (D("100.00"), "INV-1", "A"),
        (D("19.00"), "INV-2", "B"),
    ]


def test_a_batch_whose_details_do_not_add_up_stays_one_line():
    parts = [Paid("100.00", "INV-1", name="A"), Paid("20.00", "INV-2", name="B")]
    line = one_line(Paid("119.00", parts=parts))
    assert (line.amount, line.remittance, line.counterparty) == (D("119.00"), "INV-1 INV-2", "")


def test_a_batch_may_hold_both_sides():
    parts = [Paid("100.00", "paid"), Paid("-30.00", "returned")]
    (statement,) = camt.read(make_camt([Paid("70.00", parts=parts)]))
    assert [line.amount for line in statement.lines] == [D("100.00"), D("-30.00")]


def test_the_side_of_a_reversal_is_the_side_it_says():
    """A reversed debit comes in; the other party is still the one who was paid."""
    line = one_line(Paid("50.00", name="Supplier", is_reversal=True))
    assert (line.amount, line.is_reversal, line.counterparty) == (D("50.00"), True, "Supplier")


def test_charges_the_bank_kept_are_told():
    assert one_line(Paid("1183.00", charges="7.00")).charges == D("7.00")
    assert one_line(Paid("1183.00")).charges == 0


def test_charges_of_a_batch_are_shared_by_its_details():
    """300.00 came, of 303.00 sent: the details together have 3.00 charges, not each."""
    batch = Paid("300.00", parts=[Paid("100.00")] * 3, charges="3.00")
    (statement,) = camt.read(make_camt([batch]))
    assert [line.charges for line in statement.lines] == [D("1.00")] * 3
    uneven = Paid("300.00", parts=[Paid("200.00"), Paid("99.99"), Paid("0.01")], charges="1.00")
    (statement,) = camt.read(make_camt([uneven]))
    assert [line.charges for line in statement.lines] == [D("0.67"), D("0.33"), D("0.00")]


def test_charges_that_the_details_of_a_batch_name_are_theirs():
    kept = b'<Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>'
    batch = Paid("300.00", parts=[Paid("100.00"), Paid("200.00", "second")], charges="3.00")
    content = make_camt([batch]).replace(
        b"<RltdPties></RltdPties><RmtInf><Ustrd>second",
        kept + b"<RltdPties></RltdPties><RmtInf><Ustrd>second",
    )
    (statement,) = camt.read(content)
    assert [line.charges for line in statement.lines] == [D("0.00"), D("3.00")]


def test_an_entry_without_details_is_a_line():
    content = make_camt([Paid("-5.00")], opening="9.00")
    start, end = content.index(b"<NtryDtls>"), content.index(b"</Ntry>")
    (statement,) = camt.read(content[:start] + content[end:])
    assert [line.amount for line in statement.lines] == [D("-5.00")]


def test_yen_have_no_cents():
    assert one_line(Paid("5000"), currency="JPY").amount == D(5000)
    assert refused(
        make_camt([Paid("5000")], currency="JPY").replace(b">5000<", b">5000.5<")
    ).code == ("statement.too_fine")


def test_pending_entries_are_left_out():
    content = make_camt([Paid("10.00")], closing="0.00").replace(b"BOOK", b"PDNG")
    (statement,) = camt.read(content)
    assert list(statement.lines) == []


def test_the_previous_closing_balance_serves_as_opening():
    (statement,) = camt.read(make_camt([Paid("1.00")], opening="5.00").replace(b"OPBD", b"PRCD"))
    assert statement.opening == D("5.00")


def test_an_overdrawn_account_has_a_balance_below_zero():
    (statement,) = camt.read(make_camt([Paid("-20.00")], opening="5.00"))
    assert statement.closing == D("-15.00")


def test_several_statements_of_several_accounts():
    content = camt_file(
        [
            camt_statement([Paid("1.00")], statement_id="A", on=date(2026, 3, 2)),
            camt_statement([], statement_id="B", iban="FR7630006000011234567890189", opening="9"),
        ]
    )
    found = [(s.statement_id, s.account, len(s.lines)) for s in camt.read(content)]
    assert found == [("A", OWN_IBAN, 1), ("B", "FR7630006000011234567890189", 0)]


def test_an_envelope_around_the_document_is_opened():
    content = make_camt([Paid("1.00")]).split(b"?>", 1)[1]
    (statement,) = camt.read(b'<DataPDU xmlns="urn:swift"><Body>' + content + b"</Body></DataPDU>")
    assert statement.total == D("1.00")


def test_words_for_no_reference_are_none():
    """What the bank said of the payment tells it from others instead."""
    acme, bolt = (one_line(Paid("50.00", name=n, bank_reference="NONREF")) for n in ("A", "B"))
    assert (acme.bank_reference, bolt.bank_reference) == ("", "")
    (statement,) = camt.read(
        make_camt([Paid("50.00", name=n, bank_reference="nonref") for n in ("A", "B", "A")])
    )
    first, second, third = import_groups(statement)
    assert first == third != second


def test_a_reference_used_again_next_year_is_of_another_group():
    groups = [
        group
        for year in (2025, 2026)
        for s in camt.read(make_camt([Paid("1.00", bank_reference="1")], on=date(year, 3, 2)))
        for group in import_groups(s)
    ]
    assert len(set(groups)) == 2


def test_sums_are_proved_to_the_cent():
    problem = refused(make_camt([Paid("10.00")], opening="5.00", closing="15.01", statement_id="X"))
    assert problem.code == "statement.sum"
    for figure in ("X", "5.00", "10.00", "15.00", "15.01", "0.01"):
        assert figure in problem.message


def test_a_balance_in_another_currency_proves_nothing():
    content = make_camt([]).replace(b'<Amt Ccy="EUR">0.00</Amt>', b'<Amt Ccy="SEK">0.00</Amt>', 1)
    assert refused(content).code == "statement.mixed"


def test_an_entry_in_another_currency_is_refused():
    content = make_camt([Paid("77.00")]).replace(b'"EUR">77.00', b'"USD">77.00')
    assert refused(content).code == "statement.mixed"


@pytest.mark.parametrize("balance", [b"OPBD", b"CLBD"])
def test_without_balances_nothing_is_proved(balance):
    assert refused(make_camt([]).replace(balance, b"ITAV")).code == "statement.no_balance"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"camt.052.001.08", "statement.intraday"),
        (b"camt.054.001.08", "statement.notification"),
        (b"camt.053.001.01", "statement.version"),
        (b"camt.053.001.13", "statement.version"),
        (b"pain.001.001.03", "statement.not_camt"),
    ],
)
def test_other_messages_are_refused_by_name(message, code):
    assert refused(make_camt([]).replace(b"camt.053.001.08", message)).code == code


@pytest.mark.parametrize("amount", ["-5.00", "1e3", "NaN", "1,000.00", "", "9" * 30, "１２"])
def test_amounts_must_be_amounts(amount):
    content = make_camt([Paid("77.00")]).replace(b">77.00<", f">{amount}<".encode(), 1)
    assert refused(content).code == "statement.bad_amount"


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "0000-01-01"])
def test_days_must_be_days(day):
    content = make_camt([Paid("1.00")]).replace(
        b"<BookgDt><Dt>2026-03-02", f"<BookgDt><Dt>{day}".encode()
    )
    assert refused(content).code == "statement.bad_day"
