"""The worker's part: proving the books when asked, and every night."""

import logging
from collections.abc import Sequence

from celery import shared_task

from analytics.actions import begin_proof, keep_proof
from analytics.models import Proof
from core.invariants import check_books
from core.models import Company
from users.models import User

log = logging.getLogger(__name__)


def prove_books(company: Company, ids: Sequence[int], by: User) -> None:
    """Follow-up of `proof.asked`: reads outside of any transaction, then keeps what it read."""
    for proof in Proof.objects.filter(pk__in=ids, ended_at=None):
        _prove(proof, by)


@shared_task(ignore_result=True)
def prove_books_nightly() -> None:
    by = User.objects.system()
    _prove(begin_proof(by=by), by)


def _prove(proof: Proof, by: User) -> None:
    outcomes = check_books()
    keep_proof(proof, outcomes, by=by)
    for outcome in outcomes:
        if outcome.violations:
            log.error(
                "%s is broken %d times: %s, e.g. %s",
                outcome.invariant.id,
                outcome.violations,
                outcome.invariant.name,
                outcome.examples,
            )
