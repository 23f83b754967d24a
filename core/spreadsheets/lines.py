"""One line of a spreadsheet, read cell by cell: what is wrong with it is gathered, not raised."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from core.refusals import Refused
from core.spreadsheets.reading import Line

T = TypeVar("T")
MOST_SAID = 60


class Problem(NamedTuple):
    """What is wrong in one line: its number in the file, the column, what stands there, and why."""

    line: int
    column: str
    said: str
    text: str


class Cells:
    """The cells of one line, and the problems found with them."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.problems: list[Problem] = []

    def read(self, column: str, parse: Callable[[str], T], otherwise: T) -> T:
        """What stands in a cell, or `otherwise` and one more problem."""
        try:
            return parse(self.line[column])
        except Refused as refusal:
            self.wrong(column, refusal.message)
            return otherwise

    def read_if_any(self, column: str, parse: Callable[[str], T], otherwise: T) -> T:
        """The same, and `otherwise` where the cell is empty."""
        return self.read(column, parse, otherwise) if self.line[column] else otherwise

    def wrong(self, column: str, text: str) -> None:
        """Notes what is wrong with a cell."""
        said = self.line[column][:MOST_SAID]
        self.problems.append(Problem(self.line.number, column, said, text))

    def tell(self, refusals: Iterable[Refused], columns: Mapping[str, str], usual: str) -> None:
        """Notes refusals of the draft made of the line; `columns` names those of its fields.

        The rest stands in the column of the field's own name, or in the `usual` one.
        """
        for refusal in refusals:
            field = str(refusal.numbers.get("field", usual))
            self.wrong(columns.get(field, field), refusal.message)
