"""Issuing invoices for billables that wait: collected ones, and those a credit note gave back."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

from django.utils.translation import gettext as _

from core import in_hand
from core.actions import action
from core.models import Company, rights
from core.refusals import Refused
from invoicing import standing, supplies
from invoicing.bills import Bill
from invoicing.issuing import issue
from invoicing.models import BillingRule, Invoice
from invoicing.standing import Tax
from invoicing.supplies import Order, Supply
from ledger.models import TaxCategory
from users.models import User


@action
def issue_invoices(company: Company, billable_ids: Sequence[int], *, by: User) -> list[Invoice]:
    """Issues invoices for waiting billables, today: one for each order, or for each customer.

    A customer whose bills are collected gets one invoice per currency, terms and, where it wants
    its order number on bills, order number. Refuses a billable that is billed.
    """
    rights(by).require("invoicing.issue", company.pk)
    if not billable_ids:
        return []
    orders, lines = supplies.of_billables(company, billable_ids)
    known = standing.load(company)
    _check(billable_ids, lines)
    groups: dict[Hashable, list[tuple[Supply, Tax]]] = defaultdict(list)
    for line in lines:
        tax = known.tax(line.tax_code_id, line.supplied_on)
        groups[_group_key(orders[line.order_id], tax)].append((line, tax))
    bills = [_bill(orders, taxed) for taxed in groups.values()]
    return issue(company, bills, known, by=by)


def _check(billable_ids: Sequence[int], lines: Sequence[Supply]) -> None:
    """Refuses billables that are missing or billed; the runner's are parked."""
    found = {line.billable_id: line for line in lines}
    refused = {}
    for pk in billable_ids:
        if pk not in found:
            refused[pk] = Refused("billing.not_found", _("Something to bill was not found."))
        elif found[pk].is_billed:
            refused[pk] = Refused(
                "billing.billed_already",
                _("%(shipment)s was billed already.") % {"shipment": found[pk].shipment},
            )
    in_hand.settle(refused)


def _group_key(order: Order, tax: Tax) -> Hashable:
    """What one invoice may hold together; nothing goes with what is outside the scope of tax."""
    outside = tax.category == TaxCategory.OUTSIDE_SCOPE
    if order.rhythm != BillingRule.Rhythm.COLLECTED:
        return order.id, outside
    reference = order.customer_reference if order.po_number_required else ""
    return order.customer_id, order.currency, order.terms_id, reference, outside


def _bill(orders: dict[int, Order], taxed: Sequence[tuple[Supply, Tax]]) -> Bill:
    mine = [orders[pk] for pk in dict.fromkeys(line.order_id for line, _tax in taxed)]
    bill = Bill(mine, [line for line, _tax in taxed])
    bill.nets = [line.net for line, _tax in taxed if line.net is not None]
    bill.taxes = [tax for _line, tax in taxed]
    return bill
