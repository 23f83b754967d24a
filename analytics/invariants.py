"""Proofs that belong to no single app: no row and no link crosses from one company to another."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import F, ForeignKey, Model, Q

from core.invariants import Invariant
from core.kinds import KINDS
from core.models import CompanyRow

# Columns that refer to a document as (kind, id), beside a company of their own.
REFERENCES = (
    ("core_documentlink", "from_kind", "from_id"),
    ("core_documentlink", "to_kind", "to_id"),
    ("core_followup", "kind", "subject_id"),
    ("ledger_entry", "source_kind", "source_id"),
    ("ledger_openitem", "source_kind", "source_id"),
)


def company_path(model: type[Model], seen: tuple[type[Model], ...] = ()) -> str:
    """How to get from a row to its company: its own column, or its parent's; empty if shared."""
    if issubclass(model, CompanyRow):
        return "company"
    for field in _keys(model):
        if field.related_model not in (*seen, model) and not field.null:
            further = company_path(field.related_model, (*seen, model))
            if further:
                return f"{field.name}__{further}"
    return ""


def _keys(model: type[Model]) -> Iterator[Any]:
    """Foreign keys between the product's own tables of documents and master data."""
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and hasattr(field.related_model, "_default_manager"):
            yield field


def _crossing_keys() -> Iterator[str]:
    """One query per foreign key between rows that both belong to a company."""
    for model in apps.get_models():
        own = company_path(model) if not hasattr(model, "pgh_tracked_model") else ""
        for field in _keys(model) if own else ():
            other = company_path(field.related_model)
            theirs = f"{field.name}__{other}"
            if not other or theirs == own:
                continue
            rows: Any = model._default_manager
            crossing = rows.filter(~Q(**{own: F(theirs)}), **{f"{field.name}__isnull": False})
            name = f"{model._meta.label}.{field.name}"
            yield f"SELECT '{name}', id FROM ({crossing.order_by().values('id').query}) crossing"


def _crossing_references() -> Iterator[str]:
    """One query per kind of document that a table refers to by (kind, id)."""
    for table, kind_column, id_column in REFERENCES:
        for kind in KINDS.values():
            model = apps.get_model(kind.model)
            if issubclass(model, CompanyRow):
                yield (
                    f"SELECT '{table}.{id_column}', r.id FROM {table} r "
                    f"JOIN {model._meta.db_table} t ON t.id = r.{id_column} "
                    f"WHERE r.{kind_column} = '{kind.name}' AND t.company_id <> r.company_id"
                )


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I22a",
        "No row refers to a row of another company",
        " UNION ALL ".join(_crossing_keys()),
    ),
    Invariant(
        "I22b",
        "No link, entry, open item or follow-up is about a document of another company",
        " UNION ALL ".join(_crossing_references()),
    ),
)
