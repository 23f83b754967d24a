"""Undoing receipts in the books: what they paid is open again, and a counter item closes them."""

from collections.abc import Sequence
from datetime import date

from core import bulk, clock, events, states
from core.actions import inside_transaction
from core.models import Company
from invoicing import settlement as invoices
from ledger import items, posting
from ledger import settlement as ledger
from ledger.items import NewItem
from ledger.models import AccountRole, Entry, OpenItem, Side
from ledger.settlement import Pair
from partners.exposure import Moves
from payments import settlement
from payments.models import Receipt
from users.models import User


@inside_transaction
def reverse(
    company: Company, receipts: Sequence[Receipt], days: Sequence[date], *, reason: str, by: User
) -> None:
    """Takes back what locked receipts paid, reverses their entries, and closes their items.

    Each on its day of `days`, on its own where that is later, or on the first open day after it;
    nothing that was posted changes.
    """
    live = settlement.live_allocations(receipts)
    by_receipt = {r.pk: day for r, day in zip(receipts, days, strict=True)}
    moves = Moves()
    settlement.take_back(company, receipts, live, days=by_receipt, by=by, moves=moves)
    counter_ids = bulk.take_ids({OpenItem: len(receipts)})[OpenItem]
    by_item = {r.open_item_id: pk for r, pk in zip(receipts, counter_ids, strict=True)}
    entries = Entry.objects.in_bulk([r.entry_id for r in receipts])
    in_order = [entries[r.entry_id] for r in receipts]
    posted = posting.reverse(company, in_order, by=by, days=days, items=by_item)
    counters = [
        _counter(receipt, entry.posting_date)
        for receipt, entry in zip(receipts, posted, strict=True)
    ]
    items.open_items(company, counters, counter_ids)
    pairs = [Pair(by_item[r.open_item_id], r.open_item_id, r.amount) for r in receipts]
    settled = ledger.allocate(company, pairs, on=settlement.THEIR_OWN_DAY, by=by, action="reversed")
    invoices.apply(settled.items.values())
    _lower_exposure(receipts, moves)
    states.apply(
        receipts,
        Receipt.reverse,
        ("reversed_at", "reason", "returned_by_id"),
        clock.now(),
        reason,
    )
    _record(company, receipts, reason, by)


def _counter(receipt: Receipt, on: date) -> NewItem:
    """The item that stands against the receipt's own: money that is owed to nobody any more."""
    return NewItem(
        AccountRole.UNAPPLIED_RECEIPTS,
        Side.DEBIT,
        ("receipt", receipt.pk, receipt.name),
        2,
        on,
        on,
        receipt.currency,
        receipt.amount,
        receipt.open_item.base_amount,
        receipt.customer_id,
    )


def _lower_exposure(receipts: Sequence[Receipt], moves: Moves) -> None:
    for receipt in receipts:
        if receipt.customer:
            moves.add(
                receipt.customer.credit_account_id, receipt.currency, unapplied=-receipt.amount
            )
    moves.write()


def _record(company: Company, receipts: Sequence[Receipt], reason: str, by: User) -> None:
    facts = [
        events.Fact(
            [("receipt", r.pk), *_customer(r)],
            {"amount": r.amount, "currency": r.currency, "reason": reason},
        )
        for r in receipts
    ]
    events.record(company, "receipt.reversed", facts, by=by)


def _customer(receipt: Receipt) -> list[events.Subject]:
    return [("customer", receipt.customer_id)] if receipt.customer_id else []
