"""What payers write, and what it may mean."""

import pytest

from payments import quotes


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-00017",
        "inv 2026 17",
        "INV2026-00017",
        "INV202600017",
        "Rechnung:INV/2026/0017.",
        "INV-2026-17 vom 3.3.",
        "2026-00017",
    ],
)
def test_ways_to_write_a_number(text):
    assert "INV-2026-00017" in quotes.read("", text, "INV").numbers


@pytest.mark.parametrize("text", ["XINV-2026-00017", "INV-2026", "INV-1999-00017", "17", ""])
def test_what_is_no_number(text):
    assert quotes.read("", text, "INV").ours == ()


def test_a_number_without_its_prefix_is_no_proof_against_anything():
    said = quotes.read("", "2026-00099", "INV")
    assert (said.ours, said.numbers[0]) == ((), "INV-2026-00099")


def test_the_structured_field_may_hold_a_number():
    assert quotes.read("INV-2026-00017", "", "INV").numbers[0] == "INV-2026-00017"


def test_references_are_compared_without_blanks_and_marks():
    assert quotes.compact("rf18 5390-0754.7034") == "RF18539007547034"


def test_a_creditor_reference_is_found_in_the_text():
    said = quotes.read("", "zu RF18539007547034 danke", "INV")
    assert "RF18539007547034" in said.references


@pytest.mark.parametrize(
    "name", ["Müller & Söhne GmbH", "MUELLER + SOEHNE GMBH", "Mueller & Soehne, GmbH"]
)
def test_names_are_compared_as_banks_write_them(name):
    assert quotes.fold_name(name) == "MUELLERSOEHNEGMBH"


def test_legal_forms_keep_firms_apart():
    assert quotes.fold_name("Acme GmbH") != quotes.fold_name("Acme AG")


def test_a_flood_of_words_is_cut():
    assert len(quotes.read("", "A1234 " * 5000, "INV").numbers) <= quotes.MOST_WORDS + 1
