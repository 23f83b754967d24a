"""Who changed master data, when and why: written by triggers, told as changes of fields."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Field, ForeignKey, Model
from django.utils.translation import gettext as _

from core.actions import inside_transaction
from core.refusals import Refused
from users.models import User

NOT_TOLD = {"id", "version", "company_id", "partner_id", "price_list_id", "terms_id"}
MOST = 200


@contextmanager
def recorded(by: User, reason: str = "") -> Iterator[None]:
    """Inside, every change of master data is kept under this person's name, with the reason."""
    with pghistory.context(user=by.pk, reason=reason):
        yield


@dataclass(frozen=True)
class Change:
    """One field of one row that became another; `before` is None for a row that is new."""

    at: datetime
    by: str
    reason: str
    what: Any  # the row, in words
    field: Any
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Track:
    """Rows to be told about: those of `model` whose `column` (of the history table) is `pk`.

    `named` is the foreign key by which one of many such rows is known, such as a price's product.
    """

    model: type[Model]
    pk: int
    column: str = "pgh_obj_id"
    named: str = ""


Version = tuple[type[Model], int, datetime, str, str, str, dict[str, Any]]


def changes(*tracks: Track, added: bool = True) -> list[Change]:
    """What became of these rows, newest first: one statement, and one per kind of row they name.

    Without `added`, nothing is told of how a row began, and rows that stayed so are not read.
    """
    told: list[Change] = []
    before: dict[tuple[type[Model], int], dict[str, Any]] = {}
    versions = list(_versions(tracks, changed_only=not added))
    names = _names(versions)
    named = {track.model: track.named for track in tracks}
    for model, pk, at, label, by, reason, row in versions:
        old = before.get((model, pk))
        before[model, pk] = row
        if not (old or added):
            continue
        for field in _told(model):
            was = old.get(field.attname) if old else None
            now = None if label == "delete" else row.get(field.attname)
            if was != now and (old or not _is_empty(now)):
                shown = _shown(field, was, names) if old else None
                what = _what(model, named[model], row, names)
                words = (what, field.verbose_name, shown)
                told.append(Change(at, by, reason, *words, _shown(field, now, names)))
    return told[::-1][:MOST]


def changed_since(model: type[Model], pk: int, version: int) -> list[Change]:
    """What became of a row since a form showed this version of it."""
    rows = [row for row in _versions([Track(model, pk)]) if row[6].get("version", 0) >= version]
    if not rows:
        return []
    first, last, names = rows[0][6], rows[-1], _names(rows)
    return [
        Change(
            last[2], last[4], last[5], model._meta.verbose_name,
            field.verbose_name,
            _shown(field, first.get(field.attname), names),
            _shown(field, last[6].get(field.attname), names),
        )
        for field in _told(model)
        if first.get(field.attname) != last[6].get(field.attname)
    ]  # fmt: skip


def changed_meanwhile(stale: Sequence[Change]) -> Refused:
    """The refusal of a form that is out of date, saying what changed."""
    told = "; ".join(f"{c.field}: {c.before} → {c.after}" for c in stale) or _("its parts")
    who = ", ".join(sorted({c.by for c in stale if c.by})) or _("Someone else")
    rule = _(
        "%(who)s changed this since you opened it (%(told)s). Nothing was saved. "
        "Save again to keep what you typed."
    )
    return Refused("changed_meanwhile", rule % {"who": who, "told": told})


@inside_transaction
def write_changes(row: Model, wanted: Mapping[str, Any]) -> list[str]:
    """Writes the fields that differ and steps the version; returns their names."""
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changed:
        rows = type(row)._default_manager.filter(pk=row.pk)
        rows.update(**changed, version=F("version") + 1)
        for name, value in {**changed, "version": row.version + 1}.items():  # type: ignore[attr-defined]
            setattr(row, name, value)
    return list(changed)


def _versions(tracks: Sequence[Track], *, changed_only: bool = False) -> Iterator[Version]:
    """The kept versions of the rows, oldest first, with who made them and why."""
    least = 2 if changed_only else 1
    parts = [
        f"SELECT {place}, e.pgh_obj_id, e.pgh_created_at, e.pgh_label, e.pgh_context_id,"
        f" e.pgh_id, to_jsonb(e), count(*) OVER (PARTITION BY e.pgh_obj_id)"
        f" FROM {track.model._meta.db_table}event e WHERE e.{track.column} = %s"
        for place, track in enumerate(tracks)
    ]
    statement = (
        "SELECT v.place, v.pk, v.at, v.label, v.kept,"
        " coalesce(u.name, ''), coalesce(c.metadata->>'reason', '')"
        f" FROM ({' UNION ALL '.join(parts)}) AS v(place, pk, at, label, context, seq, kept, n)"
        " LEFT JOIN pghistory_context c ON c.id = v.context"
        " LEFT JOIN users_user u ON u.id = (c.metadata->>'user')::bigint"
        " WHERE v.n >= %s ORDER BY v.at, v.seq"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(track.pk for track in tracks), least])
        for place, pk, at, label, kept, by, reason in cursor.fetchall():
            row = json.loads(kept, parse_float=Decimal) if isinstance(kept, str) else kept
            yield tracks[place].model, pk, at, label, by, reason, row


def _what(model: type[Model], named: str, row: dict[str, Any], names: Mapping[Any, str]) -> str:
    """The row in words: what it is, and which of many it is."""
    field: Any = model._meta.get_field(named) if named else None
    other = names.get((field.related_model, row.get(field.attname)), "") if field else ""
    return f"{model._meta.verbose_name} {other}".strip()


def _told(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if field.attname not in NOT_TOLD]


def _names(versions: Sequence[Version]) -> dict[tuple[type[Model], int], str]:
    """What the rows that foreign keys point at are called; one statement per kind of row."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for model, _pk, _at, _label, _by, _reason, row in versions:
        for field in _told(model):
            if isinstance(field, ForeignKey) and row.get(field.attname):
                wanted[field.related_model].add(row[field.attname])
    return {
        (model, row.pk): str(row)
        for model, pks in wanted.items()
        for row in model._default_manager.filter(pk__in=pks)
    }


def _is_empty(value: object) -> bool:
    return value is None or value in ("", False, {}, 0)


def _shown(field: "Field[Any, Any]", value: Any, names: dict[Any, str]) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if value in (None, "", {}):
        return "—"
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), "—")
    return _worded(field, value)


def _worded(field: "Field[Any, Any]", value: Any) -> str:
    if isinstance(field, DateTimeField):
        return str(value)[:10]
    if isinstance(value, Decimal | int):
        return f"{Decimal(value).normalize():f}"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {said}" for name, said in value.items())
    return str(dict(field.flatchoices).get(value, value))
