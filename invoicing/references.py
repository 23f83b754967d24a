"""Creditor references (ISO 11649): what a payer quotes and a bank statement hands back."""

import string

VALUES = {sign: str(value) for value, sign in enumerate(string.digits + string.ascii_uppercase)}
LONGEST = 21


def creditor_reference(number: str) -> str:
    """The RF reference of a document number: `INV-2026-00042` gives `RF36INV202600042`.

    Two check digits by modulus 97 guard against typing errors.
    """
    core = "".join(sign for sign in number.upper() if sign in VALUES)[-LONGEST:]
    rest = int("".join(VALUES[sign] for sign in core + "RF00")) % 97
    return f"RF{98 - rest:02d}{core}"
