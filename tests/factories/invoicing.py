"""Invoices and credit notes, made by the real deeds from orders that were shipped."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from core.models import Company
from invoicing.actions import (
    Correction,
    CreditUse,
    bill_shipments,
    credit_invoices,
    set_billing_rules,
)
from invoicing.models import BillingRule, Invoice
from ledger.models import Allocation, OpenItem
from orders.models import Order, Shipment
from partners.models import Customer
from tests.cast import system
from tests.factories.orders import Wanted, make_confirmed_order, ship


def bill(*shipments: Shipment) -> list[Invoice]:
    """Invoices for what left."""
    ids = [shipment.pk for shipment in shipments]
    return bill_shipments(shipments[0].company, ids, by=system())


def make_invoice(
    company: Company,
    customer: Customer | None = None,
    goods: Sequence[Wanted] = (),
    **fields: object,
) -> Invoice:
    """An issued invoice; without `goods`, for ten pieces of a new product at 10.00."""
    order = make_confirmed_order(company, customer, goods, **fields)
    return bill(ship(order))[0]


def bill_order(order: Order, quantities: dict[int, Decimal] | None = None) -> Invoice:
    """What is ready of an order, shipped and billed."""
    return bill(ship(order, quantities))[0]


def credit(
    invoice: Invoice,
    quantities: Mapping[int, Decimal] | None = None,
    *,
    gives_back: bool = False,
    reason: str = "Returned",
) -> Invoice:
    """A credit note for all that is left of an invoice, or for quantities by line."""
    wanted = [Correction(invoice.pk, quantities, reason, gives_back)]
    return credit_invoices(invoice.company, wanted, by=system())[0]


def collect_bills(customer: Customer) -> BillingRule:
    """From now on the bills of this customer are collected."""
    rhythms = {customer.pk: BillingRule.Rhythm.COLLECTED}
    return set_billing_rules(customer.company, rhythms, by=system())[0]


def use(note: Invoice, amounts: Mapping[Invoice, Decimal]) -> CreditUse:
    """An amount of a credit note for each document, the earliest instalments of it first."""
    parts: dict[int, Decimal] = {}
    for document, amount in amounts.items():
        left, items = amount, list(items_of(document))
        for item in items:
            part = left if item == items[-1] else min(left, item.open_amount)
            if part or len(items) == 1:
                parts[item.pk] = part
            left -= part
    return CreditUse(items_of(note)[0].pk, parts)


def items_of(document: Invoice) -> QuerySet[OpenItem]:
    """The open items of a document, the earliest due first."""
    rows = OpenItem.objects.filter(source_kind="invoice", source_id=document.pk)
    return rows.order_by("due_on", "position")


def applications(note: Invoice) -> list[int]:
    """All that a credit note is applied to now, as `unapply_credits` wants it."""
    of_note = {"credit_item__source_kind": "invoice", "credit_item__source_id": note.pk}
    rows = Allocation.objects.filter(reverses=None, reversed_by=None, **of_note)
    return list(rows.order_by("pk").values_list("pk", flat=True))
