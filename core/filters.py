"""What the lists of the administration pages can be asked for."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import lists
from core.roles import Role


class Having(lists.Choice):
    """People who have one of the roles."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return rows.filter(roles__overlap=value) if value else rows


class PersonFilters(lists.Filters):
    """By name, address and role."""

    search = ("name", "email")
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


class EventFilters(lists.Filters):
    """By what happened, person, document and day."""

    search = ("verb", "by__name")
    what = lists.Words(_("What"), "verb")
    by = lists.Words(_("Who"), "by__name")
    at = lists.Days(_("When"), "at")
