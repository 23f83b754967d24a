"""What every page knows: the company and its menu, the reader's rights and preferences."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from core.access import may_open
from core.models import Company, rights
from o2c.glossary import GLOSSARY
from o2c.menu import MENU, Entry
from users.models import User


@dataclass(frozen=True)
class Item:
    """A menu entry with the address it leads to."""

    entry: Entry
    url: str
    here: bool


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; works for anonymous visitors and pages without a company too."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"glossary": GLOSSARY, "theme": User.Theme.AUTO, "density": "compact"}
    if not isinstance(user, User):
        return context
    companies = SimpleLazyObject(lambda: list(_companies(user)))
    company = getattr(request, "company", None)
    return {
        **context,
        "theme": user.theme,
        "density": user.density,
        "companies": companies,
        "company": company,
        "permissions": rights(user).permissions(company.pk) if company else frozenset(),
        "menu": SimpleLazyObject(lambda: menu(user, company, request.path)) if company else (),
    }


def _companies(user: User) -> Any:
    return Company.objects.filter(pk__in=rights(user).roles).only("slug", "name")


def menu(user: User, company: Company, path: str) -> list[tuple[Any, list[Item]]]:
    """The groups of the menu with the entries open to `user`."""
    items = []
    for entry in MENU:
        try:
            url = reverse(entry.url, args=[company.slug])
        except NoReverseMatch:
            continue
        if may_open(user, entry.permission, company):
            items.append((entry, url))
    best = max((url for _entry, url in items if path.startswith(url)), key=len, default="")
    shown = [Item(entry, url, url == best) for entry, url in items]
    return [(label, list(group)) for label, group in groupby(shown, lambda i: i.entry.group)]
