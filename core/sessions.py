"""How long a login lasts: it ends after a while without a click, and on the same day in any case.

The computer's own clock is asked, not `core.clock`, which may travel: a login is not business.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

BEGAN, SEEN = "login_began", "login_seen"
WRITE_EVERY = 60  # seconds; not each click writes the session


class SessionLimits:
    """Ends logins that were idle too long or that are too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._has_ended(request):
            logout(request)
            messages.info(request, _("You were signed out after a while without a click."))
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return self.get_response(request)

    def _has_ended(self, request: HttpRequest) -> bool:
        now, session = time.time(), request.session
        began, seen = session.setdefault(BEGAN, now), session.get(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
            return True
        if SEEN not in session or now - seen > WRITE_EVERY:
            session[SEEN] = now
        return False
