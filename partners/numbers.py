"""Numbers of customers and suppliers: one series each, for ever, since accounts outlive years."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from core.actions import inside_transaction
from core.models import Company

NO_YEAR = 0
TAKE = """
INSERT INTO core_numberseries AS s
       (company_id, kind, fiscal_year, prefix, next, chronological, last_date)
VALUES (%s, %s, %s, %s, 1 + %s, FALSE, %s)
    ON CONFLICT (company_id, kind, fiscal_year) DO UPDATE SET next = s.next + %s
RETURNING next - %s
"""


@inside_transaction
def take_numbers(
    company: Company, kind: str, prefix: str, count: int, taken: Collection[str]
) -> list[str]:
    """The next free numbers, e.g. `C-00017`, going around those that came with their owners."""
    found: list[str] = []
    while len(found) < count:
        missing = count - len(found)
        with connection.cursor() as cursor:
            cursor.execute(
                TAKE,
                [company.pk, kind, NO_YEAR, prefix, missing, date.min, missing, missing],
            )
            first = cursor.fetchone()[0]
        block = (f"{prefix}-{number:05d}" for number in range(first, first + missing))
        found += [number for number in block if number not in taken]
    return found
