"""Lists: one page function for every list of the product. Apps declare columns and filters.

rows ─ Filters (search words, saved views, chips) ─ order ─ keyset page ─ Table ─ page | file
"""

from core.lists.archiving import Archive
from core.lists.columns import (
    AgeColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NameColumn,
    NumberColumn,
    PriceColumn,
    SpanColumn,
    StateColumn,
    Table,
    TextColumn,
)
from core.lists.filters import Choice, Days, Filters, Over, Under, Words
from core.lists.lines import ArticleColumn, LineTable, PercentColumn
from core.lists.pages import chosen, serve

__all__ = [
    "AgeColumn",
    "Archive",
    "ArticleColumn",
    "Choice",
    "Column",
    "DayColumn",
    "Days",
    "Filters",
    "LineTable",
    "MoneyColumn",
    "NameColumn",
    "NumberColumn",
    "Over",
    "PercentColumn",
    "PriceColumn",
    "SpanColumn",
    "StateColumn",
    "Table",
    "TextColumn",
    "Under",
    "Words",
    "chosen",
    "serve",
]
