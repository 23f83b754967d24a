"""Billing shipments: each becomes an invoice, or waits to be collected with others."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from core import bulk, in_hand
from core.actions import action
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
from invoicing import standing, supplies
from invoicing.bills import Bill, net_of
from invoicing.issuing import issue
from invoicing.models import Billable, BillingRule, Invoice
from invoicing.standing import Standing
from invoicing.supplies import SHIPMENT_LINE, Order, Supply
from users.models import User

WAITING_COLUMNS = (
    *("company_id", "source_kind", "source_id", "customer_id", "order_line_id"),
    *("shipment_id", "quantity", "net", "supplied_on"),
)


@action
def bill_shipments(company: Company, shipment_ids: Sequence[int], *, by: User) -> list[Invoice]:
    """Bills what left: an invoice for each shipment, in the given order, issued today.

    What is for a customer whose bills are collected becomes billable and waits. Skips what was
    billed when it follows up a shipment; refuses it when a person asks.
    """
    rights(by).require("invoicing.issue", company.pk)
    if not shipment_ids:
        return []
    orders, lines = supplies.of_shipments(company, shipment_ids)
    wanted = _unbilled(shipment_ids, lines)
    known = standing.load(company)
    bills: list[Bill] = []
    waiting: list[Bill] = []
    refused: dict[int, Refused] = {}
    done: dict[int, Decimal] = {}
    for shipment_id, shipped in wanted.items():
        order = orders[shipped[0].order_id]
        try:
            bill = price(order, shipped, known, done)
        except Refused as refusal:
            refused[shipment_id] = refusal
        else:
            (waiting if order.rhythm == BillingRule.Rhythm.COLLECTED else bills).append(bill)
    in_hand.turn_away(refused)
    _keep_waiting(company, waiting)
    return issue(company, bills, known, by=by) if bills else []


def _unbilled(shipment_ids: Sequence[int], lines: Sequence[Supply]) -> dict[int, list[Supply]]:
    """The lines of each shipment that is not billed yet, in the given order of shipments."""
    found: dict[int, list[Supply]] = {pk: [] for pk in shipment_ids}
    for line in lines:
        found[line.shipment_id].append(line)
    refused = {}
    for pk, shipped in found.items():
        if not shipped:
            refused[pk] = Refused(
                "billing.not_shipped", _("A shipment was not found, or has not left yet.")
            )
        elif shipped[0].is_billed and not in_hand.following_up():
            refused[pk] = Refused(
                "billing.billed_already",
                _("%(shipment)s was billed already.") % {"shipment": shipped[0].shipment},
            )
    in_hand.turn_away(refused)
    return {pk: shipped for pk, shipped in found.items() if shipped and not shipped[0].is_billed}


def price(
    order: Order, shipped: Sequence[Supply], known: Standing, done: dict[int, Decimal]
) -> Bill:
    """A bill with the net and the tax of each line; `done` counts what this deed billed before."""
    bill = Bill([order], shipped)
    # First what may be refused: a refused bill must count for nothing.
    bill.taxes = [known.tax(supply.tax_code_id, supply.supplied_on) for supply in shipped]
    for supply in shipped:
        before = done.get(supply.line_id, supply.done or ZERO)
        bill.nets.append(net_of(supply, before, order.currency))
        done[supply.line_id] = before + supply.quantity
    return bill


def _keep_waiting(company: Company, bills: Sequence[Bill]) -> None:
    bulk.insert(
        Billable,
        WAITING_COLUMNS,
        [
            (
                company.pk,
                SHIPMENT_LINE,
                s.source_id,
                bill.order.customer_id,
                s.line_id,
                s.shipment_id,
                s.quantity,
                net,
                s.supplied_on,
            )
            for bill in bills
            for s, net in zip(bill.supplies, bill.nets, strict=True)
        ],
    )
