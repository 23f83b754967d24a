"""The follow-ups being worked off right now.

The runner puts them in hand; the deed they lead to marks them done, or parks the refused ones,
inside its own transaction, so that work and mark are one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from core import clock
from core.models import FollowUp
from core.refusals import Refused

_in_hand: ContextVar[dict[int, int] | None] = ContextVar("in_hand", default=None)


@contextmanager
def holding(follow_ups: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Puts follow-ups (subject id → follow-up id) in hand; yields those not yet settled."""
    held = dict(follow_ups)
    token = _in_hand.set(held)
    try:
        yield held
    finally:
        _in_hand.reset(token)


def park(refusals: Mapping[int, Refused]) -> None:
    """Parks the follow-ups of refused subjects (by subject id) with the reason, for a person."""
    held = _in_hand.get()
    for subject_id, refusal in refusals.items():
        if held and subject_id in held:
            FollowUp.objects.filter(pk=held.pop(subject_id)).update(
                parked_at=clock.now(), reason=refusal.message, leased_until=None
            )


def mark_done() -> None:
    """Marks what is in hand as done; called at the end of every deed, before it commits."""
    held = _in_hand.get()
    if held:
        FollowUp.objects.filter(pk__in=held.values()).update(done_at=clock.now(), leased_until=None)
        held.clear()
