"""The vectors of `tests/golden` against the real functions and postings."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import cumulative, relieve, round_amount, split
from ledger import tax
from ledger.models import AccountRole
from ledger.queries import ageing, open_items
from ledger.tax import Taxed
from tests.factories.ledger import booked, owe, pay, settle, unsettle
from tests.golden import amount, journal, vectors

R = AccountRole
ARITHMETIC, TAX, JOURNALS, AGEING = (
    vectors(name) for name in ("arithmetic", "tax", "journals", "ageing")
)


def amounts(texts):
    return [amount(text) for text in texts]


@pytest.mark.parametrize(
    ("currency", "value", "rounded"),
    [(code, *pair) for code, pairs in ARITHMETIC["rounding"].items() for pair in pairs],
)
def test_rounding_is_half_away_from_zero(currency, value, rounded):
    assert round_amount(amount(value), currency) == amount(rounded)


@pytest.mark.parametrize("vector", ARITHMETIC["split"])
def test_split(vector):
    shares = split(amount(vector["total"]), amounts(vector["weights"]), "EUR")
    assert shares == amounts(vector["shares"])


@pytest.mark.parametrize("vector", ARITHMETIC["cumulative"])
def test_cumulative(vector):
    parts, done, shares = amounts(vector["parts"]), Decimal(0), []
    for part in parts:
        shares.append(cumulative(amount(vector["total"]), done, part, sum(parts), "EUR"))
        done += part
    assert shares == amounts(vector["shares"])


@pytest.mark.parametrize("vector", ARITHMETIC["relieve"])
def test_relieve(vector):
    left, base, relieved = amount(vector["open"]), amount(vector["base"]), []
    for part in amounts(vector["parts"]):
        relieved.append(relieve(part, left, base, "EUR"))
        left, base = left - part, base - relieved[-1]
    assert relieved == amounts(vector["relieved"])
    assert (left, base) == (0, 0)


# --- tax ------------------------------------------------------------------------------------------


def test_t1_discount_is_rounded_before_the_net():
    v = TAX["T1"]
    net = tax.net_of_line(*amounts([v["quantity"], v["price"], v["discount"]]), "EUR")
    found = tax.group([Taxed(net, "S", amount(v["rate"]))], "EUR")
    assert (found.net, found.tax, found.gross) == tuple(amounts([v["net"], v["tax"], v["gross"]]))


@pytest.mark.parametrize("vector", TAX["groups"])
def test_tax_is_rounded_once_per_group(vector):
    lines = [Taxed(amount(net), "S", amount(rate)) for net, rate in vector["lines"]]
    allowance = amount(vector.get("allowance", "0"))
    found = tax.group(lines * vector.get("times", 1), "EUR", allowance=allowance)
    assert [g.net for g in found.groups] == amounts(vector["bases"])
    assert [g.tax for g in found.groups] == amounts(vector["taxes"])
    assert found.gross == amount(vector["gross"])


@pytest.mark.parametrize("vector", TAX["gross"])
def test_prices_that_include_tax(vector):
    lines = [Taxed(amount(gross), "S", amount(vector["rate"])) for gross in vector["lines"]]
    found, nets = tax.group_gross(lines, "EUR")
    assert (found.tax, found.net) == (amount(vector["tax"]), amount(vector["net"]))
    assert nets == amounts(vector["nets"])
    assert found.gross == sum(amounts(vector["lines"]))


def test_t6_partial_credits_close_to_the_cent():
    v, done, credited = TAX["T6"], Decimal(0), []
    for net in amounts(v["nets"]):
        part = tax.cumulative_tax(amount(v["rate"]), done, sum(credited, Decimal(0)), net, "EUR")
        credited.append(part)
        done += net
    assert credited == amounts(v["taxes"])


def test_a_document_in_the_companys_currency():
    v = TAX["base"]
    found = tax.in_base(amount(v["gross"]), [], amounts(v["nets"]), amount(v["rate"]), "EUR")
    assert (found.gross, found.net) == (amount(v["base_gross"]), amounts(v["base_nets"]))


# --- journals -------------------------------------------------------------------------------------


def dollars(company, customer, paid_at):
    invoice = owe(company, customer, 1100, currency="USD", rate="1.1000")
    assert booked(company) == journal(JOURNALS["J20a"])
    receipt = pay(company, customer, 1100, currency="USD", rate=paid_at)
    settle(company, (invoice, receipt, 1100))
    return minus(booked(company), journal(JOURNALS["J20a"]))


def minus(found, before):
    net = {role: found.get(role, 0) - before.get(role, 0) for role in {*found, *before}}
    return {role: total for role, total in net.items() if total}


def test_j02_invoice(company, customer, proved):
    owe(company, customer, 1000, tax=190)
    assert booked(company) == journal(JOURNALS["J02"])


def test_j03_invoice_of_two_rates(company, customer, proved):
    owe(company, customer, 1200, tax=192)
    assert booked(company) == journal(JOURNALS["J03"])


def test_j06_invoice_without_tax(company, customer, proved):
    owe(company, customer, 1000)
    assert booked(company) == journal(JOURNALS["J06"])


def test_j08_receipt_and_j09_allocation(company, customer, proved):
    invoice, receipt = owe(company, customer, 1000, tax=190), pay(company, customer, 1190)
    assert minus(booked(company), journal(JOURNALS["J02"])) == journal(JOURNALS["J08"])
    settled = settle(company, (invoice, receipt, 1190))
    assert booked(company, *settled.entries) == journal(JOURNALS["J09"])


def test_j11_overpayment_stays_unapplied(company, customer, proved):
    invoice, receipt = owe(company, customer, 1000, tax=190), pay(company, customer, 1200)
    settle(company, (invoice, receipt, 1190))
    assert minus(booked(company), journal(JOURNALS["J02"])) == journal(JOURNALS["J11"])


def test_j07c_credit_note_on_its_invoice(company, customer, proved):
    invoice = owe(company, customer, 1000, tax=190)
    returned = [
        (R.REVENUE_RETURNS, *amounts(["200", "200"])),
        (R.VAT_OUTPUT, *amounts(["38", "38"])),
    ]
    credit_note = pay(company, customer, 238, against=returned)
    settled = settle(company, (invoice, credit_note, 238))
    assert booked(company, *settled.entries) == journal(JOURNALS["J07c"])


def test_j20_gain_of_exchange(company, customer, proved):
    assert dollars(company, customer, "1.0800") == journal(JOURNALS["J20b"])


def test_j21_loss_of_exchange(company, customer, proved):
    assert dollars(company, customer, "1.1200") == journal(JOURNALS["J21"])


def test_j24_the_bank_kept_seven(company, customer, proved):
    invoice = owe(company, customer, 1000, tax=190)
    parts = [(R.BANK, *amounts(["1183", "1183"])), (R.BANK_FEES, *amounts(["7", "7"]))]
    settle(company, (invoice, pay(company, customer, 1190, against=parts), 1190))
    assert minus(booked(company), journal(JOURNALS["J02"])) == journal(JOURNALS["J24"])


def test_j25_card_payment(company, customer, proved):
    invoice = owe(company, customer, 100, tax=19)
    before = booked(company)
    card = [(R.CARD_CLEARING, Decimal(119), Decimal(119))]
    settle(company, (invoice, pay(company, customer, 119, against=card), 119))
    assert minus(booked(company), before) == journal(JOURNALS["J25"])


# --- ageing ---------------------------------------------------------------------------------------


@pytest.fixture
def aged(company, customer):
    """The story of the vector: applied, credited, taken back and applied again."""
    one, two = (
        owe(company, customer, v["amount"], on=v["on"], due=v["due"]) for v in AGEING["invoice"]
    )
    receipt = pay(company, customer, 600, on=date(2026, 3, 5))
    first = settle(company, (one, receipt, 600), on=date(2026, 3, 5))
    returned = [(R.REVENUE_RETURNS, Decimal(200), Decimal(200))]
    credit = pay(company, customer, 200, on=date(2026, 3, 15), against=returned)
    settle(company, (one, credit, 200), on=date(2026, 3, 20))
    unsettle(company, *first.allocation_ids, on=date(2026, 3, 25))
    settle(company, (two, receipt, 500), (one, receipt, 100), on=date(2026, 3, 25))
    return {one.pk: "INV1", two.pk: "INV2", credit.pk: "CN1", receipt.pk: "RC1"}


@pytest.mark.parametrize("vector", AGEING["as_of"], ids=lambda v: str(v["on"]))
def test_ageing_as_of_any_day(company, customer, aged, proved, vector):
    (row,) = ageing(company, vector["on"])
    assert [*row[2:7]] == amounts(vector["buckets"])
    assert (row.customer_id, row.currency) == (customer.pk, "EUR")
    assert (row.unapplied, row.total) == (amount(vector["unapplied"]), amount(vector["total"]))
    items = {aged[item.id]: item.open_amount for item in open_items(company, vector["on"])}
    assert items == {name: amount(text) for name, text in vector["open"].items()}
