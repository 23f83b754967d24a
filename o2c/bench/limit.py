"""The limit: all rows that issuing a chunk of invoices writes, copied by INSERT … SELECT in SQL.

The rows just written are taken as the source, analysed, and inserted once more with shifted keys
and a commit, so that every index, foreign key and trigger does its work again.
"""

from collections.abc import Mapping, Sequence
from time import perf_counter

from django.db import connection, models

from core.models import DocumentLink, Event, EventSubject, FollowUp
from invoicing.models import Billable, Instalment, Invoice, InvoiceLine, TaxGroup
from ledger.models import Entry, EntryLine, OpenItem
from o2c.bench.cycle import CHUNK, Run
from o2c.bench.world import World

# Parents before children, as issuing writes them.
WRITTEN: Sequence[type[models.Model]] = (
    OpenItem, Entry, EntryLine, Invoice, Billable, InvoiceLine, TaxGroup, Instalment,
    DocumentLink, Event, EventSubject, FollowUp,
)  # fmt: skip

# Columns that are unique or name a copied row without a foreign key: how the copy differs.
CHANGED: Mapping[type[models.Model], Mapping[str, str]] = {
    Entry: {"number": "number || '~'", "source_id": "source_id + {Invoice}"},
    EntryLine: {
        "open_item_id": "CASE WHEN open_item_id > {OpenItem:first} "
        "THEN open_item_id + {OpenItem} ELSE open_item_id END"
    },
    OpenItem: {"source_id": "source_id + {Invoice}"},
    Invoice: {"number": "number || '~'"},
    Billable: {"generation": "generation + 1"},
    DocumentLink: {"to_id": "to_id + {Invoice}"},
    EventSubject: {"event_id": "event_id + {Event}"},
    FollowUp: {"event_id": "event_id + {Event}"},
}


def seconds_to_copy(world: World) -> float:
    """Issues one more chunk, writes its rows once more, and says how long that took with commit."""
    run = Run(world)
    shipments = run.deliver(world.drafts(CHUNK))
    before = _highest_ids()
    run.bill(shipments)
    shifts = _shifts(before)
    for model in WRITTEN:
        table = _table(model)
        rows = f"SELECT * FROM {table} WHERE id > {before[model]}"
        _run(f"CREATE TEMP TABLE source_{table} AS {rows}")
        _run(f"ANALYZE source_{table}")
    statements = [_copy(model, shifts, before) for model in WRITTEN]
    began = perf_counter()
    _run("BEGIN")
    for statement in statements:
        _run(statement)
    _run("COMMIT")
    return perf_counter() - began


def _highest_ids() -> dict[type[models.Model], int]:
    """The highest id of each table, to tell later which rows a deed wrote."""
    return {
        model: _number(f"SELECT coalesce(max(id), 0) FROM {_table(model)}") for model in WRITTEN
    }


def _shifts(before: Mapping[type[models.Model], int]) -> dict[str, int]:
    """What is added to the ids of each table, and the highest id before the chunk."""
    now = _highest_ids()
    shifts = {model.__name__: now[model] - before[model] + 1_000_000 for model in WRITTEN}
    return shifts | {f"{model.__name__}:first": first for model, first in before.items()}


def _copy(
    model: type[models.Model], shifts: Mapping[str, int], before: Mapping[type[models.Model], int]
) -> str:
    columns = {field.column: f'"{field.column}"' for field in model._meta.concrete_fields}
    columns["id"] = f"id + {shifts[model.__name__]}"
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model in before:
            columns[field.column] = f'"{field.column}" + {shifts[field.related_model.__name__]}'
    for column, expression in CHANGED.get(model, {}).items():
        columns[column] = _with_numbers(expression, shifts)
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f"INSERT INTO {_table(model)} ({names}) "
        f"SELECT {', '.join(columns.values())} FROM source_{_table(model)}"
    )


def _with_numbers(expression: str, shifts: Mapping[str, int]) -> str:
    for name, value in shifts.items():
        expression = expression.replace("{" + name + "}", str(value))
    return expression


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
