"""The columns of the ageing and of the late list, their order, and what goes into a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core.money import round_amount
from dunning.queries import AGES, Aged, Chase

Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column of a report: its heading, the figure of a row, and what it is sorted by."""

    name: str
    label: Any
    value: Value
    css: str = "num"

    def key(self, row: Any) -> Any:
        value = self.value(row)
        return value.casefold() if isinstance(value, str) else value


COLUMNS = (
    "not_due",
    "days_1_30",
    "days_31_60",
    "days_61_90",
    "over_90",
    "unapplied",
    "total",
)
AGEING = (
    Column("customer", __("Customer"), attrgetter("name"), "name"),
    *(
        Column(name, label, attrgetter(f"ageing.{name}"))
        for name, label in zip(COLUMNS, AGES, strict=True)
    ),
)


@dataclass(frozen=True)
class Head:
    """A heading: its sort link and the direction it is sorted in now."""

    label: Any
    css: str
    sort: str
    direction: str


def heads(columns: Sequence[Column], sort: str) -> list[Head]:
    """The headings with what a click on each sorts by next: amounts begin with the largest."""
    found = []
    for column in columns:
        now = column.name == sort.lstrip("-")
        largest_first = f"-{column.name}" if column.css == "num" else column.name
        turned = column.name if sort.startswith("-") else f"-{column.name}"
        direction = ("descending" if sort.startswith("-") else "ascending") if now else ""
        found.append(Head(column.label, column.css, turned if now else largest_first, direction))
    return found


def in_order(rows: Sequence[Aged], sort: str) -> list[Aged]:
    """The rows sorted by a column; `-total` where the wish is unknown."""
    by_name = {column.name: column for column in AGEING}
    column = by_name.get(sort.removeprefix("-"), by_name["total"])
    reverse = sort.startswith("-") or sort not in by_name
    return sorted(rows, key=column.key, reverse=reverse)


def ageing_file(rows: Iterable[Aged], currency: str) -> Iterator[list[Any]]:
    """Heading and rows of the ageing, for a file."""
    yield [_("Number"), *(str(column.label) for column in AGEING), _("Currency")]
    for row in rows:
        number = row.customer.number if row.customer else ""
        amounts = [round_amount(column.value(row), currency) for column in AGEING[1:]]
        yield [number, row.name, *amounts, currency]


def late_file(rows: Iterable[Chase], currency: str) -> Iterator[list[Any]]:
    """Heading and rows of the late list, for a file."""
    yield [
        _("Number"),
        _("Customer"),
        _("Overdue"),
        _("Unapplied"),
        _("Currency"),
        _("Oldest, days"),
        _("Last contact"),
        _("Come back on"),
        _("Priority"),
    ]
    for row in rows:
        found = row.late
        yield [
            row.customer.number,
            row.customer.name,
            round_amount(found.overdue, currency),
            round_amount(found.unapplied, currency),
            currency,
            found.oldest_days,
            found.last_contact_on,
            found.next_contact_on,
            row.points.total,
        ]
