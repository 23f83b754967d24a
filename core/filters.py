"""What the lists of the administration pages can be asked for."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import kinds, lists
from core.lists.filters import occurs
from core.models import Company, EventSubject
from core.roles import Role


class Having(lists.Choice):
    """People who have one of the roles."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return rows.filter(roles__overlap=value) if value else rows


class Standing(lists.Choice):
    """Those with a role, unless those without are asked for."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return rows.filter(roles__len=0) if value else rows.exclude(roles__len=0)


class PersonFilters(lists.Filters):
    """By name, address and role."""

    search = ("name", "email")
    views = (
        (_("With a role"), {}),
        (_("Without a role"), {"standing": "without"}),
    )
    standing = Standing(_("Standing"), "roles", [("without", _("Without a role"))])
    role = Having(_("Role"), "roles", Role.choices)


class JobFilters(lists.Filters):
    """By state and day."""

    search = ("title", "started_by__name")
    views = (
        (_("All"), {}),
        (_("Running"), {"running": "true"}),
    )
    running = django_filters.BooleanFilter("ended_at", lookup_expr="isnull", label=_("Running"))
    started = lists.Days(_("Started"), "started_at")


class ParkedFilters(lists.Filters):
    """By reason and day."""

    search = ("reason", "handler")
    parked = lists.Days(_("Parked"), "parked_at")


class RefusedFilters(lists.Filters):
    """By person, rule and day."""

    search = ("user__name", "message", "code")
    code = lists.Words(_("Rule"), "code")
    by = lists.Words(_("Who"), "user__name")
    at = lists.Days(_("When"), "at")


def about(company: Company, name: str) -> Q:
    """Events of the documents with this number."""
    subjects = Q(pk__in=[])
    for kind, pk in kinds.named(company, name):
        subjects |= Q(kind=kind, subject_id=pk)
    return Q(pk__in=EventSubject.objects.filter(subjects).values("event_id"))


def said(words: str) -> Q:
    """Events that read so on the page."""
    return Q(verb__in=[v for v, text in kinds.VERBS.items() if words.lower() in str(text).lower()])


class Document(lists.Words):
    """The number of a document."""

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(about(self.parent.company, value.strip())) if value else rows


class What(lists.Words):
    """What happened, in the words of the page."""

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(said(value) | occurs(value, self.paths)) if value else rows


class EventFilters(lists.Filters):
    """By what happened, person, document and day."""

    search = ("verb", "by__name")
    what = What(_("What"), "verb")
    document = Document(_("Document number"))
    by = lists.Words(_("Who"), "by__name")
    at = lists.Days(_("When"), "at")

    def holds(self, word: str) -> Q:
        return super().holds(word) | said(word) | about(self.company, word)
