"""A set may be empty: then nothing is done. (To reverse nothing is refused.)"""

import pytest

from core.models import Event
from payments import actions
from tests.factories.partners import make_customer

DEEDS = {
    "record": lambda by, _acme: actions.record_receipts([], by=by),
    "match": lambda by, _acme: actions.match_receipts([], by=by),
    "identify": lambda by, acme: actions.identify_payer([], acme, by=by),
    "unapply": lambda by, _acme: actions.unapply_receipts([], by=by),
    "leave": lambda by, _acme: actions.leave_on_account([], by=by),
    "undo": lambda by, _acme: actions.undo_returns([], by=by),
    "book": lambda by, _acme: actions.book_transactions([], by=by),
    "set_aside": lambda by, _acme: actions.set_aside_transactions([], by=by, reason="Ours"),
    "take_back": lambda by, _acme: actions.take_back_transactions([], by=by),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_to_nothing(company, clerk, deed):
    acme = make_customer(company)
    before = Event.objects.count()
    assert DEEDS[deed](clerk, acme) == []
    assert Event.objects.count() == before
