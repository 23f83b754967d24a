"""Every list and document page: statements at 10 and 200 rows, and how long the server takes.

A list shows so many rows; a document has so many lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core import clock
from core.actions import action
from core.kinds import KINDS, Kind
from core.lists.wishes import USUAL_SIZE
from core.models import Company, Membership
from core.roles import Role
from o2c.bench.counting import measured
from o2c.bench.cycle import run_cycles
from o2c.bench.world import World
from users.models import User

SMALL, LARGE = 10, 200


@dataclass(frozen=True)
class Visits:
    """What visiting a page costs; milliseconds are the 95th percentile of the server's time."""

    sql_10: int
    sql_200: int
    p95_ms: float

    def as_row(self) -> dict[str, float]:
        return {"sql_10": self.sql_10, "sql_200": self.sql_200, "p95_ms": round(self.p95_ms, 1)}


def visit_pages(world: World, visits: int) -> dict[str, dict[str, float]]:
    """Figures by URL name, of every page that shows a list or a document."""
    client = Client(headers={"host": "localhost"})
    client.force_login(_someone_who_sees_all(world.company, by=User.objects.system()))
    few = _pages_after_an_order(world, SMALL)
    many = _pages_after_an_order(world, LARGE)
    return {
        name: Visits(
            _statements(client, few[name], SMALL),
            _statements(client, many[name], LARGE),
            _p95(client, few[name], visits),
        ).as_row()
        for name in few
    }


def _pages_after_an_order(world: World, lines: int) -> dict[str, str]:
    """The pages' addresses by URL name; the latest documents have so many lines."""
    run_cycles(world, 1, lines)
    return dict(pages(world.company))


@action
def _someone_who_sees_all(company: Company, *, by: User) -> User:
    user = User.objects.create_user("visitor@bench.example", name="Visitor")
    Membership.objects.bulk_create(
        Membership(user=user, company=company, role=role, created_at=clock.now()) for role in Role
    )
    return user


def pages(company: Company) -> Iterator[tuple[str, str]]:
    """The lists of a company and the latest document of each kind: URL name and address."""
    documents = {kind.url: kind for kind in KINDS.values() if kind.url}
    for name, names in sorted(_routes(get_resolver())):
        if names == ("company",):
            yield name, reverse(name, args=[company.slug])
        elif (kind := documents.get(name)) and (row := _latest(kind, company)):
            yield name, kind.address(company, getattr(row, kind.key))


def _latest(kind: Kind, company: Company) -> Any:
    rows: Any = apps.get_model(kind.model)._default_manager.all()
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


def _p95(client: Client, path: str, visits: int) -> float:
    """The 95th percentile of the server's milliseconds for a page as people open it."""
    times = []
    for _visit in range(visits):
        with measured() as cost:
            client.get(path, {"size": USUAL_SIZE})
        times.append(cost.seconds * 1000)
    return sorted(times)[max(int(visits * 0.95) - 1, 0)]


def _statements(client: Client, path: str, rows: int) -> int:
    client.get(path, {"size": rows})  # the first visit fills caches
    with measured() as cost:
        response = client.get(path, {"size": rows}, follow=True)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}")
    return cost.statements
