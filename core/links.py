"""The document flow: which document came from which."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from core import bulk
from core.actions import inside_transaction
from core.models import Company, DocumentLink

End = tuple[str, int, str]  # kind, id, name


@inside_transaction
def link(company: Company, pairs: Sequence[tuple[End, End]], role: str) -> None:
    """Writes links from → to in one statement, e.g. order → shipment in the role `shipped_by`."""
    bulk.insert(
        DocumentLink,
        ("company_id", "from_kind", "from_id", "from_name", "to_kind", "to_id", "to_name", "role"),
        [(company.pk, *start, *end, role) for start, end in pairs],
    )


@dataclass(frozen=True)
class Related:
    """A related document as a page shows it."""

    kind: str
    name: str
    role: str
    comes_from_here: bool


def related(kind: str, pk: int) -> list[Related]:
    """Documents linked to this one, in both directions, in one statement."""
    here = Q(from_kind=kind, from_id=pk) | Q(to_kind=kind, to_id=pk)
    return [
        Related(link.to_kind, link.to_name, link.role, True)
        if (link.from_kind, link.from_id) == (kind, pk)
        else Related(link.from_kind, link.from_name, link.role, False)
        for link in DocumentLink.objects.filter(here).order_by("pk")
    ]
