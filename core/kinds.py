"""The kinds of documents there are, told by their apps at start-up.

A lower app keeps `(kind, id)` of a higher one's row; this registry gives such a pair its words,
its address and its door.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet, Value
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.access import may_follow
from core.models import Company
from users.models import User


@dataclass(frozen=True)
class Kind:
    """One kind of document: `url` is the URL name of its page, taking company slug and `key`."""

    name: str
    model: str
    label: Any
    plural: Any
    url: str
    key: str = "name"  # the field or property that names a row in addresses
    credit: Any = ""  # its label where it is owed to the other side, if that is another one

    def visible_to(self, user: User) -> "QuerySet[Model]":
        manager: Any = apps.get_model(self.model)._default_manager
        rows: QuerySet[Model] = manager.visible_to(user)
        return rows

    def address(self, company: Company, name: str) -> str:
        """The page of one; empty where the reader of the page at hand may not open it."""
        address = reverse(self.url, args=[company.slug, name])
        return address if may_follow(self.url, address, company) else ""


KINDS = {"person": Kind("person", "users.User", _("Person"), _("People"), "core:person", "pk")}
VERBS: dict[str, Any] = {
    "role.given": _("Role given"),
    "role.taken": _("Role taken"),
    "person.second_factor_reset": _("Second factor reset"),
    "company.founded": _("Company founded"),
    "company.changed": _("Company changed"),
}


def source_address(company: Company, row: Any) -> str:
    """The page of the document a row keeps as its source; empty where there is none."""
    kind = KINDS.get(row.source_kind)
    key = str(row.source_id) if kind and kind.key == "pk" else row.source_name
    return kind.address(company, key) if kind and key else ""


def addresses(
    company: Company, subjects: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], tuple[str, str]]:
    """Name and address of documents given as (kind, id); one statement per kind among them."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in set(subjects):
        by_kind[kind].append(pk)
    found = {}
    for kind, pks in by_kind.items():
        known = KINDS.get(kind)
        rows: Any = apps.get_model(known.model)._default_manager.in_bulk(pks) if known else {}
        for pk, row in rows.items():
            if known:
                found[kind, pk] = (row.name, known.address(company, getattr(row, known.key)))
    return found


def named(company: Company, name: str) -> list[tuple[str, int]]:
    """The documents of a company with exactly this number, as (kind, id): one statement."""
    parts: list[QuerySet[Any, Any]] = []
    for kind in KINDS.values():
        model: Any = apps.get_model(kind.model)
        fields = {field.name for field in model._meta.concrete_fields}
        if {"company", "number"} <= fields:
            rows = model._default_manager.filter(company=company, number=name.upper())
            parts.append(rows.order_by().values_list(Value(kind.name), "pk"))
    return list(parts[0].union(*parts[1:], all=True)) if parts else []


def linked(name: Any, address: str) -> SafeString:
    """A document as a page shows it: its name, as a link where there is an address."""
    return format_html('<a href="{}">{}</a>', address, name) if address else format_html("{}", name)


def register(kind: Kind, verbs: dict[str, Any] | None = None) -> None:
    """Makes a kind known, with the words of its events: {"order.confirmed": _("Confirmed")}."""
    KINDS[kind.name] = kind
    VERBS.update(verbs or {})
