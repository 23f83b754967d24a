"""What every request passes: its idempotency key, its language, and what becomes of a refusal."""

from collections.abc import Callable, Sequence
from hashlib import file_digest
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core import clock
from core.actions import RequestKey, action, fingerprint, refusals, request_key
from core.models import Company, RefusedAttempt
from core.pages import not_a_page
from core.refusals import NeedsConfirmation, Refused
from users.models import User

NOT_PART_OF_WHAT_WAS_SAID = {"csrfmiddlewaretoken", "idempotency_key"}


class DeedRequests:
    """Hands the idempotency key of a form to the deeds, and turns a refusal into words.

    Every refusal of the request is recorded when it is over, whether or not its view has caught it
    to show it in a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key, heard = request_key.set(_request_key(request)), refusals.set([])
        try:
            response = self.get_response(request)
            said = refusals.get()
        finally:
            request_key.reset(key)
            refusals.reset(heard)
        if said and isinstance(request.user, User):
            note_refusals(request.user, getattr(request, "company", None), request.path, said)
        if response.status_code == 405 and request.method == "GET":
            return not_a_page(request, response)
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, Refused):
            return None
        if problem not in refusals.get():
            refusals.get().append(problem)
        if isinstance(problem, NeedsConfirmation):
            return render(request, "confirm.html", {"question": problem}, status=409)
        if request.method == "POST" and not request.headers.get("HX-Request"):
            messages.error(request, problem.message)
            return HttpResponseRedirect(_where_it_came_from(request))
        return render(request, "409.html", {"refusal": problem}, status=409)


class ReadersLanguage:
    """Speaks the language of the person who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and request.user.is_authenticated:
            with translation.override(request.user.language):
                return self.get_response(request)
        return self.get_response(request)


@action
def note_refusals(
    user: User, company: Company | None, path: str, refused: Sequence[Refused]
) -> None:
    """Records refused attempts, in a transaction of its own after the refused ones."""
    about = {"user": user, "company": company, "at": clock.now(), "path": path[:300]}
    RefusedAttempt.objects.bulk_create(
        RefusedAttempt(**about, code=refusal.code, message=refusal.message) for refusal in refused
    )


def _request_key(request: HttpRequest) -> RequestKey | None:
    raw = request.POST.get("idempotency_key") if request.method == "POST" else None
    if raw is None or not isinstance(request.user, User):
        return None
    try:
        key = UUID(str(raw))
    except ValueError:
        raise BadRequest(_("The form's key is damaged. Reload the page.")) from None
    said = [
        (name, request.POST.getlist(name))
        for name in request.POST
        if name not in NOT_PART_OF_WHAT_WAS_SAID
    ]
    files = [
        (name, [[file.name, _digest(file)] for file in request.FILES.getlist(name)])
        for name in request.FILES
    ]
    return RequestKey(request.user, key, fingerprint(request.path, [*said, *files]))


def _digest(file: UploadedFile[bytes]) -> str:
    digest = file_digest(file.open(), "sha256").hexdigest()
    file.seek(0)
    return digest


def _where_it_came_from(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return referer
    return "/"
