"""What the entries of a document say, per account role, as the worked examples write it."""

from collections import defaultdict
from decimal import Decimal

from ledger.models import EntryLine


def posted(company, *, since=0):
    """Net amount in the company's currency per role (or account number), debit above zero."""
    found = defaultdict(Decimal)
    lines = EntryLine.objects.filter(entry__company=company, entry__gt=since)
    for role, number, amount in lines.values_list(
        "account__role", "account__number", "base_amount"
    ):
        found[role or number] += amount
    return {role: amount.normalize() + 0 for role, amount in found.items() if amount}


def newest(company):
    """The id of the newest entry."""
    newest_id = EntryLine.objects.filter(entry__company=company).order_by("-entry").first()
    return newest_id.entry_id if newest_id else 0
