"""How a person wants to be called and to see the screens; kept with the person."""

from collections.abc import Mapping

from core.actions import action
from users.models import User


@action
def set_preferences(user: User, wanted: Mapping[str, str]) -> User:
    for name, value in wanted.items():
        setattr(user, name, value)
    user.save(update_fields=list(wanted))
    return user
