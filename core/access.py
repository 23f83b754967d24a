"""Doors: who may open which address. Every view declares its door; one without fails the build.

A door resolves the company of the address among those the person belongs to, checks method and
permission, and marks the view with what it declared (`view.door`), for the walk over all URLs.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Company, rights
from core.roles import SECOND_FACTOR_ROLES
from users.models import User

View = Callable[..., HttpResponseBase]
READ = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")

_reader: ContextVar[User | None] = ContextVar("reader", default=None)


class Request(HttpRequest):
    """A request that came through a door: somebody known, and, on most pages, a company."""

    user: User
    company: Company


@dataclass(frozen=True)
class Door:
    """What a view declared: a permission, or `signed_in`, or `public`."""

    permission: str
    methods: tuple[str, ...]


def door(permission: str, methods: tuple[str, ...] = READ) -> Callable[[View], View]:
    """The door of a page of one company: `<company>/…`, for those who have `permission` there.

    The view gets (request: Request, company: Company, …). `orders.view` also opens to those who
    have `orders.view_own`; which rows they see is up to `visible_to`. Moments read in the time of
    the company, as its days do, and links lead only where the reader may go.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def opened(
            request: HttpRequest, company: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            visitor = cast(Request, request)
            visitor.company = company_of(visitor.user, company)
            if not may_open(visitor.user, permission, visitor.company):
                raise PermissionDenied
            if needs_second_factor(visitor):
                words = _("Your roles in %(company)s ask for a second factor. Set it up first.")
                messages.warning(visitor, words % {"company": visitor.company})
                return redirect("mfa_index")
            with timezone.override(visitor.company.time_zone), read_by(visitor.user):
                return view(visitor, visitor.company, *args, **kwargs)

        return _with_door(opened, Door(permission, methods))

    return decorate


def signed_in(view: View) -> View:
    """The door of a page that belongs to no company but wants a login."""
    return _with_door(view, Door("signed_in", FORM))


def public(view: View) -> View:
    """The door of a page for anyone."""
    return _with_door(login_not_required(view), Door("public", FORM))


def _with_door(view: View, declared: Door) -> View:
    view.door = declared  # type: ignore[attr-defined]
    return view


def may_open(user: User, permission: str, company: Company) -> bool:
    granted = rights(user)
    return granted.may(permission, company.pk) or granted.may(f"{permission}_own", company.pk)


@contextmanager
def read_by(user: User) -> Iterator[None]:
    """Inside, what is drawn is drawn for this reader: see `may_follow`."""
    token = _reader.set(user)
    try:
        yield
    finally:
        _reader.reset(token)


_doors: dict[str, Door] = {}


def door_of(name: str, address: str) -> Door:
    """The door of the page with this URL name, of which `address` is one."""
    if name not in _doors:
        _doors[name] = resolve(address).func.door  # type: ignore[attr-defined]
    return _doors[name]


def may_follow(name: str, address: str, company: Company) -> bool:
    """Whether the reader of the page at hand may open the page `name`, which is at `address`.

    Whoever sees a link may open it, so each place that draws one asks here.
    """
    reader = _reader.get()
    return reader is None or may_open(reader, door_of(name, address).permission, company)


def company_of(user: User, slug: str) -> Company:
    """The company of an address; one the person has no role in does not exist for that person."""
    company = Company.objects.filter(slug=slug, archived_at=None).first()
    granted = rights(user)
    if company is None or not (granted.everything or company.pk in granted.roles):
        raise Http404
    return company


def needs_second_factor(request: Request) -> bool:
    """Whether this login still lacks the second factor its roles in the company ask for."""
    roles = rights(request.user).roles.get(request.company.pk, frozenset())
    return bool(roles & SECOND_FACTOR_ROLES) and lacks_second_factor(request.user)


def lacks_second_factor(user: User) -> bool:
    """Whether somebody of whom a second factor is asked has none."""
    from allauth.mfa.utils import is_mfa_enabled

    return settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(user)
