"""Companies without books, for tests of the apps below the ledger; `cast` founds whole ones."""

from itertools import count

from core.models import Company

_numbers = count(1)


def bare_company(**fields: object) -> Company:
    """A German company that has nothing yet."""
    usual = {
        "slug": f"bare{next(_numbers)}",
        "name": "Nordwind",
        "legal_name": "Nordwind GmbH",
        "country": "DE",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    }
    return Company.objects.create(**{**usual, **fields})
