"""Home, dashboard, search and the proof of the books."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.access import Request, door
from core.models import Company


@door("core.home")
def home(request: Request, company: Company) -> HttpResponse:
    """What waits for me."""
    return render(request, "analytics/home.html", {"title": _("Home")})
