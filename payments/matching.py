"""Which open items a payment pays, and what speaks for it. Pure; docs/algorithms/matching.md.

Stages, first success wins: structured reference, document numbers in the text, unique amount of
a known payer; these may be applied without asking as long as no evidence speaks against it. A sum
of several open items of a known payer is only ever proposed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import ZERO
from payments.quotes import Quotes
from payments.sums import summing_up

MOST_IN_SUM, MOST_SUMMED = 5, 30

Part = tuple[int, Decimal]  # item, amount


@dataclass(frozen=True, slots=True)
class Item:
    """An open receivable: an instalment of `document`."""

    id: int
    customer_id: int
    document: str
    reference: str
    due_on: date
    currency: str
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """Money not applied yet, what was said with it, and who may have sent it, known how.

    `hands_off`: a person took an application back, so none is made again without asking.
    """

    id: int
    amount: Decimal
    currency: str
    quotes: Quotes
    customers: tuple[int, ...] = ()
    known_by: str = ""
    hands_off: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing found; `against` marks what stops an application without asking."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    against: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the stages say. Without parts there is nothing to propose."""

    stage: str = ""
    automatic: bool = False
    parts: tuple[Part, ...] = ()
    customer_id: int | None = None
    evidence: tuple[Evidence, ...] = ()


class Book:
    """The items a run looks at, and what of them is still open while it decides."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=lambda item: (item.due_on, item.id))
        self.open = {item.id: item.open_amount for item in self.items}
        self.by_document: dict[str, list[Item]] = defaultdict(list)
        self.by_reference: dict[str, set[str]] = defaultdict(set)
        self.by_customer: dict[int, list[Item]] = defaultdict(list)
        for item in self.items:
            self.by_document[item.document].append(item)
            self.by_customer[item.customer_id].append(item)
            if item.reference:
                self.by_reference[item.reference].add(item.document)

    def take(self, parts: Sequence[Part]) -> None:
        for item_id, amount in parts:
            self.open[item_id] -= amount

    def due(self, items: Iterable[Item]) -> Decimal:
        return sum((self.open[item.id] for item in items), ZERO)

    def fill(self, items: Iterable[Item], amount: Decimal) -> tuple[Part, ...]:
        """`amount` over the items, oldest due first, none beyond what is open."""
        parts = []
        for item in sorted(items, key=lambda item: (item.due_on, item.id)):
            part = min(amount, self.open[item.id])
            if part > 0:
                parts.append((item.id, part))
                amount -= part
        return tuple(parts)


def decide_all(payments: Sequence[Payment], book: Book) -> dict[int, Verdict]:
    """The verdict on each payment; what is applied for one is no longer open for the next.

    What is quoted comes before what is guessed from amounts, so the order of payments matters
    only to those that quote the same document.
    """
    verdicts: dict[int, Verdict] = {}
    for payment in payments:
        verdict = _quoted(payment, book)
        if verdict:
            verdicts[payment.id] = verdict
            if verdict.automatic:
                book.take(verdict.parts)
    for payment in payments:
        if payment.id not in verdicts:
            verdicts[payment.id] = verdict = _by_amount(payment, book)
            if verdict.automatic:
                book.take(verdict.parts)
    return verdicts


def decide(payment: Payment, book: Book) -> Verdict:
    """The verdict on one payment alone."""
    return decide_all([payment], book)[payment.id]


def _quoted(payment: Payment, book: Book) -> Verdict | None:
    """Stages one and two: documents that the payment names by reference or by number."""
    referred = [d for ref in payment.quotes.references for d in sorted(book.by_reference[ref])]
    numbered = [name for name in payment.quotes.numbers if name in book.by_document]
    named = list(dict.fromkeys([*referred, *numbered]))
    if not named:
        return None
    items = [item for name in named for item in book.by_document[name]]
    fitting = [item for item in items if item.currency == payment.currency]
    due = book.due(fitting)
    difference = payment.amount - due
    only_reference = bool(referred) and set(numbered) <= set(referred)
    exact = not difference or (only_reference and len(named) == 1)
    found = [
        *_said_evidence(referred, numbered, difference, payment.currency),
        *_payer_evidence(payment),
        *_against(payment, named, items, book),
    ]
    if not exact:
        values = {"due": due, "amount": payment.amount, "currency": payment.currency}
        found.append(Evidence("sum_differs", values, against=True))
    customers = {item.customer_id for item in items}
    customer = customers.pop() if len(customers) == 1 else None
    parts = book.fill(fitting, payment.amount) if customer else ()
    return Verdict(
        stage="reference" if only_reference else "numbers",
        automatic=bool(parts) and not any(e.against for e in found),
        parts=parts,
        customer_id=customer,
        evidence=tuple(found),
    )


def _said_evidence(
    referred: Sequence[str], numbered: Sequence[str], difference: Decimal, currency: str
) -> Iterable[Evidence]:
    for name in dict.fromkeys(referred):
        yield Evidence("reference", {"document": name})
    for name in numbered:
        if name not in referred:
            yield Evidence("number", {"document": name})
    if not difference:
        yield Evidence("sum_exact")
    elif referred and difference < 0:
        yield Evidence("part_payment", {"open": -difference, "currency": currency})
    elif referred:
        yield Evidence("over_payment", {"rest": difference, "currency": currency})


def _against(
    payment: Payment, named: Sequence[str], items: Sequence[Item], book: Book
) -> Iterable[Evidence]:
    """What speaks against applying without asking, although documents are named."""
    for name in named:
        if not book.due(book.by_document[name]):
            yield Evidence("already_settled", {"document": name}, against=True)
    for name in payment.quotes.unresolved(book.by_document):
        yield Evidence("unknown_number", {"document": name}, against=True)
    for item in items:
        if item.currency != payment.currency:
            values = {"document": item.document, "currency": item.currency}
            yield Evidence("other_currency", values, against=True)
    customers = {item.customer_id for item in items}
    if len(customers) > 1:
        yield Evidence("several_customers", against=True)
    elif payment.customers and not customers & set(payment.customers):
        yield Evidence("other_payer", {"known_by": payment.known_by}, against=True)


def _payer_evidence(payment: Payment) -> Iterable[Evidence]:
    if payment.known_by and len(payment.customers) == 1:
        yield Evidence("payer", {"known_by": payment.known_by})
    elif len(payment.customers) > 1:
        yield Evidence("payer_ambiguous", {"count": len(payment.customers)})
    if payment.hands_off:
        yield Evidence("taken_back", against=True)


def _by_amount(payment: Payment, book: Book) -> Verdict:
    """Stage three and the proposals: amounts of a payer who is known beyond doubt."""
    found = list(_payer_evidence(payment))
    found += [
        Evidence("unknown_number", {"document": name}, against=True)
        for name in payment.quotes.unresolved(book.by_document)
    ]
    if len(payment.customers) != 1:
        return Verdict(evidence=tuple(found))
    customer = payment.customers[0]
    items = [
        item
        for item in book.by_customer[customer]
        if item.currency == payment.currency and book.open[item.id]
    ]
    equal = _equal(items, payment.amount, book)
    if equal:
        only = len(equal) == 1
        code = "unique_amount" if only else "equal_amounts"
        found.append(Evidence(code, {"count": len(equal)}, against=not only))
        automatic = not any(e.against for e in found)
        return Verdict(
            "amount", automatic, book.fill(equal[0], payment.amount), customer, tuple(found)
        )
    chosen, count = _sums(items, payment.amount, book)
    if not chosen:
        return Verdict(customer_id=customer, evidence=tuple(found))
    values = {"count": len(chosen), "ways": count}
    found.append(Evidence("only_sum" if count == 1 else "one_of_sums", values, against=True))
    return Verdict("sum", False, book.fill(chosen, payment.amount), customer, tuple(found))


def _equal(items: Sequence[Item], amount: Decimal, book: Book) -> list[list[Item]]:
    """Single items, and whole documents of several, with exactly this much open; oldest first."""
    singles = [[item] for item in items if book.open[item.id] == amount]
    documents: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        documents[item.document].append(item)
    wholes = [d for d in documents.values() if len(d) > 1 and book.due(d) == amount]
    return sorted(singles + wholes, key=lambda group: (group[0].due_on, group[0].id))


def _sums(items: Sequence[Item], amount: Decimal, book: Book) -> tuple[list[Item], int]:
    """The combination of open items that makes `amount`, and how many there are.

    All items together first, then the fewest, then the oldest; only the oldest thirty are tried.
    """
    if len(items) > 1 and book.due(items) == amount:
        return list(items), 1
    tried = [item for item in items[:MOST_SUMMED] if book.open[item.id] < amount]
    places, ways = summing_up([book.open[item.id] for item in tried], amount, MOST_IN_SUM)
    return [tried[place] for place in places], ways
