"""Putting money that came in into the books: Dr bank, Cr unapplied receipts, an open item each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core import bulk, clock, events, numbering
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO
from ledger import items, posting, rates
from ledger.items import NewItem
from ledger.models import AccountRole, BankAccount, Journal, OpenItem, Side
from ledger.posting import Draft, Line, Posted
from partners.exposure import Moves
from partners.models import Customer
from payments.models import Receipt
from users.models import User

COLUMNS = (
    "id", "company_id", "number", "created_at", "created_by_id", "bank_account_id",
    "transaction_id", "customer_id", "received_on", "currency", "amount", "fx_rate",
    "open_item_id", "entry_id", "charges", "payer", "text", "known_by", "finding",
)  # fmt: skip

Rates = Mapping[tuple[str, date], Decimal]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money to record. `amount` is what the payer sent; the bank kept `charges` of it."""

    account: BankAccount
    received_on: date
    amount: Decimal
    charges: Decimal = ZERO
    payer: str = ""
    text: str = ""
    customer: Customer | None = None
    transaction_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Valued:
    """A receipt in the making, with its numbers and its worth in the company's currency."""

    pk: int
    item_id: int
    number: str
    rate: Decimal
    base: Decimal
    base_charges: Decimal
    money: Incoming

    @property
    def source(self) -> tuple[str, int, str]:
        return ("receipt", self.pk, self.number)


@inside_transaction
def record(company: Company, incoming: Sequence[Incoming], *, by: User) -> list[Receipt]:
    """Records receipts with entries and open items, in a fixed number of statements.

    Foreign money is worth what the rate of its value date says; the entry goes to that day, or to
    the first open day after it. Matching follows by `receipt.recorded`.
    """
    if not incoming:
        return []
    found = rates.find_rates(company, {(m.account.currency, m.received_on) for m in incoming})
    ids = bulk.take_ids({Receipt: len(incoming), OpenItem: len(incoming)})
    numbers = _numbers(company, [m.received_on for m in incoming])
    pairs = zip(ids[Receipt], ids[OpenItem], strict=True)
    valued = [
        _valued(company, found, pair, number, money)
        for pair, number, money in zip(pairs, numbers, incoming, strict=True)
    ]
    drafts = [_draft(one) for one in valued]
    posted = [entry for entry in posting.post(company, drafts, by=by) if entry]
    opened = [_item(one, entry) for one, entry in zip(valued, posted, strict=True)]
    items.open_items(company, opened, ids[OpenItem])
    receipts = _write(company, valued, posted, by)
    _record_events(company, receipts, by)
    return receipts


def _numbers(company: Company, days: Sequence[date]) -> Iterator[str]:
    """Receipt numbers in the order given, the series of each fiscal year on its own."""
    by_year: dict[int, list[date]] = defaultdict(list)
    for day in days:
        by_year[company.fiscal_year(day)].append(day)
    taken = numbering.take(company, {("receipt", max(d)): len(d) for d in by_year.values()})
    series = {year: iter(taken["receipt", max(d)]) for year, d in by_year.items()}
    return (next(series[company.fiscal_year(day)]) for day in days)


def _valued(
    company: Company, found: Rates, ids: tuple[int, int], number: str, money: Incoming
) -> _Valued:
    rate = found[money.account.currency, money.received_on]
    base = rates.to_base(money.amount, rate, company)
    base_charges = rates.to_base(money.charges, rate, company)
    return _Valued(*ids, number, rate, base, base_charges, money)


def _draft(one: _Valued) -> Draft:
    money = one.money
    currency, bank = money.account.currency, money.account.account_id
    net, base_net = money.amount - money.charges, one.base - one.base_charges
    partner = money.customer.pk if money.customer else None
    return Draft(
        Journal.CASH,
        money.received_on,
        one.source,
        "recorded",
        [
            Line(None, base_net, currency, net, bank),
            Line(AccountRole.BANK_FEES, one.base_charges, currency, money.charges),
            Line(
                AccountRole.UNAPPLIED_RECEIPTS,
                -one.base,
                currency,
                -money.amount,
                None,
                partner,
                one.item_id,
            ),
        ],
        or_first_open_day=True,
    )


def _item(one: _Valued, entry: Posted) -> NewItem:
    customer = one.money.customer
    return NewItem(
        AccountRole.UNAPPLIED_RECEIPTS,
        Side.CREDIT,
        one.source,
        1,
        entry.posting_date,
        entry.posting_date,
        one.money.account.currency,
        one.money.amount,
        one.base,
        customer.pk if customer else None,
    )


def _write(
    company: Company, valued: Sequence[_Valued], posted: Sequence[Posted], by: User
) -> list[Receipt]:
    now, moves, rows = clock.now(), Moves(), []
    for one, entry in zip(valued, posted, strict=True):
        money, customer = one.money, one.money.customer
        known_by = Receipt.KnownBy.PERSON.value if customer else ""
        finding = Receipt.Finding.PAYER if customer else Receipt.Finding.NOTHING
        rows.append(
            (
                one.pk, company.pk, one.number, now, by.pk, money.account.pk, money.transaction_id,
                customer.pk if customer else None, money.received_on, money.account.currency,
                money.amount, one.rate, one.item_id, entry.id, money.charges, money.payer,
                money.text, known_by, finding.value,
            )
        )  # fmt: skip
        if customer:
            moves.add(customer.credit_account_id, money.account.currency, unapplied=money.amount)
    bulk.insert(Receipt, COLUMNS, rows)
    moves.write()
    return [Receipt(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _record_events(company: Company, receipts: Sequence[Receipt], by: User) -> None:
    facts = []
    for receipt in receipts:
        subjects: list[events.Subject] = [("receipt", receipt.pk)]
        if receipt.transaction_id:
            subjects.append(("transaction", receipt.transaction_id))
        if receipt.customer_id:
            subjects.append(("customer", receipt.customer_id))
        figures = {"amount": receipt.amount, "currency": receipt.currency}
        facts.append(events.Fact(subjects, figures))
    events.record(company, "receipt.recorded", facts, by=by)
