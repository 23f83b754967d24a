"""Issuing invoices for billables that wait: collected ones, and those a credit note gave back."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

from django.utils.translation import gettext as _

from core import in_hand
from core.actions import action
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
from invoicing import standing, supplies
from invoicing.bills import Bill, net_of
from invoicing.issuing import issue
from invoicing.models import BillingRule, Invoice
from invoicing.standing import Standing, Tax
from invoicing.supplies import Order, Supply
from ledger.models import TaxCategory
from users.models import User

# Not taxed here because of where the supply goes: no bill has another beside it.
APART = (
    TaxCategory.REVERSE_CHARGE,
    TaxCategory.INTRA_COMMUNITY,
    TaxCategory.EXPORT,
    TaxCategory.OUTSIDE_SCOPE,
)


@action
def issue_invoices(company: Company, billable_ids: Sequence[int], *, by: User) -> list[Invoice]:
    """Issues invoices for waiting billables, today: one for each order, or for each customer.

    A customer whose bills are collected gets one invoice per currency, terms, country the goods
    went to, treatment of tax and, where it wants its order number on bills, order number. Refuses
    a billable that is billed.
    """
    rights(by).require("invoicing.issue", company.pk)
    if not billable_ids:
        return []
    orders, lines = supplies.of_billables(company, billable_ids)
    known = standing.load(company)
    groups: dict[Hashable, list[tuple[Supply, Tax]]] = defaultdict(list)
    for line, tax in _taxed(billable_ids, lines, known):
        groups[_group_key(orders[line.order_id], tax)].append((line, tax))
    bills = [_bill(orders, taxed) for taxed in groups.values()]
    return issue(company, bills, known, by=by) if bills else []


def _taxed(
    billable_ids: Sequence[int], lines: Sequence[Supply], known: Standing
) -> list[tuple[Supply, Tax]]:
    """The lines that can be billed, with their tax; the rest is refused, the runner's parked."""
    missing = set(billable_ids) - {line.billable_id for line in lines}
    text = _("Something to bill was not found.")
    refused = {pk: Refused("billing.not_found", text) for pk in missing}
    good = []
    for line in lines:
        try:
            _refuse_billed(line)
            good.append((line, known.tax(line.tax_code_id, line.supplied_on)))
        except Refused as refusal:
            refused[line.billable_id or 0] = refusal
    in_hand.turn_away(refused)
    return good


def _refuse_billed(line: Supply) -> None:
    if line.is_billed:
        raise Refused(
            "billing.billed_already",
            _("%(shipment)s was billed already.") % {"shipment": line.shipment},
        )


def _group_key(order: Order, tax: Tax) -> Hashable:
    """What one invoice may hold together; nothing goes with what is outside the scope of tax."""
    outside = tax.category == TaxCategory.OUTSIDE_SCOPE
    if order.rhythm != BillingRule.Rhythm.COLLECTED:
        return order.id, outside
    reference = order.customer_reference if order.po_number_required else ""
    treatment = tax.category if tax.category in APART else ""
    alike = (order.currency, order.terms_id, order.goes_to)
    return order.customer_id, *alike, reference, treatment


def _bill(orders: dict[int, Order], taxed: Sequence[tuple[Supply, Tax]]) -> Bill:
    mine = [orders[pk] for pk in dict.fromkeys(line.order_id for line, _tax in taxed)]
    bill = Bill(mine, [line for line, _tax in taxed])
    bill.nets = [net_of(line, ZERO, bill.order.currency) for line, _tax in taxed]
    bill.taxes = [tax for _line, tax in taxed]
    return bill
