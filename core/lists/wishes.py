"""How a reader wants a list: columns, sort and page size, from the address or as remembered."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.lists.columns import Table
from core.lists.paging import Order

SIZES = (10, 20, 50, 100, 200)
USUAL_SIZE = 50
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Wishes:
    """Always fit for use: what is unknown or out of range falls back to the usual."""

    table: type[Table]
    columns: list[str]
    sort: str
    size: int
    added: frozenset[str] = frozenset()  # columns that a link shows for once

    @property
    def order(self) -> Order:
        return Order(_path(self.table, self.sort.lstrip("-")), self.sort.startswith("-"))

    def remember(self, response: HttpResponse) -> None:
        """Keeps the wishes in a cookie; they hold nothing that could not be read by anyone."""
        own = [name for name in self.columns if name not in self.added]
        kept = {"columns": ",".join(own), "sort": self.sort, "size": self.size}
        response.set_cookie(
            _cookie(self.table),
            urlencode(kept),
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def wishes(request: HttpRequest, table: type[Table]) -> Wishes:
    kept = {k: v[0] for k, v in parse_qs(request.COOKIES.get(_cookie(table), "")).items()}
    given = request.GET.getlist("columns") or kept.get("columns", "").split(",")
    columns = [name for name in table.base_columns if name in given]
    columns = columns or [name for name in table.base_columns if name not in table.hidden]
    added = frozenset(request.GET.getlist("show")) - {*columns}
    size = request.GET.get("size") or kept.get("size", "")
    sort = request.GET.get("sort") or kept.get("sort", "")
    return Wishes(
        table,
        [name for name in table.base_columns if name in added or name in columns],
        sort if sort.lstrip("-") in sortable(table) and not sort.startswith("--") else table.order,
        min(max(int(size), SIZES[0]), SIZES[-1]) if _small_number(size) else USUAL_SIZE,
        added,
    )


def sortable(table: type[Table]) -> set[str]:
    columns: dict[str, Any] = table.base_columns
    return {name for name, column in columns.items() if column.orderable is not False}


def _path(table: type[Table], name: str) -> str:
    column = table.base_columns.get(name)
    return str((column and column.accessor) or name).replace(".", "__")


def _small_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _cookie(table: type[Table]) -> str:
    return f"list_{table.__name__.lower()}"
