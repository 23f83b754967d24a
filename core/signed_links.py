"""Doors for people without a login: a hashed token, one purpose, one subject, an end.

Opening a link only shows; a POST acts. The pages behind the links live in the app `portal`.
"""

import hashlib
import secrets
from datetime import timedelta

from django.http import Http404

from core import clock
from core.actions import inside_transaction
from core.models import Company, SignedLink, SignedLinkVisit


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@inside_transaction
def give(company: Company, purpose: str, kind: str, subject_id: int, *, days: int) -> str:
    """Makes a link and returns its token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    SignedLink.objects.create(
        company=company,
        token_hash=digest(token),
        purpose=purpose,
        kind=kind,
        subject_id=subject_id,
        expires_at=clock.now() + timedelta(days=days),
    )
    return token


@inside_transaction
def visit(token: str, purpose: str, address: str | None) -> SignedLink:
    """The link behind a token, with the visit noted; 404 when unknown, expired or revoked."""
    link = SignedLink.objects.filter(
        token_hash=digest(token),
        purpose=purpose,
        revoked_at=None,
        expires_at__gt=clock.now(),
    ).first()
    if link is None:
        raise Http404
    SignedLinkVisit.objects.create(link=link, at=clock.now(), address=address)
    return link


@inside_transaction
def revoke(kind: str, subject_id: int) -> int:
    """Closes every open link to a subject; returns how many."""
    return SignedLink.objects.filter(kind=kind, subject_id=subject_id, revoked_at=None).update(
        revoked_at=clock.now()
    )
