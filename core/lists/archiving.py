"""The doors by which rows of a list are put away and taken out again: one row, or the ticked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from core.access import Request, View, door
from core.kinds import KINDS
from core.lists.pages import chosen
from core.models import Company
from users.models import User


@dataclass(frozen=True)
class Archive:
    """What the doors of one kind share: its permission, its list, who finds the row of an
    address, and the rows that a person may see in a company."""

    kind: str
    permission: str
    back: str
    find: Callable[..., Any]
    rows: Callable[[User, Company], QuerySet[Any]]

    def archiving(self, deed: Callable[..., list[Any]]) -> tuple[View, View]:
        """The doors that put away: of one row, and of the ticked ones."""
        return self._doors(deed, _("%(name)s is archived."), _("%(kind)s archived: %(n)d."))

    def restoring(self, deed: Callable[..., list[Any]]) -> tuple[View, View]:
        """The doors that take out again."""
        return self._doors(deed, _("%(name)s is restored."), _("%(kind)s restored: %(n)d."))

    def _doors(
        self, deed: Callable[..., list[Any]], of_one: Any, of_ticked: Any
    ) -> tuple[View, View]:
        @door(self.permission, methods=("POST",))
        def one(request: Request, company: Company, **address: str) -> HttpResponse:
            row = self.find(request, company, **address)
            deed(company, [row.pk], by=request.user)
            messages.success(request, of_one % {"name": row})
            kind = KINDS[self.kind]
            return redirect(kind.address(company, getattr(row, kind.key)))

        @door(self.permission, methods=("POST",))
        def ticked(request: Request, company: Company) -> HttpResponse:
            ids = chosen(request, self.rows(request.user, company))
            done = deed(company, ids, by=request.user)
            said = {"kind": KINDS[self.kind].plural, "n": len(done)}
            messages.success(request, of_ticked % said)
            return redirect(self.back, company.slug)

        return one, ticked
