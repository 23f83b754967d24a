"""The admin site looks and does not touch: what changes is changed by deeds, on the pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.models import (
    Company,
    Event,
    FollowUp,
    Job,
    Membership,
    NumberSeries,
    RefusedAttempt,
    SignedLink,
)


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows to look at; nobody adds, changes or deletes them here."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def look_only(*models: type[Model]) -> None:
    """Registers models with all their fields, to be looked at."""
    admin.site.register(models, LookOnly)


look_only(Company, Event, FollowUp, Job, Membership, NumberSeries, RefusedAttempt, SignedLink)
