"""Who changed master data, when and why: written by triggers, told as changes of fields."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory

from users.models import User


@contextmanager
def recorded(by: User, reason: str = "") -> Iterator[None]:
    """Inside, every change of master data is kept under this person's name, with the reason."""
    with pghistory.context(user=by.pk, reason=reason):
        yield
