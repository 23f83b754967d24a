"""Signed links: one purpose, one subject, an end, revocable; the token is stored nowhere."""

from datetime import timedelta

import pytest
from django.http import Http404

from core import clock, signed_links
from core.actions import action
from core.models import SignedLink, SignedLinkVisit
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return cast.bare_company("nordwind")


@action
def give(company, subject=7, days=14):
    return signed_links.give(company, "view_invoice", "invoice", subject, days=days)


@action
def visit(token, purpose="view_invoice"):
    return signed_links.visit(token, purpose, "192.0.2.1")


@action
def revoke(subject=7):
    return signed_links.revoke("invoice", subject)


def test_a_link_leads_to_its_subject_and_the_visit_is_noted(company):
    link = visit(give(company))
    assert (link.company, link.kind, link.subject_id) == (company, "invoice", 7)
    assert [visit.address for visit in link.visits.all()] == ["192.0.2.1"]


def test_the_token_is_stored_nowhere(company):
    token = give(company)
    [stored] = SignedLink.objects.values()
    assert token not in map(str, stored.values())


@pytest.mark.parametrize("token", ["", "guessed", "\x00", "x" * 10_000])
def test_an_unknown_token_leads_nowhere(company, token):
    give(company)
    with pytest.raises(Http404):
        visit(token)


def test_a_link_serves_its_own_purpose_alone(company):
    token = give(company)
    with pytest.raises(Http404):
        visit(token, "pay_invoice")
    assert not SignedLinkVisit.objects.exists()


def test_a_link_ends_on_its_day(company):
    token = give(company, days=14)
    with clock.travel(clock.now() + timedelta(days=14, seconds=-5)):
        visit(token)
    with clock.travel(clock.now() + timedelta(days=14)), pytest.raises(Http404):
        visit(token)


def test_revoking_closes_every_link_to_a_subject_and_no_other(company):
    first, second, other = give(company), give(company), give(company, subject=8)
    assert revoke() == 2
    assert revoke() == 0
    for token in (first, second):
        with pytest.raises(Http404):
            visit(token)
    visit(other)
