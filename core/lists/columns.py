"""The columns of lists: how a value reads on the page, and what of it goes into a file."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import django_tables2
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import formats, kinds
from core.models import Company
from core.money import bare, round_amount
from core.templatetags.o2c import badge

Raw = str | int | Decimal | date | None
NOTHING = "—"


class Column(django_tables2.Column):  # type: ignore[misc]
    """A column that shows a field's value; `css` is the class of its cells.

    A subclass says what it shows in `show`, and what goes into a file in `raw`.
    """

    css = ""

    def value_of(self, record: Any, name: str) -> Any:
        """What stands at the end of the accessor; None where the way there breaks off."""
        for part in _steps(str(self.accessor or name)):
            record = getattr(record, part, None)
            if callable(record):
                record = record()
        return record

    def draw(self, record: Any, name: str, table: "Table") -> object:
        value = self.value_of(record, name)
        return NOTHING if value is None or value == "" else self.show(value, record, table)

    def show(self, value: Any, record: Any, table: "Table") -> object:
        return value

    def raw(self, record: Any, name: str) -> Raw:
        value: Raw = self.value_of(record, name)
        return value

    def heading(self) -> str:
        return str(self.header or "")

    def prepare(self, rows: list[Any]) -> None:
        """Looks at the rows of the page before they are drawn."""


class TextColumn(Column):
    """Words; cut by the style sheet when the room is short."""

    css = "text"

    def raw(self, record: Any, name: str) -> Raw:
        value = self.value_of(record, name)
        return value if value is None else str(value)


class NameColumn(TextColumn):
    """The name of the row and its link; a document without a number shows as a draft."""

    css = "name"

    def draw(self, record: Any, name: str, table: "Table") -> object:
        shown = self.value_of(record, name) or _("Draft")
        return kinds.linked(shown, table.link(record))


class NumberColumn(Column):
    """A count or a quantity."""

    css = "num"

    def show(self, value: Any, record: Any, table: "Table") -> object:
        return formats.quantity(Decimal(value))


class SpanColumn(NumberColumn):
    """The days from one day of a row to another."""

    def __init__(self, *args: Any, since: str, until: str, **options: Any) -> None:
        super().__init__(*args, orderable=False, empty_values=(), **options)
        self.since, self.until = since, until

    def value_of(self, record: Any, name: str) -> int | None:
        since, until = getattr(record, self.since), getattr(record, self.until)
        return (until - since).days if since and until else None


class MoneyColumn(Column):
    """An amount. The currency stands in the heading, and in each cell only where it varies.

    `total` is what its sum is called in the title of the list, where that is shorter.
    """

    css = "num"

    def __init__(
        self, *args: Any, currency: str = "currency", total: object = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.currency, self.total = currency, total or self.verbose_name
        self.currencies: set[str] = set()

    def prepare(self, rows: list[Any]) -> None:
        self.currencies = {self.currency_of(record) for record in rows}

    def currency_of(self, record: Any) -> str:
        for part in _steps(self.currency):
            record = getattr(record, part, None)
        return str(record or "")

    def heading(self) -> str:
        only = "".join(self.currencies) if len(self.currencies) == 1 else ""
        return f"{self.header} ({only})" if only else str(self.header)

    def raw(self, record: Any, name: str) -> Raw:
        value, currency = super().raw(record, name), self.currency_of(record)
        return round_amount(value, currency) if isinstance(value, Decimal) and currency else value

    def show(self, value: Any, record: Any, table: "Table") -> object:
        return formats.amount(value, self.currency_of(record), code=len(self.currencies) > 1)


class PriceColumn(MoneyColumn):
    """The price of one unit: at least the decimals of its currency, at most eight."""

    def raw(self, record: Any, name: str) -> Raw:
        value = self.value_of(record, name)
        return bare(value) if isinstance(value, Decimal) else value

    def show(self, value: Any, record: Any, table: "Table") -> object:
        return formats.price(value, self.currency_of(record), code=len(self.currencies) > 1)


class DayColumn(Column):
    """A day or a moment."""

    css = "day"

    def show(self, value: Any, record: Any, table: "Table") -> object:
        return formats.day_html(value)


class AgeColumn(DayColumn):
    """A due day: "12 d late" while `is_open(record)`, and the plain day afterwards."""

    def __init__(
        self, *args: Any, is_open: Callable[[Any], object] = lambda record: True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.is_open = is_open

    def show(self, value: Any, record: Any, table: "Table") -> object:
        if not self.is_open(record):
            return formats.day_html(value)
        css = "text-late" if value < table.today else ""
        text = formats.day_html(value, formats.age(value, table.today))
        return format_html('<span class="{}">{}</span>', css, text)


class StateColumn(Column):
    """A badge with the word of the state."""

    css = "badges"

    def raw(self, record: Any, name: str) -> Raw:
        *way, field = _steps(str(self.accessor or name))
        for part in way:
            record = getattr(record, part)
        return str(getattr(record, f"get_{field}_display")())

    def draw(self, record: Any, name: str, table: "Table") -> object:
        return badge(self.value_of(record, name), self.raw(record, name))


@lru_cache(maxsize=512)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.replace(".", "__").split("__"))


class Table(django_tables2.Table):  # type: ignore[misc]
    """The columns of one list.

    `kind` names the kind of document a row links to, `order` the first sort, `totals` the money
    columns summed in the title, `hidden` the columns that are not shown until they are chosen.
    """

    kind = ""
    order = "-pk"
    totals: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def __init__(self, rows: list[Any], *, company: Company, today: date, shown: list[str]) -> None:
        super().__init__(rows, orderable=False, sequence=shown, exclude=_others(self, shown))
        self.company, self.today = company, today
        for bound in self.columns:
            if isinstance(bound.column, Column):
                bound.column.prepare(rows)

    def link(self, record: Any) -> str:
        kind = kinds.KINDS[self.kind]
        return kind.address(self.company, getattr(record, kind.key))

    def named(self, record: Any) -> str:
        """What a row is called aloud: its name, or what its first column shows."""
        columns = [bound for bound in self.columns if isinstance(bound.column, Column)]
        names = [bound for bound in columns if isinstance(bound.column, NameColumn)]
        first = (names or columns)[0]
        return strip_tags(str(first.column.draw(record, first.name, self)))

    def ticked(self) -> Iterator[tuple[Any, str, SafeString]]:
        """As drawn, each with its name."""
        for record, cells in self.drawn():
            yield record, self.named(record), cells

    def drawn(self) -> Iterator[tuple[Any, SafeString]]:
        """Each record of the page with its cells; the label is what a card on a telephone shows."""
        cells = [self._cell(bound) for bound in self.columns]
        for row in self.rows:
            yield row.record, mark_safe("".join([cell(row) for cell in cells]))  # noqa: S308

    def _cell(self, bound: Any) -> Callable[[Any], str]:
        """How the cells of a column are drawn; a column that is not ours draws itself."""
        column, name = bound.column, bound.name
        css = getattr(column, "css", "")
        start = format_html('<td data-label="{}" class="{}', bound.header, css)
        ours = isinstance(column, Column) and type(column).render is django_tables2.Column.render

        def cell(row: Any) -> str:
            value = column.draw(row.record, name, self) if ours else row.get_cell(name)
            none = " none" if value in (NOTHING, "") else ""
            return f'{start}{none}">{conditional_escape(value)}</td>'

        return cell


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
