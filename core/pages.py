"""What a document page shows beside the document itself: its deeds and its timeline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render

from core.access import Request
from core.kinds import KINDS, VERBS
from core.links import related
from core.models import Company


@dataclass(frozen=True)
class Deed:
    """A button. With `refusal` it is shown disabled, with that sentence as the reason."""

    name: str
    label: Any
    url: str
    refusal: str = ""
    confirm: str = ""
    primary: bool = False
    method: str = "post"  # "get" is a link to a page of its own
    key: str = ""  # the key that presses it


@dataclass(frozen=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    by: str
    verb: str
    words: Any
    facts: dict[str, Any]


TIMELINE = """
SELECT e.at, u.name, e.verb, e.facts
  FROM core_eventsubject s
  JOIN core_event e ON e.id = s.event_id
  JOIN users_user u ON u.id = e.by_id
 WHERE s.kind = %s AND s.subject_id = %s
 ORDER BY e.at DESC, e.id DESC
 LIMIT %s
"""


def timeline(kind: str, pk: int, most: int = 100) -> Sequence[Moment]:
    """The newest events of a document, newest first, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TIMELINE, [kind, pk, most])
        return [
            Moment(at, by, verb, VERBS.get(verb, verb), json.loads(facts))
            for at, by, verb, facts in cursor.fetchall()
        ]


@dataclass(frozen=True)
class Group:
    """Related documents of one kind: names and addresses."""

    label: Any
    links: list[tuple[str, str]]


def groups(company: Company, kind: str, pk: int) -> list[Group]:
    """The documents before and after this one, by kind, in one statement."""
    found: dict[str, list[tuple[str, str]]] = {}
    for other in related(kind, pk):
        if other.kind in KINDS:
            address = KINDS[other.kind].address(company, other.name)
            found.setdefault(other.kind, []).append((other.name, address))
    return [Group(KINDS[other].plural, links) for other, links in found.items()]


def show(
    request: Request, template: str, document: Model, *, kind: str, **context: Any
) -> HttpResponse:
    """A document page with its related documents and its timeline."""
    known = {
        "document": document,
        "kind": KINDS[kind],
        "related": groups(request.company, kind, document.pk),
        "timeline": timeline(kind, document.pk),
    }
    return render(request, template, {**known, **context})
