"""The follow-ups being worked off right now.

The runner puts them in hand; the deed they lead to marks them done, or parks the refused ones,
inside its own transaction, so that work and mark are one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain

from core import bulk, clock
from core.models import FollowUp
from core.refusals import Refused

Held = dict[int, list[int]]  # subject id → ids of its follow-ups

_in_hand: ContextVar[Held | None] = ContextVar("in_hand", default=None)


@contextmanager
def holding(held: Held) -> Iterator[None]:
    """Puts follow-ups in hand; the first deed that commits lets go of them, and empties `held`."""
    token = _in_hand.set(held)
    try:
        yield
    finally:
        _in_hand.reset(token)


def following_up() -> bool:
    """Whether the runner is at work: then a deed skips what is done already, without a word."""
    return _in_hand.get() is not None


def turn_away(refusals: Mapping[int, Refused]) -> None:
    """What a set deed does with the subjects (by id) it must refuse, before it changes the rest.

    Called by the runner, their follow-ups are parked with the reason, for a person; called by a
    person, the first refusal is raised and nothing happens.
    """
    if not refusals:
        return
    held = _in_hand.get()
    if held is None:
        raise next(iter(refusals.values()))
    now = clock.now()
    parked = [
        (pk, now, refusal.message, None)
        for subject_id, refusal in refusals.items()
        for pk in held.get(subject_id, [])
    ]
    bulk.update(FollowUp, ("id", "parked_at", "reason", "leased_until"), parked)


def mark_done() -> None:
    """Marks what is in hand and not parked as done; called by every deed before it commits."""
    if held := _in_hand.get():
        FollowUp.objects.filter(pk__in=chain.from_iterable(held.values()), parked_at=None).update(
            done_at=clock.now(), leased_until=None
        )


def let_go() -> None:
    """Nothing is in hand any more; called after the commit, so that a second try has it all."""
    if held := _in_hand.get():
        held.clear()
