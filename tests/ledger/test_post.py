"""Posting: balanced entries of any number, written in four statements."""

from datetime import date
from decimal import Decimal as D

import pytest

from core.actions import action
from ledger.models import AccountRole as R
from ledger.models import EntryLine, Journal
from ledger.posting import Draft, Line, post
from tests.cast import make_company, system

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 15)


def eur(role, amount, **about):
    return Line(role, D(amount), "EUR", D(amount), **about)


def draft(pk, *lines, **more):
    return Draft(
        Journal.SALES, more.pop("on", DAY), ("invoice", pk, f"INV-{pk}"), "issued", lines, **more
    )


def j02(pk=1):
    return draft(
        pk, eur(R.AR_CONTROL, "1190.00"), eur(R.REVENUE, "-1000.00"), eur(R.VAT_OUTPUT, "-190.00")
    )


@action
def post_now(company, drafts, by=None):
    return post(company, drafts, by=by or system())


def test_post_writes_number_day_and_lines():
    company = make_company()
    (posted,) = post_now(company, [j02()])
    assert (posted.number, posted.posting_date) == ("JE-2026-00001", DAY)
    lines = EntryLine.objects.filter(entry=posted.id).order_by("pk")
    assert [(line.account.role, line.base_amount) for line in lines] == [
        ("AR_CONTROL", D("1190.00")),
        ("REVENUE", D("-1000.00")),
        ("VAT_OUTPUT", D("-190.00")),
    ]
