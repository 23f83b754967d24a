"""The usual order of closing: earlier months first, and the general ledger after its parts."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from ledger.models import Module, Period


def out_of_order(closed: Sequence[Period]) -> list[str]:
    """What is usually closed before these and is open yet, in words."""
    is_open = Q(state__in=[Period.State.OPEN, Period.State.SOFT_CLOSED])
    before, parts = Q(), Q()
    for row in closed:
        before |= Q(module=row.module, starts_on__lt=row.starts_on)
        if row.module == Module.GENERAL:
            parts |= Q(starts_on=row.starts_on) & ~Q(module=Module.GENERAL)
    rows = Period.objects.filter(is_open, company=closed[0].company_id).order_by("starts_on", "pk")
    asked = [
        (_("Open before it: %(periods)s."), rows.filter(before)),
        (_("Open parts of the same month: %(periods)s."), rows.filter(parts) if parts else ()),
    ]
    return [words % {"periods": _listed(found)} for words, found in asked if found]


def _listed(rows: Iterable[Period]) -> str:
    names = [str(row) for row in rows]
    return ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
