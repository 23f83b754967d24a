"""Several small reads as one statement: what a page asks of many tables costs one round trip."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DecimalField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import NoReverseMatch

from core.access import may_open
from core.kinds import KINDS
from core.models import Company
from users.models import User

MOST_COUNTED = 1_000
NO_AMOUNT = Cast(Value(None), DecimalField(max_digits=20, decimal_places=4))
NO_CURRENCY = Value("")


@dataclass(frozen=True)
class Reader:
    """Who asks, in which company, on which day."""

    user: User
    company: Company
    today: date

    def rows(self, model: type[Model], *conditions: Q, **fields: Any) -> QuerySet[Any, Any]:
        """The rows of the company that the person may see."""
        manager: Any = model._default_manager
        found: QuerySet[Any, Any] = manager.visible_to(self.user)
        return found.filter(*conditions, company=self.company, **fields)

    def address(self, kind: str, name: str) -> str:
        """The page of a document; empty while its app has no pages, as in the menu."""
        try:
            return KINDS[kind].address(self.company, name)
        except NoReverseMatch:
            return ""

    def may(self, permission: str) -> bool:
        return may_open(self.user, permission, self.company)


def rows(parts: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of several `values_list` of equal columns, in the order of the parts."""
    return _run(("SELECT * FROM ({}) part", part) for part in parts)


@dataclass(frozen=True)
class Tally:
    """How many rows there are, counted up to a thousand and one, and their sums by currency."""

    count: int = 0
    sums: tuple[tuple[str, Decimal], ...] = ()

    @property
    def more(self) -> bool:
        """Whether there are more than were counted; then the sums would say too little."""
        return self.count > MOST_COUNTED


def tallies(parts: Mapping[str, QuerySet[Any, Any]]) -> dict[str, Tally]:
    """The tally of each part, given as a `values_list` of key, currency and amount."""
    form = "SELECT '{}', currency, count(*), sum(amount) FROM ({{}}) part(key, currency, amount)"
    found = _run(
        (form.format(name) + " GROUP BY currency", part.order_by()[: MOST_COUNTED + 1])
        for name, part in parts.items()
    )
    tallied = dict.fromkeys(parts, Tally())
    for name, currency, count, amount in sorted(found, key=lambda row: row[:2]):
        before = tallied[name]
        sums = (*before.sums, (currency, amount)) if currency else ()
        tallied[name] = Tally(before.count + count, sums)
    return tallied


def _run(parts: Iterable[tuple[str, QuerySet[Any, Any]]]) -> list[tuple[Any, ...]]:
    statements: list[str] = []
    values: list[Any] = []
    for form, part in parts:
        try:
            sql, given = part.query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(form.format(sql))
        values += given
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        return list(cursor.fetchall())
