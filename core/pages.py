"""What a document page shows beside the document itself: its deeds and its timeline.

And what stands there instead when the address of a deed is opened as a page.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import formats
from core.access import Request
from core.kinds import KINDS, VERBS, addresses
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
    ids: str = ""  # the row it is about, where the deed is one of a set


def take_back(allocation_id: int, document: str, url: str, confirm: str) -> Deed:
    """The button beside one of the documents that settle another; it asks."""
    hidden = '{}<span class="visually-hidden"> {}</span>'
    label = format_html(hidden, _("Take back"), document)
    return Deed(f"take-back-{allocation_id}", label, url, confirm=confirm)


@dataclass(frozen=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    by: str
    verb: str
    words: Any
    facts: dict[str, Any]
    about: tuple[str, str] | None = None  # name and address of another document it happened to

    @property
    def detail(self) -> str:
        """Why it happened; else how much, and the names of what it was about."""
        reason, amount = self.facts.get("reason"), self.facts.get("amount")
        if reason or not isinstance(amount, str) or "currency" not in self.facts:
            return str(reason or self.facts.get("names", ""))
        money = formats.amount(Decimal(amount), self.facts["currency"], code=True)
        return ", ".join(filter(None, [money, self.facts.get("names", "")]))


TIMELINE = """
SELECT e.at, u.name, e.verb, e.facts, f.kind, f.subject_id
  FROM core_eventsubject s
  JOIN core_event e ON e.id = s.event_id
  JOIN users_user u ON u.id = e.by_id
 CROSS JOIN LATERAL (SELECT kind, subject_id FROM core_eventsubject
                      WHERE event_id = e.id ORDER BY id LIMIT 1) f
 WHERE s.kind = %s AND s.subject_id = %s
 ORDER BY e.at DESC, e.id DESC
 LIMIT %s
"""


def timeline(company: Company, kind: str, pk: int, most: int = 50) -> Sequence[Moment]:
    """The newest events of a document, newest first: one statement, and one per other kind."""
    with connection.cursor() as cursor:
        cursor.execute(TIMELINE, [kind, pk, most])
        rows = cursor.fetchall()
    others = addresses(company, [row[4:] for row in rows if row[4:] != (kind, pk)])
    return [
        Moment(at, by, verb, VERBS.get(verb, verb), json.loads(facts), others.get((of, about)))
        for at, by, verb, facts, of, about in rows
    ]


# kind of document → what apps above show on its page ("orders.queries.open_orders"), handed over
# at start-up from `o2c/panels.py`.
PANELS: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Panel:
    """A short table of a higher app on a lower app's page, with a link to all of it.

    `heads` are (label, css class of the cells); cells are text, amounts in words, or links made
    safe; a link may be added as the deed one does next. A `body` drawn already takes their place.
    """

    title: Any
    heads: Sequence[tuple[Any, str]]
    rows: Sequence[Sequence[Any]]
    url: str = ""
    tally: Any = ""
    empty: Any = ""
    deed: Deed | None = None
    body: Any = ""

    def drawn(self) -> Iterator[list[tuple[str, str, Any]]]:
        """Each row as (css class, label, cell)."""
        for row in self.rows:
            yield [(css, label, cell) for (label, css), cell in zip(self.heads, row, strict=True)]


def panels(request: Request, kind: str, document: Model) -> list[Panel]:
    """The panels for this document that its reader may see."""
    made = (
        import_string(path)(request, request.company, document) for path in PANELS.get(kind, ())
    )
    return [panel for panel in made if panel]


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
        "panels": panels(request, kind, document),
    }
    if "timeline" not in context:
        known["timeline"] = timeline(request.company, kind, document.pk)
    return render(request, template, {**known, **context})


def not_a_page(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """A button's address opened as a page, as a log-in in between does: words, and the way back."""
    page = render(request, "405.html", {"above": page_above(request.path)}, status=405)
    page["Allow"] = refused["Allow"]
    return page


def page_above(path: str) -> str:
    """The nearest address above this one that is a page: of an order's deed, the order."""
    while path := path.rpartition("/")[0]:
        for above in (path, f"{path}/"):
            with suppress(Resolver404):
                if "GET" in resolve(above).func.door.methods:  # type: ignore[attr-defined]
                    return above
    return "/"
