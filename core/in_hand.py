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


def following_up() -> bool:
    """Whether the runner is at work: then a deed skips what is done already, without a word."""
    return _in_hand.get() is not None


def settle(refusals: Mapping[int, Refused]) -> None:
    """What a set deed does with the subjects (by id) it must refuse, before it changes the rest.

    Called by the runner, their follow-ups are parked with the reason, for a person; called by a
    person, the first refusal is raised and nothing happens.
    """
    if not refusals:
        return
    held = _in_hand.get()
    if held is None:
        raise next(iter(refusals.values()))
    for subject_id, refusal in refusals.items():
        if subject_id in held:
            FollowUp.objects.filter(pk=held.pop(subject_id)).update(
                parked_at=clock.now(), reason=refusal.message, leased_until=None
            )


def mark_done() -> None:
    """Marks what is in hand as done; called at the end of every deed, before it commits."""
    held = _in_hand.get()
    if held:
        FollowUp.objects.filter(pk__in=held.values()).update(done_at=clock.now(), leased_until=None)
        held.clear()
