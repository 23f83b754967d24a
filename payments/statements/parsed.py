"""A statement as read from a file, whatever its format; nothing here touches the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

LONGEST_REFERENCE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One booked entry, or one detail of a batch. Amounts are signed, credit above zero.

    `charges` is what a bank kept before it credited `amount`. A reversal undoes an earlier
    entry of the other sign: the parties keep the parts they had in that one.
    """

    booked_on: date
    value_on: date
    amount: Decimal
    currency: str
    bank_reference: str = ""
    references: tuple[str, ...] = ()
    end_to_end_id: str = ""
    counterparty: str = ""
    counterparty_iban: str = ""
    remittance: str = ""
    code: str = ""
    charges: Decimal = Decimal(0)
    is_reversal: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account, complete with its two balances."""

    statement_id: str
    account: str
    currency: str
    from_date: date
    to_date: date
    opening: Decimal
    closing: Decimal
    lines: Sequence[Line]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def import_groups(statement: Statement) -> list[str]:
    """What each line has in common with its equals only, whichever file they come in.

    Account, booking day, bank reference and amount. Equal payments are told apart by their count:
    banks reuse references each year and repeat them within a batch, and two payments are two.
    """
    account = f"{statement.account}|{statement.currency}"
    return [
        f"{account}|{line.booked_on:%Y%m%d}|{_identity(line)}|{line.amount:f}"
        for line in statement.lines
    ]


def _identity(line: Line) -> str:
    """The bank's reference; without a usable one, a digest of all the bank said."""
    reference = line.bank_reference
    if reference and len(reference) <= LONGEST_REFERENCE and "|" not in reference:
        return reference
    said = (
        line.bank_reference,
        line.end_to_end_id,
        *line.references,
        line.counterparty_iban,
        line.counterparty,
        line.remittance,
    )
    return "~" + sha256("\x1f".join(said).encode()).hexdigest()[:24]
