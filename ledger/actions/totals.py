"""Keeping the totals that reports read near the latest entry."""

from core.actions import action
from core.models import Company, rights
from ledger import totals
from users.models import User


@action
def find_settled_entries(company: Company, *, by: User) -> int:
    """The entry id up to which the totals may be folded."""
    rights(by).require("ledger.view", company.pk)
    return totals.find_settled_id(company)


@action
def fold_totals(company: Company, upto: int, *, by: User) -> None:
    """Folds settled entries into the totals; apart from finding them, so that no posting waits."""
    rights(by).require("ledger.view", company.pk)
    totals.fold(company, upto)
