"""The columns of lists: how a value reads on the page, and what of it goes into a file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_tables2.utils import Accessor

from core import formats, kinds
from core.models import Company
from core.templatetags.o2c import badge

Raw = str | int | Decimal | date | None


class Column(django_tables2.Column):  # type: ignore[misc]
    """A column whose file value is the field's own value; `css` is the class of its cells."""

    css = ""

    def heading(self) -> str:
        return str(self.header or "")

    def raw(self, record: Any, name: str) -> Raw:
        value: Raw = Accessor(self.accessor or name).resolve(record, quiet=True)
        return value

    def prepare(self, rows: list[Any]) -> None:
        """Looks at the rows of the page before they are drawn."""


class TextColumn(Column):
    """Words; cut by the style sheet when the room is short."""

    css = "text"

    def raw(self, record: Any, name: str) -> Raw:
        value = super().raw(record, name)
        return value if value is None else str(value)


class NameColumn(TextColumn):
    """The name of the row and its link; a document without a number shows as a draft."""

    css = "name"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_values=(), **options)

    def render(self, value: object, record: Any, table: "Table") -> SafeString:
        return format_html('<a href="{}">{}</a>', table.link(record), value or _("Draft"))


class NumberColumn(Column):
    """A count or a quantity."""

    css = "num"

    def render(self, value: Decimal | int) -> str:
        return formats.quantity(Decimal(value))


class MoneyColumn(Column):
    """An amount. The currency stands in the heading, and in each cell only where it varies."""

    css = "num"

    def __init__(self, *args: Any, currency: str = "currency", **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = Accessor(currency)
        self.currencies: set[str] = set()

    def prepare(self, rows: list[Any]) -> None:
        self.currencies = {self.currency_of(record) for record in rows}

    def currency_of(self, record: Any) -> str:
        return str(self.currency.resolve(record, quiet=True) or "")

    def heading(self) -> str:
        only = "".join(self.currencies) if len(self.currencies) == 1 else ""
        return f"{self.header} ({only})" if only else str(self.header)

    def render(self, value: Decimal, record: Any) -> str:
        return formats.amount(value, self.currency_of(record), code=len(self.currencies) > 1)


class DayColumn(Column):
    """A day or a moment."""

    css = "day"

    def render(self, value: date) -> SafeString:
        return formats.day_html(value)


class AgeColumn(DayColumn):
    """A due day: "12 d late" while `is_open(record)`, and the plain day afterwards."""

    def __init__(
        self, *args: Any, is_open: Callable[[Any], object] = lambda record: True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.is_open = is_open

    def render(self, value: date, record: Any, table: "Table") -> SafeString:  # type: ignore[override]
        if not self.is_open(record):
            return formats.day_html(value)
        text = formats.day_html(value, formats.age(value, table.today))
        return (
            format_html('<span class="text-late">{}</span>', text) if value < table.today else text
        )


class StateColumn(Column):
    """A badge with the word of the state."""

    css = "badges"

    def _said(self, record: Any, name: str) -> tuple[str, str]:
        row, field = Accessor(self.accessor or name).penultimate(record)
        return getattr(row, field), str(getattr(row, f"get_{field}_display")())

    def raw(self, record: Any, name: str) -> Raw:
        return self._said(record, name)[1]

    def render(self, record: Any, bound_column: Any) -> SafeString:
        return badge(*self._said(record, bound_column.name))


@dataclass(frozen=True)
class Cell:
    """One cell as the template draws it; the label is what the card shows on a telephone."""

    css: str
    label: str
    value: object


class Table(django_tables2.Table):  # type: ignore[misc]
    """The columns of one list.

    `kind` names the kind of document a row links to, `order` the first sort, `total` the money
    column summed in the title, `hidden` the columns that are not shown until they are chosen.
    """

    kind = ""
    order = "-pk"
    total = ""
    hidden: tuple[str, ...] = ()

    def __init__(self, rows: list[Any], *, company: Company, today: date, shown: list[str]) -> None:
        super().__init__(rows, orderable=False, sequence=shown, exclude=_others(self, shown))
        self.company, self.today = company, today
        for bound in self.columns:
            if isinstance(bound.column, Column):
                bound.column.prepare(rows)

    def link(self, record: Any) -> str:
        return kinds.KINDS[self.kind].address(self.company, record.name)

    def drawn(self) -> Iterator[tuple[Any, list[Cell]]]:
        """Each record of the page with its cells."""
        heads = [(b.name, getattr(b.column, "css", ""), str(b.header)) for b in self.columns]
        for row in self.rows:
            cells = [(css, label, row.get_cell(name)) for name, css, label in heads]
            yield row.record, [
                Cell(f"{css} none" if value == self.default else css, label, value)
                for css, label, value in cells
            ]


def _others(table: Table, shown: list[str]) -> list[str]:
    return [name for name in table.base_columns if name not in shown]


def file_rows(table: Table, records: Iterable[Any]) -> Iterator[list[Raw]]:
    """Heading and rows for a file: the columns of the page, and the currency where there is one."""
    columns = [(b.name, b.column) for b in table.columns if isinstance(b.column, Column)]
    money = next((c for _name, c in columns if isinstance(c, MoneyColumn)), None)
    heading: list[Raw] = [str(column.header) for _name, column in columns]
    yield heading + ([_("Currency")] if money else [])
    for record in records:
        cells = [column.raw(record, name) for name, column in columns]
        yield cells + ([money.currency_of(record)] if money else [])
