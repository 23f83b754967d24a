"""Numbers of customers and suppliers: one endless series each, since accounts outlive years."""

from collections.abc import Collection

from core import clock, numbering
from core.actions import inside_transaction
from core.models import Company

PREFIXES = {"customer": "C", "supplier": "S"}


@inside_transaction
def take_numbers(company: Company, kind: str, count: int, taken: Collection[str]) -> list[str]:
    """The next free numbers, e.g. `C-00017`, going around those that came with their owners."""
    key, found = (kind, clock.today(company)), list[str]()
    while len(found) < count:
        block = numbering.take(company, {key: count - len(found)})[key]
        found += [number for number in block if number not in taken]
    return found
