"""What the deeds of the books take: plain values, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class RateDraft(NamedTuple):
    """On a day, 1 unit of `base` is worth `rate` units of `quote`."""

    base: str
    quote: str
    on: date
    rate: Decimal
    source: str = ""


@dataclass(frozen=True)
class BankAccountDraft:
    """An own account at a bank; `is_default` prints it on invoices in its currency."""

    title: str
    iban: str
    currency: str
    bic: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class AccountDraft:
    """An account of the chart."""

    number: str
    title: str
    kind: str


@dataclass(frozen=True)
class TaxCodeDraft:
    """A tax code; `tax_class` names the products it is for, empty for supplies abroad."""

    code: str
    name: str
    category: str
    rate: Decimal
    valid_from: date
    tax_class: str = ""
    reason: str = ""


class ManualLine(NamedTuple):
    """One side of a manual entry, debit above zero, in the currency of the entry."""

    account_number: str
    amount: Decimal


@dataclass(frozen=True)
class ManualDraft:
    """A manual entry: what a person posts from a voucher."""

    on: date
    reference: str
    text: str
    currency: str
    lines: Sequence[ManualLine]


class BalanceDraft(NamedTuple):
    """The balance of an account in the system before, debit above zero.

    Without `base_amount`, foreign money is worth what the rate of the day says.
    """

    account_number: str
    currency: str
    amount: Decimal
    base_amount: Decimal | None = None


@dataclass(frozen=True)
class ItemDraft:
    """An open item of the system before: above zero an invoice, below zero a credit or payment.

    Exactly one of `customer` and `supplier`, by number; `document` is its number over there.
    """

    document: str
    due_on: date
    currency: str
    amount: Decimal
    customer: str = ""
    supplier: str = ""
    base_amount: Decimal | None = None
    reference: str = ""
