"""A statement as read from a file, whatever its format; nothing here touches the database."""

from collections import Counter
from collections.abc import Iterator, Sequence
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


def import_keys(account: str, currency: str, lines: Sequence[Line]) -> Iterator[str]:
    """What tells each line from all others of the account, whichever file it comes in.

    Account, booking day, bank reference and amount, then the index among equal ones: banks reuse
    references each year and repeat them within a batch, and two equal payments are two.
    """
    seen: Counter[str] = Counter()
    for line in lines:
        group = f"{account}|{currency}|{line.booked_on:%Y%m%d}|{_identity(line)}|{line.amount:f}"
        seen[group] += 1
        yield f"{group}|{seen[group]}"


def _identity(line: Line) -> str:
    """The bank's reference; without a usable one, a digest of all the bank said."""
    if line.bank_reference and len(line.bank_reference) <= LONGEST_REFERENCE:
        return line.bank_reference
    said = (
        line.bank_reference,
        line.end_to_end_id,
        *line.references,
        line.counterparty_iban,
        line.counterparty,
        line.remittance,
    )
    return "~" + sha256("\x1f".join(said).encode()).hexdigest()[:24]
