"""Real camt files of several banks, kept outside the repository in the folder `O2C_CORPORA`."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from core.refusals import Refused
from payments.statements import camt, checks

D = Decimal

FOLDER = Path(os.environ.get("O2C_CORPORA", "")) / "bank" / "camt"
pytestmark = pytest.mark.skipif(
    "O2C_CORPORA" not in os.environ, reason="O2C_CORPORA is not set: no real bank files to read"
)

READ = {
    "2024-05-06.xml": [
        ("LT625883379695428516", "17518195.97", "19158133.75", 13),
        ("LT414319056143772570", "801.55", "801.55", 0),
    ],
    "2024-08-19.xml": [
        ("LT414319056143772570", "801.55", "801.55", 0),
        ("LT625883379695428516", "17209321.68", "16728647.41", 7),
    ],
    "2024-09-05.xml": [("LT625883379695428516", "17220406.19", "17944385.97", 7)],
    "camt053.v2.multi.statement.xml": [
        ("NL26VAYB8060476890", "18.15", "27.00", 1),
        ("NL26VAYB8060476890", "27.00", "20.00", 1),
    ],
}
REFUSED = {
    "camt052.v6.xml": "statement.intraday",
    "camt053.v2.minimal.xml": "statement.mixed",
    "camt053.v2.wrong.xml": "statement.no_statement",
    "camt053.v4.xml": "statement.mixed",
    "camt053.v8.xml": "statement.mixed",
    "camt054.v8.xml": "statement.notification",
}


def test_every_file_is_accounted_for():
    assert {path.name for path in FOLDER.glob("*.xml")} == READ.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", READ)
def test_it_reads_to_the_cent(name):
    statements = camt.read((FOLDER / name).read_bytes())
    for statement in statements:
        checks.check_sum(statement)
    assert [(s.account, s.opening, s.closing, len(s.lines)) for s in statements] == [
        (account, D(opening), D(closing), lines) for account, opening, closing, lines in READ[name]
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name):
    with pytest.raises(Refused) as raised:
        camt.read((FOLDER / name).read_bytes())
    assert raised.value.code == REFUSED[name]


def test_the_details_of_an_entry_without_a_day():
    """This bank gives neither status nor booking day: booked, on the day of the balance."""
    (statement,) = camt.read((FOLDER / "2024-09-05.xml").read_bytes())
    first = statement.lines[0]
    assert (first.amount, first.bank_reference) == (D("255663.03"), "REF000020621452")
    assert first.booked_on == first.value_on == statement.to_date
