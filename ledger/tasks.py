"""What the books do by themselves: totals follow the entries."""

from celery import shared_task

from core.models import Company
from ledger.actions import find_settled_entries, fold_totals
from users.models import User


@shared_task
def refresh_totals() -> None:
    """Folds the settled entries of every company into its totals; each minute by beat."""
    by = User.objects.system()
    for company in Company.objects.all():
        fold_totals(company, find_settled_entries(company, by=by), by=by)
