"""Settling open items: dated allocations of debit items against credit items, and their reversal.

Every deed that calls these steps then calls the step of the documents' owner with what was
touched, so that a document's own open amount and state follow in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import bulk, clock, formats
from core.actions import inside_transaction
from core.locks import lock
from core.models import Company
from core.money import minor_digits, relieve, round_amount
from core.refusals import Refused
from ledger.models import AccountRole, Allocation, Journal, OpenItem, Side
from ledger.posting import Draft, Line, Posted, post
from users.models import User

ALLOCATION_COLUMNS = (
    "id", "company_id", "debit_item_id", "credit_item_id", "amount", "debit_base", "credit_base",
    "posting_date", "recorded_at", "entry_id", "reverses_id",
)  # fmt: skip


class Pair(NamedTuple):
    """`amount` of a debit item to be settled with a credit item, in the currency of both."""

    debit_item_id: int
    credit_item_id: int
    amount: Decimal


@dataclass(frozen=True)
class TouchedItem:
    """An item whose open amount moved by `change` (below zero: settled) to `open_amount`."""

    id: int
    account_role: AccountRole
    side: Side
    source_kind: str
    source_id: int
    source_name: str
    position: int
    customer_id: int | None
    supplier_id: int | None
    currency: str
    change: Decimal
    open_amount: Decimal


@dataclass(frozen=True)
class Settled:
    """What an allocation or its reversal did."""

    items: dict[int, TouchedItem]
    entries: list[Posted]
    allocation_ids: list[int]


class _Move(NamedTuple):
    """One allocation row in the making; amounts below zero undo an earlier row."""

    debit: OpenItem
    credit: OpenItem
    amount: Decimal
    debit_base: Decimal
    credit_base: Decimal
    on: date
    reverses_id: int | None


@inside_transaction
def lock_items(ids: Iterable[int]) -> dict[int, OpenItem]:
    """Open items locked in primary-key order.

    A deed that posts before it allocates calls this first, since items come before number series
    in the order of locks.
    """
    return {item.pk: item for item in lock(OpenItem.objects.filter(pk__in=set(ids)))}


@inside_transaction
def allocate(
    company: Company, pairs: Sequence[Pair], *, on: date, by: User, action: str = "applied"
) -> Settled:
    """Settles debit items with credit items and posts the relief of both, an entry per credit item.

    `action` is the event of those entries.

    The day is `on`, or the later posting date of the two items, or the first open day after it.
    The base value is relieved in proportion, the last piece taking the rest; what the two sides
    differ by is a realised exchange difference. Raises Refused `settlement.too_much`,
    `settlement.too_fine`, `settlement.other_currency`, `settlement.other_partner`,
    `settlement.wrong_side`.
    """
    items = lock_items(pk for pair in pairs for pk in pair[:2])
    before = _open_amounts(items)
    moves = [_relieved(company, items, pair, on) for pair in pairs]
    return _write(company, moves, before, by=by, event=action)


def _open_amounts(items: Mapping[int, OpenItem]) -> dict[int, tuple[Decimal, Decimal]]:
    return {pk: (item.open_amount, item.open_base_amount) for pk, item in items.items()}


def _relieved(company: Company, items: Mapping[int, OpenItem], pair: Pair, on: date) -> _Move:
    """Takes a pair's amount off both items in memory."""
    debit, credit = _item(items, company, pair[0]), _item(items, company, pair[1])
    _check(debit, credit)
    _check_amount(debit, credit, pair.amount)
    values = []
    for item in (debit, credit):
        base = relieve(pair.amount, item.open_amount, item.open_base_amount, company.currency)
        item.open_amount -= pair.amount
        item.open_base_amount -= base
        values.append(base)
    return _Move(
        debit,
        credit,
        pair.amount,
        values[0],
        values[1],
        max(on, debit.posted_on, credit.posted_on),
        None,
    )


def _item(items: Mapping[int, OpenItem], company: Company, pk: int) -> OpenItem:
    item = items.get(pk)
    if item is None or item.company_id != company.pk:
        raise Refused("settlement.unknown_item", _("This open item does not exist."), item=pk)
    return item


def _check(debit: OpenItem, credit: OpenItem) -> None:
    if (debit.side, credit.side) != (Side.DEBIT, Side.CREDIT):
        raise Refused(
            "settlement.wrong_side",
            _("%(debit)s and %(credit)s stand on the same side and cannot settle each other.")
            % {"debit": debit, "credit": credit},
        )
    if debit.currency != credit.currency:
        raise Refused(
            "settlement.other_currency",
            _("%(debit)s is in %(one)s and %(credit)s in %(other)s.")
            % {
                "debit": debit,
                "one": debit.currency,
                "credit": credit,
                "other": credit.currency,
            },
        )
    if (debit.customer_id, debit.supplier_id) != (credit.customer_id, credit.supplier_id):
        raise Refused(
            "settlement.other_partner",
            _("%(debit)s and %(credit)s belong to different partners.")
            % {"debit": debit, "credit": credit},
        )


def _check_amount(debit: OpenItem, credit: OpenItem, amount: Decimal) -> None:
    if amount != (nearest := round_amount(amount, debit.currency)):
        raise Refused(
            "settlement.too_fine",
            _("%(currency)s has %(digits)d decimals; %(amount)s has more. The nearest amount is "
              "%(nearest)s.")
            % {
                "currency": debit.currency,
                "digits": minor_digits(debit.currency),
                "amount": amount,
                "nearest": formats.amount(nearest, debit.currency),
            },
        )  # fmt: skip
    smaller = min(debit, credit, key=lambda item: item.open_amount)
    if not 0 < amount <= smaller.open_amount:
        raise Refused(
            "settlement.too_much",
            _("%(amount)s is more than is open: %(item)s has %(open)s left.")
            % {
                "amount": formats.amount(amount, debit.currency, code=True),
                "item": smaller,
                "open": formats.amount(smaller.open_amount, debit.currency, code=True),
            },
            amount=amount,
            open=smaller.open_amount,
            item=smaller.pk,
        )


@inside_transaction
def reverse_allocations(company: Company, days: Mapping[int, date], *, by: User) -> Settled:
    """Undoes allocations (id → day) by minus rows with their own date; both items are open again.

    None is undone before the day it was made on.
    Raises Refused `settlement.reversed_already` for a row that is undone or is itself an undoing.
    """
    rows = list(Allocation.objects.filter(company=company, pk__in=days).order_by("pk"))
    if len(rows) != len(days):
        raise Refused("settlement.unknown_allocation", _("This application does not exist."))
    items = lock_items(pk for row in rows for pk in (row.debit_item_id, row.credit_item_id))
    undone = Allocation.objects.filter(reverses__in=rows).exists()
    if undone or any(row.reverses_id for row in rows):
        raise Refused("settlement.reversed_already", _("This was taken back already."))
    before = _open_amounts(items)
    moves = []
    for row in rows:
        debit, credit = items[row.debit_item_id], items[row.credit_item_id]
        for item, base in ((debit, row.debit_base), (credit, row.credit_base)):
            item.open_amount += row.amount
            item.open_base_amount += base
        moves.append(
            _Move(
                debit,
                credit,
                -row.amount,
                -row.debit_base,
                -row.credit_base,
                max(days[row.pk], row.posting_date),
                row.pk,
            )
        )
    return _write(company, moves, before, by=by, event="unapplied")


def _write(
    company: Company,
    moves: Sequence[_Move],
    before: Mapping[int, tuple[Decimal, Decimal]],
    *,
    by: User,
    event: str,
) -> Settled:
    """Posts one entry per credit item and day, writes the rows and the items' new open amounts."""
    if not moves:
        return Settled({}, [], [])
    ids = bulk.take_ids({Allocation: len(moves)})[Allocation]
    groups: dict[tuple[int, date], list[tuple[int, _Move]]] = defaultdict(list)
    for pk, move in zip(ids, moves, strict=True):
        groups[move.credit.pk, move.on].append((pk, move))
    drafts = [_draft(company, group, event) for group in groups.values()]
    posted = [entry for entry in post(company, drafts, by=by) if entry]
    now = clock.now()
    bulk.insert(
        Allocation,
        ALLOCATION_COLUMNS,
        [
            (
                pk, company.pk, move.debit.pk, move.credit.pk, move.amount, move.debit_base,
                move.credit_base, entry.posting_date, now, entry.id, move.reverses_id,
            )
            for entry, group in zip(posted, groups.values(), strict=True)
            for pk, move in group
        ],
    )  # fmt: skip
    items = {item.pk: item for move in moves for item in (move.debit, move.credit)}
    _store(items.values(), before)
    return Settled({pk: _touched(item, before) for pk, item in items.items()}, posted, ids)


def _draft(company: Company, group: Sequence[tuple[int, _Move]], event: str) -> Draft:
    """The relief of one credit item: its own line, one line per debit item, the difference."""
    credit = group[0][1].credit
    difference = Decimal(0)
    lines = []
    for _pk, move in group:
        difference += move.debit_base - move.credit_base
        lines.append(_line(move.debit, -move.debit_base, -move.amount))
    amount = sum((move.amount for _pk, move in group), Decimal(0))
    base = sum((move.credit_base for _pk, move in group), Decimal(0))
    return Draft(
        Journal.PURCHASES if credit.supplier_id else Journal.CASH,
        group[0][1].on,
        ("allocation", group[0][0], credit.source_name),
        event,
        [
            _line(credit, base, amount),
            *lines,
            Line(AccountRole.FX_REALISED, difference, credit.currency, Decimal(0)),
        ],
        or_first_open_day=True,
    )


def _line(item: OpenItem, base_amount: Decimal, amount: Decimal) -> Line:
    return Line(
        AccountRole(item.account_role),
        base_amount,
        item.currency,
        amount,
        open_item_id=item.pk,
    )


def _store(items: Iterable[OpenItem], before: Mapping[int, tuple[Decimal, Decimal]]) -> None:
    """Moves the open amounts, on condition that what is stored allows the move."""
    rows = [
        (item.pk, item.open_amount - amount, item.open_base_amount - base)
        for item in items
        for amount, base in [before[item.pk]]
    ]
    moved = bulk.update(
        OpenItem,
        ("id", "open_amount", "open_base_amount"),
        rows,
        add=("open_amount", "open_base_amount"),
        where="t.open_amount + u.open_amount BETWEEN 0 AND t.amount",
    )
    if moved != len(rows):
        raise Refused("settlement.changed", _("Someone else settled this. Reload and try again."))


def _touched(item: OpenItem, before: Mapping[int, tuple[Decimal, Decimal]]) -> TouchedItem:
    return TouchedItem(
        item.pk,
        AccountRole(item.account_role),
        Side(item.side),
        item.source_kind,
        item.source_id,
        item.source_name,
        item.position,
        item.customer_id,
        item.supplier_id,
        item.currency,
        item.open_amount - before[item.pk][0],
        item.open_amount,
    )
