"""The limit: all rows that issuing a chunk of invoices writes, written by SQL alone.

The rows just written are taken as the source, analysed, and inserted once more by INSERT … SELECT
with shifted keys, so that every index, foreign key and trigger does its work again. The rows that
issuing changes are changed once more, by nothing. All with one commit.
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

# The rows that are changed: how much of the orders is billed, and what their customers owe.
CHANGED_ROWS = {
    "orders": """
        SELECT order_id AS id FROM orders_shipment WHERE id = ANY(ARRAY{shipments})
    """,
    "exposure": """
        SELECT DISTINCT c.credit_account_id, o.currency
          FROM source_orders s
          JOIN orders_order o ON o.id = s.id
          JOIN partners_customer c ON c.id = o.customer_id
    """,
}
CHANGES = (
    """
    UPDATE orders_order AS o SET billed_net = o.billed_net
      FROM source_orders AS s WHERE s.id = o.id
    """,
    """
    INSERT INTO partners_exposure AS e
           (credit_account_id, currency, open_orders, unbilled, receivable, unapplied)
    SELECT credit_account_id, currency, 0, 0, 0, 0 FROM source_exposure
        ON CONFLICT (credit_account_id, currency) DO UPDATE
       SET unbilled = e.unbilled + excluded.unbilled,
           receivable = e.receivable + excluded.receivable
    """,
)


def seconds_to_copy(world: World) -> float:
    """Issues one more chunk and says how long SQL took to write and commit it once more."""
    run = Run(world)
    shipments = run.deliver(world.drafts(CHUNK))
    before = _highest_ids()
    run.bill(shipments)
    now = _highest_ids()
    shifts = _shifts(before, now)
    for model in WRITTEN:
        span = f"id > {before[model]} AND id <= {now[model]}"
        _keep(_table(model), f"SELECT * FROM {_table(model)} WHERE {span}")
    for name, rows in CHANGED_ROWS.items():
        _keep(name, rows.format(shipments=[shipment.pk for shipment in shipments]))
    statements = [*(_copy(model, shifts, before) for model in WRITTEN), *CHANGES]
    began = perf_counter()
    _run("BEGIN")
    for statement in statements:
        _run(statement)
    _run("COMMIT")
    return perf_counter() - began


def _keep(name: str, rows: str) -> None:
    """Puts rows aside as the source of a copy."""
    _run(f"DROP TABLE IF EXISTS source_{name}")
    _run(f"CREATE TEMP TABLE source_{name} AS {rows}")
    _run(f"ANALYZE source_{name}")


def _highest_ids() -> dict[type[models.Model], int]:
    """The latest id of each table, to tell later which rows a deed wrote; copies lie far above."""
    return {model: _number(f"SELECT last_value FROM {_table(model)}_id_seq") for model in WRITTEN}


def _shifts(
    before: Mapping[type[models.Model], int], now: Mapping[type[models.Model], int]
) -> dict[str, int]:
    """What is added to the ids of each table, and the highest id before the chunk."""
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
