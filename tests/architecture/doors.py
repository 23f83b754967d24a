"""The table of all doors: which roles each address opens to. `make doors` writes it anew.

The table is the permission matrix of the product, kept in the repository so that each change of
who may do what is read as a diff. `test_doors.py` holds the program to it, request by request.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("doors.toml")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# Doors of libraries: their own rules hold, and tests/architecture/test_doors.py looks at them.
FOREIGN = ("account_", "mfa_", "admin:")
OWN = (
    "users", "core", "partners", "catalog", "ledger", "documents", "inventory", "orders",
    "invoicing", "payments", "dunning", "analytics",
)  # fmt: skip
HEADER = """\
# Who may open which address. Written by `make doors`, read by people as a diff, and tried out
# with real requests by test_doors.py. `open` are the roles it opens to; `own` those to whom it
# opens for the customers they look after alone. A login is the affair of one person: its pages
# belong to the library that keeps logins, and only those listed are there.
"""
LOGIN = "accounts/"


@dataclass(frozen=True)
class Address:
    """One named address of the program's own, and what its view declares."""

    name: str
    route: str
    permission: str
    methods: tuple[str, ...]

    @property
    def parameters(self) -> list[str]:
        return [name for name in PARAMETER.findall(self.route) if name != "company"]

    @property
    def of_company(self) -> bool:
        return "<slug:company>" in self.route

    @property
    def key(self) -> str:
        """What kind of object it is about: the route up to its first parameter."""
        below = self.route.removeprefix("<slug:company>/")
        return PARAMETER.split(below)[0].strip("/")


def walk() -> Iterator[tuple[str, str, object]]:
    """Every named address: name, route and view."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def inside(resolver: URLResolver, prefix: str, namespace: str) -> Iterator:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield f"{namespace}{entry.name}", route, entry.callback
            else:
                below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from inside(entry, route, below)

    yield from inside(get_resolver(), "", "")


def is_foreign(name: str, view: object) -> bool:
    module = getattr(view, "__module__", "")
    return name.startswith(FOREIGN) or module.startswith(("allauth.", "django."))


def addresses() -> list[Address]:
    """The program's own addresses; one without a door has an empty permission."""
    found = []
    for name, route, view in walk():
        if not is_foreign(name, view):
            door = getattr(view, "door", None)
            permission, methods = (door.permission, door.methods) if door else ("", ())
            found.append(Address(name, route, permission, methods))
    return sorted(found, key=lambda address: address.name)


def roles_with(permission: str) -> list[str]:
    from core.roles import ROLES

    return [role.value for role, granted in ROLES.items() if permission in granted]


def row(address: Address) -> dict[str, str]:
    """What the table says of one address."""
    said = {
        "route": address.route,
        "door": address.permission,
        "methods": " ".join(method for method in address.methods if method != "HEAD"),
    }
    if address.of_company:
        own = set(roles_with(f"{address.permission}_own"))
        every = roles_with(address.permission)
        said["open"] = " ".join(every)
        said["own"] = " ".join(role for role in sorted(own) if role not in every)
    return said


def logins() -> dict[str, dict[str, str]]:
    """The pages of a person's login, which are a library's."""
    found = {name: route for name, route, _view in walk() if route.startswith(LOGIN)}
    return {name: {"route": route, "door": "allauth"} for name, route in sorted(found.items())}


def table() -> dict[str, dict[str, str]]:
    return {**logins(), **{address.name: row(address) for address in addresses()}}


def tidy(found: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Without what is empty, as the file holds it."""
    return {
        name: {key: value for key, value in said.items() if value} for name, said in found.items()
    }


def kept() -> dict[str, dict[str, str]]:
    """The table as it stands in the repository."""
    return tomllib.loads(TABLE.read_text()) if TABLE.exists() else {}


def text(found: dict[str, dict[str, str]]) -> str:
    parts = [HEADER]
    for name, said in found.items():
        lines = [f'["{name}"]', *(f'{key} = "{value}"' for key, value in said.items())]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    django.setup()
    TABLE.write_text(text(tidy(table())))
    print(f"{TABLE}: {len(table())} addresses")  # noqa: T201
