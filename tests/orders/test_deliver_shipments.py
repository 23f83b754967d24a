"""Goods arrive."""

from datetime import timedelta

import pytest

from core import clock
from core.models import Event, Membership
from core.refusals import Refused
from core.roles import Role
from orders.actions import deliver_shipments
from orders.models import Shipment
from tests import cast
from tests.factories.orders import make_confirmed_order, ship


def test_a_shipment_arrives(company, hand):
    shipment = ship(make_confirmed_order(company))
    deliver_shipments([shipment.pk], by=hand)
    shipment = Shipment.objects.get(pk=shipment.pk)
    assert (shipment.state, shipment.delivered_on) == ("delivered", clock.today(company))
    assert Event.objects.filter(verb="shipment.delivered").count() == 1


@pytest.mark.parametrize("days", [-1, 1])
def test_it_arrives_neither_before_it_left_nor_in_the_future(company, hand, nothing_changes, days):
    shipment = ship(make_confirmed_order(company))
    day = clock.today(company) + timedelta(days=days)
    with nothing_changes(), pytest.raises(Refused) as refused:
        deliver_shipments([shipment.pk], by=hand, on=day)
    assert refused.value.code == "shipment.bad_day"


def test_twice_is_once(company, hand, nothing_changes):
    shipment = ship(make_confirmed_order(company))
    deliver_shipments([shipment.pk], by=hand)
    with nothing_changes(), pytest.raises(Refused) as refused:
        deliver_shipments([shipment.pk], by=hand)
    assert refused.value.code == "state.not_allowed"


def test_others_do_not_deliver(company, rep, nothing_changes):
    shipment = ship(make_confirmed_order(company))
    for by, code in ((rep, "not_allowed"), (cast.stranger(), "shipment.not_found")):
        with nothing_changes(), pytest.raises(Refused) as refused:
            deliver_shipments([shipment.pk], by=by)
        assert refused.value.code == code


def test_a_set_belongs_to_one_company(company, hand, nothing_changes):
    """Who is a warehouse hand in one company may be an auditor in the other."""
    other = cast.make_company()
    Membership.objects.create(user=hand, company=other, role=Role.AUDITOR, created_at=clock.now())
    ours, theirs = (ship(make_confirmed_order(each)) for each in (company, other))
    with nothing_changes(), pytest.raises(Refused) as refused:
        deliver_shipments([ours.pk, theirs.pk], by=hand)
    assert refused.value.code == "set.several_companies"
