"""Taking stock documents back: their movements once more, the other way round, at their values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from core import bulk, clock, events, formats, links, numbering
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from inventory import stock
from inventory.booking import AGAINST, COLUMNS, SERIES
from inventory.models import Move, StockDocument
from inventory.stock import Level, Movement
from ledger.models import AccountRole, Entry, Journal
from ledger.posting import Draft, Line, post
from users.models import User

Kind = StockDocument.Kind
Moves = Mapping[int, Sequence[Move]]  # by document


def not_to_reverse(documents: Sequence[StockDocument]) -> dict[int, Refused]:
    """Why documents cannot be reversed, by id, whatever lies there; in one statement."""
    earlier = {row.reverses_id: row for row in StockDocument.objects.filter(reverses__in=documents)}
    refused = {}
    for document in documents:
        words = {"document": document, "by": earlier.get(document.pk)}
        if document.kind == Kind.REVERSAL:
            say = _("%(document)s takes another document back. Book the goods anew instead.")
            refused[document.pk] = Refused("stock.is_reversal", say % words)
        elif document.pk in earlier:
            say = _("%(document)s was reversed already, by %(by)s.")
            refused[document.pk] = Refused("stock.reversed_already", say % words)
    return refused


@inside_transaction
def reverse(
    company: Company, documents: Sequence[StockDocument], reason: str, by: User
) -> list[StockDocument]:
    """Reverses locked documents today, in a fixed number of statements."""
    for why in not_to_reverse(documents).values():
        raise why
    moves = _moves(documents)
    levels = _levels(moves)
    for document in documents:
        for move in moves.get(document.pk, ()):
            _take_back(company, document, move, levels[move.stock_id])
    stock.write_levels(levels.values())
    made = _write(company, documents, reason, by)
    pairs = list(zip(documents, made, strict=True))
    stock.write_movements(
        [
            Movement(move.stock_id, -move.quantity, -move.value, new.moved_on, _source(new))
            for old, new in pairs
            for move in moves.get(old.pk, ())
        ]
    )
    post(company, _entries(company, pairs, moves), by=by)
    links.link(company, [(_source(old), _source(new)) for old, new in pairs], "reversed_by")
    facts = [
        events.Fact([_source(new)[:2], _source(old)[:2]], {"reason": reason}) for old, new in pairs
    ]
    events.record(company, "stock.reversed", facts, by=by)
    return made


def _moves(documents: Sequence[StockDocument]) -> dict[int, list[Move]]:
    rows = Move.objects.filter(
        source_kind="stock_document", source_id__in=[document.pk for document in documents]
    )
    found: dict[int, list[Move]] = {}
    for move in rows.select_related("stock__product").order_by("pk"):
        found.setdefault(move.source_id, []).append(move)
    return found


def _levels(moves: Moves) -> dict[int, Level]:
    """The locked stock rows by key."""
    places = {
        (move.stock.warehouse_id, move.stock.product_id) for rows in moves.values() for move in rows
    }
    return {level.id: level for level in stock.lock_levels(places).values()}


def _take_back(company: Company, document: StockDocument, move: Move, level: Level) -> None:
    """One movement the other way round in memory; refuses what cannot leave any more."""
    words = {
        "document": document,
        "code": move.stock.product.code,
        "quantity": formats.quantity(abs(move.quantity)),
        "free": formats.quantity(level.free),
        "on_hand": formats.quantity(level.on_hand),
    }
    if move.quantity > level.free:
        say = _("%(document)s brought %(quantity)s of %(code)s, but only %(free)s of the "
                "%(on_hand)s there are free: the rest has left or is promised to orders. Adjust "
                "what is wrong instead.")  # fmt: skip
        raise Refused("stock.gone", say % words)
    level.change(on_hand=-move.quantity, value=-move.value)
    if level.value < 0 or (not level.on_hand and level.value):
        value = formats.amount(abs(move.value), company.currency, code=True)
        say = _("%(document)s booked %(code)s at %(value)s. Since then others came or left at "
                "another average, so that value cannot be taken out again. Adjust what is wrong "
                "instead.")  # fmt: skip
        raise Refused("stock.other_value", say % {**words, "value": value})


def _write(
    company: Company, documents: Sequence[StockDocument], reason: str, by: User
) -> list[StockDocument]:
    today, now = clock.today(company), clock.now()
    ids = bulk.take_ids({StockDocument: len(documents)})[StockDocument]
    numbers = numbering.take(company, {(SERIES, today): len(documents)})[SERIES, today]
    columns = (*COLUMNS, "reverses_id")
    rows = [
        (
            pk, company.pk, number, Kind.REVERSAL.value, old.warehouse_id,
            max(today, old.moved_on), reason, now, by.pk, old.pk,
        )
        for pk, number, old in zip(ids, numbers, documents, strict=True)
    ]  # fmt: skip
    bulk.insert(StockDocument, columns, rows)
    return [StockDocument(**dict(zip(columns, row, strict=True))) for row in rows]


def _source(document: StockDocument) -> tuple[str, int, str]:
    return ("stock_document", document.pk, document.name)


def _entries(
    company: Company, pairs: Sequence[tuple[StockDocument, StockDocument]], moves: Moves
) -> list[Draft]:
    """The entries with sides swapped; each names the one it takes back."""
    booked = Entry.objects.filter(
        source_kind="stock_document", source_id__in=[old.pk for old, _new in pairs]
    )
    entry_of = dict(booked.values_list("source_id", "pk"))
    return [_entry(company, old, new, _value(moves, old), entry_of) for old, new in pairs]


def _value(moves: Moves, document: StockDocument) -> Decimal:
    return sum((move.value for move in moves.get(document.pk, ())), ZERO)


def _entry(
    company: Company,
    old: StockDocument,
    new: StockDocument,
    value: Decimal,
    entry_of: Mapping[int, int],
) -> Draft:
    kind = Kind(old.kind)
    lines = [
        Line(AccountRole.INVENTORY, -value, company.currency, -value),
        Line(AGAINST[kind], value, company.currency, value),
    ]
    journal = Journal.OPENING if kind == Kind.OPENING else Journal.STOCK
    source, day = _source(new), new.moved_on
    return Draft(journal, day, source, "reversed", lines, new.reason, entry_of.get(old.pk))
