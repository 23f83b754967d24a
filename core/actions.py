"""Deeds: one business verb, one durable transaction.

`@action` opens the only transactions of the program. It claims the idempotency key of the
request, runs the deed, marks the follow-ups it answers as done, and commits all of it at once.
Deeds do not nest; what two deeds share is a step marked `@inside_transaction`.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core import clock, in_hand
from core.models import IdempotencyKey
from core.refusals import Refused
from users.models import User

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3
SERIALIZATION_FAILURE, DEADLOCK, LOCK_TIMEOUT = "40001", "40P01", "55P03"
TAKEN = "23505"  # a number or name somebody took between the deed's look and its writing


@dataclass(frozen=True)
class RequestKey:
    """The idempotency key a form carries, and a digest of all it said."""

    user: User
    key: UUID
    fingerprint: str


request_key: ContextVar[RequestKey | None] = ContextVar("request_key", default=None)
refusals: ContextVar[list[Refused]] = ContextVar("refusals")  # of the deeds of this request


def fingerprint(path: str, fields: Iterable[tuple[str, Any]]) -> str:
    """A digest of a request: same key with another digest is another request."""
    return hashlib.sha256(json.dumps([path, sorted(fields)]).encode()).hexdigest()


def action(deed: Callable[P, T]) -> Callable[P, T]:
    """Makes a function a deed: `verb_nouns(ids, *, by, …)`, one durable transaction.

    Called again with the key of a request that was carried out, it returns the same objects
    and does nothing. Deadlocks are tried again, and so is what took a number or name that another
    deed took at the same time: its own check then says so. A lock that is not to be had is `busy`.
    """
    name = f"{deed.__module__}.{deed.__name__}"

    @functools.wraps(deed)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return _durably(name, lambda: deed(*args, **kwargs))
        except Refused as refusal:
            refusals.get([]).append(refusal)
            raise

    return carried_out


def inside_transaction(step: Callable[P, T]) -> Callable[P, T]:
    """Makes a function a step: it may run only inside a deed."""

    @functools.wraps(step)
    def taken(*args: P.args, **kwargs: P.kwargs) -> T:
        assert_inside_deed()
        return step(*args, **kwargs)

    return taken


def assert_inside_deed() -> None:
    """Raises unless a transaction is open; the one a test case wraps around itself is no deed."""
    blocks = connection.atomic_blocks
    if not blocks or getattr(blocks[-1], "_from_testcase", False):
        raise RuntimeError("This step runs only inside an @action.")


def _durably(name: str, work: Callable[[], T]) -> T:
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic(durable=True):
                result = _once(name, work)
        except DatabaseError as error:
            _raise_unless_worth_another_try(error, attempt)
        else:
            in_hand.let_go()
            return result
    raise AssertionError("unreachable")


def _once(name: str, work: Callable[[], T]) -> T:
    key = request_key.get()
    if key is None:
        result = work()
        in_hand.mark_done()
        return result
    claim, is_new = IdempotencyKey.objects.get_or_create(
        user=key.user,
        key=key.key,
        deed=name,
        defaults={"fingerprint": key.fingerprint, "at": clock.now()},
    )
    if not is_new:
        return cast(T, _answer_again(claim, key))
    result = work()
    IdempotencyKey.objects.filter(pk=claim.pk).update(answer=_references(result))
    in_hand.mark_done()
    return result


def _answer_again(claim: IdempotencyKey, key: RequestKey) -> Any:
    if claim.fingerprint != key.fingerprint:
        raise Refused(
            "request.key_reused",
            _("This form was sent before with other content. Reload the page and enter it again."),
        )
    kind, references = claim.answer
    rows = [_row(label, pk) for label, pk in references]
    return rows if kind == "list" else rows[0] if rows else None


def _references(result: Any) -> list[Any]:
    """What a deed returned, as references: a row, a list of rows, or nothing."""
    if isinstance(result, list | tuple):
        rows = [row for row in result if isinstance(row, Model)]
        return ["list", [[row._meta.label, row.pk] for row in rows]]
    if isinstance(result, Model):
        return ["row", [[result._meta.label, result.pk]]]
    return ["row", []]


def _row(label: str, pk: int) -> Model:
    row: Model = apps.get_model(label)._default_manager.get(pk=pk)
    return row


def _raise_unless_worth_another_try(error: DatabaseError, attempt: int) -> None:
    code = getattr(error.__cause__, "pgcode", None)
    if code == LOCK_TIMEOUT:
        raise Refused(
            "busy", _("Someone else is changing this right now. Please try again.")
        ) from error
    if code not in (SERIALIZATION_FAILURE, DEADLOCK, TAKEN) or attempt == TRIES:
        raise error
