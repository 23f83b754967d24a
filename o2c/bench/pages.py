"""Every list and document page: statements at 10 and 200 rows, and how long the server takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core import clock
from core.actions import action
from core.kinds import KINDS
from core.models import Company, Membership
from core.roles import Role
from o2c.bench.counting import measured
from users.models import User

VISITS = 20
SMALL, LARGE = 10, 200


@dataclass(frozen=True)
class Page:
    """One address to visit."""

    name: str
    path: str


@dataclass(frozen=True)
class Visits:
    """What visiting a page costs; milliseconds are the 95th percentile of the server's time."""

    sql_10: int
    sql_200: int
    p95_ms: float

    def as_row(self) -> dict[str, float]:
        return {"sql_10": self.sql_10, "sql_200": self.sql_200, "p95_ms": round(self.p95_ms, 1)}


def visit_pages(company: Company) -> dict[str, dict[str, float]]:
    """Figures by URL name, of every page that shows a list or a document."""
    client = Client(headers={"host": "localhost"})
    client.force_login(_someone_who_sees_all(company, by=User.objects.system()))
    return {page.name: _visit(client, page).as_row() for page in pages(company)}


@action
def _someone_who_sees_all(company: Company, *, by: User) -> User:
    user = User.objects.create_user("visitor@bench.example", name="Visitor")
    Membership.objects.bulk_create(
        Membership(user=user, company=company, role=role, created_at=clock.now()) for role in Role
    )
    return user


def pages(company: Company) -> Iterator[Page]:
    """The lists of a company, and one document of each kind."""
    documents = {kind.url: kind.model for kind in KINDS.values() if kind.url}
    for name, names in sorted(_routes(get_resolver())):
        if names == ("company",):
            yield Page(name, reverse(name, args=[company.slug]))
        elif name in documents and (row := _latest(documents[name], company)):
            yield Page(name, reverse(name, args=[company.slug, row.name]))


def _latest(model: str, company: Company) -> Any:
    rows: Any = apps.get_model(model)._default_manager.all()
    if any(field.name == "company" for field in rows.model._meta.fields):
        rows = rows.filter(company=company)
    return rows.order_by("-pk").first()


def _routes(
    resolver: URLResolver, space: str = "", held: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names of the pages that only read, with the names of their parameters."""
    for entry in resolver.url_patterns:
        names = (*held, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            below = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _routes(entry, below, names)
        elif isinstance(entry, URLPattern) and entry.name and "company" in names:
            door = getattr(entry.callback, "door", None)
            if door and "GET" in door.methods:
                yield f"{space}{entry.name}", names


def _visit(client: Client, page: Page) -> Visits:
    few, many = (_statements(client, page, rows) for rows in (SMALL, LARGE))
    times = []
    for _visit_number in range(VISITS):
        with measured() as cost:
            client.get(page.path)
        times.append(cost.seconds * 1000)
    return Visits(few, many, sorted(times)[int(VISITS * 0.95) - 1])


def _statements(client: Client, page: Page, rows: int) -> int:
    client.get(page.path, {"rows": rows})  # the first visit fills caches
    with measured() as cost:
        response = client.get(page.path, {"rows": rows})
    if response.status_code != 200:
        raise RuntimeError(f"{page.path} answers {response.status_code}")
    return cost.statements
