"""The one writer of sets: a number of statements that does not depend on the number of rows.

Ids come in blocks from the tables' own sequences, so that parents and children are written with
their keys known; rows go as one array per column, `INSERT … SELECT … FROM unnest(…)`. Rows are
tuples, not model instances: constructing a model costs five times the writing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from operator import is_
from typing import Any, TypeAlias

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, JSONField, Model

Rows = Sequence[tuple[Any, ...]]
AnyField: TypeAlias = "Field[Any, Any]"
JSON = DjangoJSONEncoder()


class Json(str):
    """JSON that is text already, and goes into a JSON column as it is."""

    __slots__ = ()


def take_ids(counts: Mapping[type[Model], int]) -> dict[type[Model], list[int]]:
    """Blocks of new primary keys for several tables, in one statement."""
    blocks = ", ".join(
        f"ARRAY(SELECT nextval('{model._meta.db_table}_id_seq') FROM generate_series(1, %s))"
        for model in counts
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {blocks}", list(counts.values()))
        return dict(zip(counts, cursor.fetchone(), strict=True))


def insert(
    model: type[Model], columns: Sequence[str], rows: Rows, *, returning: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Writes rows in one statement; a field not named gets its Python default.

    `returning` names columns to hand back, in no certain order: the keys the database gave.
    """
    if not rows:
        return []
    arrays, constants = _arrays_and_constants(_fields(model, columns), rows)
    statement, defaults = _insert_statement(model, tuple(arrays), tuple(constants))
    if returning:
        statement += " RETURNING " + ", ".join(f'"{column}"' for column in returning)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants.values(), *defaults, *arrays.values()])
        return cursor.fetchall() if returning else []


def update(
    model: type[Model],
    columns: Sequence[str],
    rows: Rows,
    *,
    add: Sequence[str] = (),
    where: str = "TRUE",
) -> int:
    """Changes rows found by their first column; returns how many were changed.

    Columns named in `add` are added to what is stored. `where` may name the stored row `t` and
    the given values `u`: a guard such as `t.on_hand - t.reserved >= u.reserved`.
    """
    if not rows:
        return 0
    fields = _fields(model, columns)
    key, *changed = [field.column for field in fields]
    sets = ", ".join(
        f'"{c}" = t."{c}" + u."{c}"' if c in add else f'"{c}" = u."{c}"' for c in changed
    )
    names = ", ".join(f'"{field.column}"' for field in fields)
    statement = (
        f'UPDATE "{model._meta.db_table}" AS t SET {sets} '
        f"FROM unnest({_types(fields)}) AS u({names}) "
        f'WHERE t."{key}" = u."{key}" AND ({where})'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(map(_array, fields, zip(*rows, strict=True))))
        return int(cursor.rowcount)


def _arrays_and_constants(
    fields: Sequence[AnyField], rows: Rows
) -> tuple[dict[AnyField, str], dict[AnyField, str | None]]:
    """Columns as array literals, at least one; and those with one and the same object all through.

    What is only equal may not be the same: {"n": 1} and {"n": True} are equal.
    """
    arrays: dict[AnyField, str] = {}
    constants: dict[AnyField, str | None] = {}
    for field, column in zip(fields, zip(*rows, strict=True), strict=True):
        if arrays and all(map(is_, column, repeat(column[0]))):
            constants[field] = _constant(field, column[0])
        else:
            arrays[field] = _array(field, column)
    return arrays, constants


def _constant(field: AnyField, value: Any) -> str | None:
    """A value as text, which the statement casts to the type of its column."""
    if value is None or isinstance(field, JSONField):
        return _json(value)
    return str(value)


@cache
def _insert_statement(
    model: type[Model], arrays: tuple[AnyField, ...], constants: tuple[AnyField, ...]
) -> tuple[str, list[str | None]]:
    """The statement, and the defaults of the columns that nothing is given for."""
    given = {*arrays, *constants}
    rest = [f for f in model._meta.concrete_fields if f not in given and not f.primary_key]
    names = ", ".join(f'"{field.column}"' for field in [*arrays, *constants, *rest])
    casts = "".join(f", %s::{_type(field)}" for field in [*constants, *rest])
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '
        f"SELECT u.*{casts} FROM unnest({_types(arrays)}) AS u"
    )
    return statement, [_constant(field, field.get_default()) for field in rest]


def _fields(model: type[Model], columns: Sequence[str]) -> list[AnyField]:
    by_column = {field.column: field for field in model._meta.concrete_fields}
    return [by_column[column] for column in columns]


def _type(field: AnyField) -> str:
    """The column's type without its size: a text that is too long must fail, not be cut."""
    name = field.rel_db_type(connection) or ""
    return "text" if name.startswith("varchar") else name.split("(")[0]


def _types(fields: Sequence[AnyField]) -> str:
    return ", ".join(f"%s::{_type(field)}[]" for field in fields)


def _array(field: AnyField, column: tuple[Any, ...]) -> str:
    """A column as one array literal, the cheapest way through the driver."""
    return "{" + _writer(field)(column) + "}"


@cache
def _writer(field: AnyField) -> Callable[[tuple[Any, ...]], str]:
    if isinstance(field, JSONField):
        return _jsons
    return _texts if _type(field) == "text" else _plains


def _plains(column: tuple[Any, ...]) -> str:
    """Numbers, days, moments, truths: of these only nothing at all reads "None"."""
    return ",".join(map(str, column)).replace("None", "NULL")


def _texts(column: tuple[Any, ...]) -> str:
    """Texts, quoted; one by one only where one of them needs care."""
    try:
        joined = '","'.join(column)
    except TypeError:  # something that is no text
        return ",".join(map(_quoted, column))
    if "\\" in joined or joined.count('"') > 2 * (len(column) - 1):
        return ",".join(map(_quoted, column))
    return f'"{joined}"'


def _jsons(column: tuple[Any, ...]) -> str:
    return ",".join(_quoted(_json(value)) for value in column)


def _quoted(value: Any) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(value: Any) -> str | None:
    return value if value is None or isinstance(value, Json) else JSON.encode(value)
