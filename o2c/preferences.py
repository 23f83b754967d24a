"""The buttons of the reader's menu: theme, density, language."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.access import Request, signed_in
from core.preferences import set_preferences
from users.models import User

PREFERENCES = {
    "theme": frozenset(User.Theme.values),
    "density": frozenset(User.Density.values),
    "language": frozenset(code for code, _label in settings.LANGUAGES),
}


@signed_in
@require_POST
def preferences(request: Request) -> HttpResponse:
    """Keeps what is among the choices, ignores the rest, and goes back to where it was asked."""
    given = {name: request.POST.get(name, "") for name in PREFERENCES}
    wanted = {name: value for name, value in given.items() if value in PREFERENCES[name]}
    if wanted:
        set_preferences(request.user, wanted)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")
