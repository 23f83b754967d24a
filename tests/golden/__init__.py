"""Numeric vectors of bookkeeping, as data: what the program must compute to the cent."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any


def vectors(name: str) -> dict[str, Any]:
    """The vectors of one file; amounts are written as text and read with `amount`."""
    path = Path(__file__).with_name(f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def amount(text: str) -> Decimal:
    """An amount as people write it: 1,234.50."""
    return Decimal(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def journal(text: str) -> dict[str, Decimal]:
    """Lines such as `Dr AR_CONTROL 1190.00`, net per account role, debit above zero."""
    sums: dict[str, Decimal] = {}
    for line in text.strip().splitlines():
        side, role, figure = line.split()
        signed = amount(figure) * (1 if side == "Dr" else -1)
        sums[role] = sums.get(role, Decimal(0)) + signed
    return {role: total for role, total in sums.items() if total}
