"""Proofs of the books: asked for in one deed, kept in another; the reading lies between them."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from analytics.models import Proof, ProofResult
from core import bulk, clock
from core.actions import action
from core.events import Fact, record
from core.invariants import Proof as Outcome
from core.models import Company, rights
from core.refusals import Refused
from users.models import User

LONGEST = timedelta(hours=1)  # a proof that has not ended by then never will


def running_proofs() -> "QuerySet[Proof]":
    """Proofs asked for and not ended, leaving out what was given up."""
    return Proof.objects.filter(ended_at=None, asked_at__gt=clock.now() - LONGEST)


@action
def ask_for_proof(company: Company, *, by: User) -> Proof:
    """Has the worker prove the books; one proof at a time is enough."""
    rights(by).require("analytics.prove", company.pk)
    if running_proofs().exists():
        raise Refused("proof.running", _("The books are being proved right now. Wait for that."))
    proof = Proof.objects.create(asked_at=clock.now(), asked_by=by)
    record(company, "proof.asked", [Fact([("proof", proof.pk)])], by=by)
    return proof


@action
def begin_proof(*, by: User) -> Proof:
    """The proof of the night, which nobody asked for."""
    return Proof.objects.create(asked_at=clock.now(), asked_by=by)


@action
def keep_proof(proof: Proof, outcomes: Sequence[Outcome], *, by: User) -> Proof:
    """Keeps what every invariant said."""
    bulk.insert(
        ProofResult,
        ("proof_id", "invariant", "name", "violations", "examples", "milliseconds"),
        [
            (
                proof.pk,
                outcome.invariant.id,
                str(outcome.invariant.name)[:200],
                outcome.violations,
                [[str(value) for value in row] for row in outcome.examples],
                round(outcome.seconds * 1000),
            )
            for outcome in outcomes
        ],
    )
    proof.ended_at = clock.now()
    proof.violations = sum(outcome.violations for outcome in outcomes)
    proof.save(update_fields=["ended_at", "violations"])
    return proof
