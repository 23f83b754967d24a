"""What follows from money coming in: it is recorded, and it is matched."""

from core.models import Company
from payments import actions
from users.models import User


def record_received(company: Company, ids: list[int], by: User) -> None:
    """transaction.received: the payments on a statement become receipts."""
    actions.record_receipts(ids, by=by)


def match_receipts(company: Company, ids: list[int], by: User) -> None:
    """receipt.recorded and receipt.identified: looks for what the receipts pay."""
    actions.match_receipts(ids, by=by)
