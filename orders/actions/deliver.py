"""What happens to goods on the way: they arrive."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from core import clock, events, in_hand, states
from core.actions import action
from core.locks import lock, refuse_several_companies
from core.models import rights
from core.refusals import Refused
from orders.models import Shipment
from users.models import User


@action
def deliver_shipments(ids: Sequence[int], *, by: User, on: date | None = None) -> list[Shipment]:
    """Notes that shipments arrived on a day, today unless said."""
    if not ids:
        return []
    wanted = list(dict.fromkeys(ids))
    rows = Shipment.objects.visible_to(by).filter(pk__in=wanted).select_related("company", "order")
    shipments = lock(rows)
    if len(shipments) < len(wanted):
        raise Refused("shipment.not_found", _("A shipment was not found."))
    refuse_several_companies(shipments)
    company = shipments[0].company
    rights(by).require("orders.ship", company.pk)
    day = on or clock.today(company)
    refused = {}
    for shipment in shipments:
        if shipment.state != Shipment.State.SHIPPED:
            refused[shipment.pk] = states.not_allowed(shipment, "deliver")
        elif not (shipment.shipped_on and shipment.shipped_on <= day <= clock.today(company)):
            refused[shipment.pk] = Refused(
                "shipment.bad_day",
                _("%s cannot arrive before it left, nor in the future.") % shipment.name,
            )
    in_hand.turn_away(refused)
    good = [shipment for shipment in shipments if shipment.pk not in refused]
    states.apply(good, Shipment.deliver, ("delivered_on",), day)
    events.record(
        company,
        "shipment.delivered",
        [_fact(shipment) for shipment in good],
        by=by,
    )
    return good


def _fact(shipment: Shipment) -> events.Fact:
    order = shipment.order
    subjects = [("shipment", shipment.pk), ("order", order.pk), ("customer", order.customer_id)]
    return events.Fact(subjects)
