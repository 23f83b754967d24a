"""How allauth behaves here: nobody signs up, an admin lets people in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SignInForm(LoginForm):  # type: ignore[misc]
    """Begins where one types."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].widget.attrs["autofocus"] = True


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from, as allauth sees it past our own proxies; axes asks for it too."""
    if "REMOTE_ADDR" not in request.META:  # it came over no wire
        return None
    return str(get_adapter(request).get_client_ip(request))
