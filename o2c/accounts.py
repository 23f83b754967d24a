"""How logins behave here: nobody signs up, an admin lets people in, and the admin site asks too."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.decorators import secure_admin_login
from allauth.account.forms import LoginForm
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.access import View, lacks_second_factor
from users.models import User


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


def may_look(request: HttpRequest) -> bool:
    """Who sees the admin site: the operators, by a login with what is asked of finance."""
    person = request.user
    is_staff = isinstance(person, User) and person.is_active and person.is_staff
    return is_staff and not _lacks_second_factor(request)


def login_for_admin_site(view: View) -> View:
    """The admin site lets in by the same login as everything else, lock-out included."""

    def login(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _lacks_second_factor(request):
            return view(request, *args, **kwargs)
        messages.warning(request, _("The admin site asks for a second factor. Set it up first."))
        return redirect("mfa_index")

    guarded: View = secure_admin_login(login)
    return guarded


def _lacks_second_factor(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and lacks_second_factor(request.user)
