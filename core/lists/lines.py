"""The lines of a document: a short table, drawn by `_components/line_table.html`.

An app declares the columns as it does for a list. Nothing is sorted, chosen or paged, and a
column of `optional` in which no line says anything is left out.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from core import clock, formats
from core.lists.columns import NOTHING, NumberColumn, Table, TextColumn
from core.models import Company


class LineTable(Table):
    """Lines; `without` names columns that mean nothing for this document."""

    optional: tuple[str, ...] = ()

    def __init__(
        self, lines: Iterable[Any], company: Company, without: Collection[str] = ()
    ) -> None:
        rows = list(lines)
        columns: dict[str, Any] = self.base_columns
        shown = [
            name
            for name, column in columns.items()
            if name not in without
            and (name not in self.optional or any(column.value_of(row, name) for row in rows))
        ]
        super().__init__(rows, company=company, today=clock.today(company), shown=shown)

    def heads(self) -> list[tuple[str, str]]:
        """The css class and the label of each column."""
        return [(bound.column.css, bound.column.heading()) for bound in self.columns]


class ArticleColumn(TextColumn):
    """What a line is about: the number of the article, then its description."""

    css = "name wrap"

    def __init__(self, *args: Any, code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.code = TextColumn(accessor=code)

    def show(self, value: Any, record: Any, table: Table) -> object:
        return f"{self.code.value_of(record, '') or ''} {value}".strip()


class PercentColumn(NumberColumn):
    """A percentage; `zero` is what nought reads as."""

    def __init__(self, *args: Any, zero: str = NOTHING, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zero = zero

    def show(self, value: Any, record: Any, table: Table) -> object:
        return f"{formats.quantity(Decimal(value))} %" if value else self.zero
