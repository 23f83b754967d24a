"""Issuing: a set of computed bills becomes invoices, their books and their open items.

A step of the deeds that bill. The number of statements is the same for one bill and for a
thousand. Parents are written before children: the foreign keys here are checked at once.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from core import bulk, clock, events, links, numbering
from core.actions import inside_transaction
from core.models import Company
from core.money import ZERO, round_amount
from invoicing.bills import Bill, compute, entry_lines
from invoicing.models import Billable, Instalment, Invoice, InvoiceLine, TaxGroup
from invoicing.references import creditor_reference
from invoicing.standing import Standing
from invoicing.supplies import SHIPMENT_LINE
from ledger.items import NewItem, open_items
from ledger.models import AccountRole, Journal, OpenItem, Side
from ledger.posting import Draft, post
from ledger.rates import find_rates
from orders.amounts import unbilled_change
from orders.models import Order
from partners.exposure import Moves
from users.models import User

INVOICE_COLUMNS = (
    *("id", "company_id", "number", "created_at", "created_by_id", "kind", "state"),
    *("customer_id", "customer_reference", "issued_on", "supplied_from", "supplied_on", "due_on"),
    *("terms_text", "payment_reference", "currency", "fx_rate", "net", "tax", "gross"),
    *("base_gross", "base_tax", "open_amount", "seller", "buyer", "entry_id"),
)
ANSWERED = {"id", "company_id", "number", "customer_id", "currency", "gross", "open_amount"}
BILLABLE_COLUMNS = (
    *("id", "company_id", "source_kind", "source_id", "customer_id", "order_line_id"),
    *("shipment_id", "quantity", "net", "supplied_on", "invoice_id"),
)
LINE_COLUMNS = (
    *("invoice_id", "position", "billable_id", "product_id", "product_code", "description"),
    *("quantity", "unit_code", "unit_price", "discount_percent", "net", "tax_code_id"),
)
GROUP_COLUMNS = (
    *("invoice_id", "category", "rate", "net", "tax", "base_net", "base_tax", "reason"),
)
INSTALMENT_COLUMNS = ("invoice_id", "position", "due_on", "amount", "open_item_id")


@inside_transaction
def issue(
    company: Company, bills: Sequence[Bill], standing: Standing, *, by: User
) -> list[Invoice]:
    """Issues bills, today, in the given order. Their lines are priced and taxed already."""
    on = clock.today(company)
    _compute(company, bills, standing, on)
    _number(company, bills, on)
    _post(company, bills, on, by)
    rows = _invoice_rows(bills, standing, on, by)
    bulk.insert(Invoice, INVOICE_COLUMNS, rows)
    _write_billables(company, bills)
    _write_lines(bills)
    _write_instalments(bills)
    _push_down(bills)
    _record(company, bills, by)
    return _answers(rows)


def _answers(rows: Sequence[tuple[Any, ...]]) -> list[Invoice]:
    """The invoices as objects, without reading them again; what few callers ask for is deferred."""
    names = [f.attname for f in Invoice._meta.concrete_fields if f.attname in ANSWERED]
    pick = itemgetter(*map(INVOICE_COLUMNS.index, names))
    return [Invoice.from_db(DEFAULT_DB_ALIAS, names, pick(row)) for row in rows]


def _compute(company: Company, bills: Sequence[Bill], standing: Standing, on: date) -> None:
    rates = find_rates(company, {(bill.order.currency, on) for bill in bills})
    for bill in bills:
        bill.rate = rates[bill.order.currency, on]
        compute(bill, standing, on)


def _number(company: Company, bills: Sequence[Bill], on: date) -> None:
    """Ids of all rows that others point at, and numbers in the order of the bills."""
    parts = [len(bill.parts) if bill.gross else 0 for bill in bills]
    new = [sum(s.billable_id is None for s in bill.supplies) for bill in bills]
    taken = bulk.take_ids({Invoice: len(bills), OpenItem: sum(parts), Billable: sum(new)})
    numbers = numbering.take(company, {("invoice", on): len(bills)})["invoice", on]
    items, billables = iter(taken[OpenItem]), iter(taken[Billable])
    for bill, pk, number, n in zip(bills, taken[Invoice], numbers, parts, strict=True):
        bill.id, bill.number, bill.reference = pk, number, creditor_reference(number)
        bill.item_ids = [next(items) for _ in range(n)]
        bill.billable_ids = [s.billable_id or next(billables) for s in bill.supplies]


def _post(company: Company, bills: Sequence[Bill], on: date, by: User) -> None:
    """Open items and entries; a bill of nothing has neither."""
    items = [
        NewItem(
            AccountRole.AR_CONTROL,
            Side.DEBIT,
            bill.source,
            position,
            on,
            part.due_on,
            bill.order.currency,
            part.amount,
            part.base_amount,
            bill.order.customer_id,
            None,
            bill.reference,
        )
        for bill in bills
        for position, (part, _id) in enumerate(zip(bill.parts, bill.item_ids, strict=False), 1)
    ]
    open_items(company, items, [pk for bill in bills for pk in bill.item_ids])
    drafts = [Draft(Journal.SALES, on, b.source, "issued", entry_lines(b)) for b in bills]
    for bill, posted in zip(bills, post(company, drafts, by=by), strict=True):
        bill.entry_id = posted.id if posted else None


def _invoice_rows(
    bills: Sequence[Bill], standing: Standing, on: date, by: User
) -> list[tuple[Any, ...]]:
    company, at = standing.company, clock.now()
    currencies = {bill.order.currency for bill in bills}
    sellers = {currency: bulk.Json(standing.seller(currency)) for currency in currencies}
    return [
        _invoice_row(bill, (company.pk, bill.number, at, by.pk), on, standing, sellers)
        for bill in bills
    ]


def _invoice_row(
    bill: Bill, head: tuple[Any, ...], on: date, standing: Standing, sellers: dict[str, bulk.Json]
) -> tuple[Any, ...]:
    order, gross, days = bill.order, bill.gross, [s.supplied_on for s in bill.supplies]
    return (
        bill.id,
        *head,
        Invoice.Kind.INVOICE.value,
        (Invoice.State.ISSUED if gross else Invoice.State.SETTLED).value,
        order.customer_id,
        order.customer_reference,
        on,
        min(days),
        max(days),
        max(part.due_on for part in bill.parts),
        standing.terms[order.terms_id].text,
        bill.reference,
        order.currency,
        bill.rate,
        bill.net,
        bill.tax,
        gross,
        bill.base_gross,
        bill.base_tax,
        gross,
        sellers[order.currency],
        bulk.Json(order.buyer),
        bill.entry_id,
    )


def _write_billables(company: Company, bills: Sequence[Bill]) -> None:
    """New billables with their invoice, and the invoice of those that waited."""
    bulk.insert(
        Billable,
        BILLABLE_COLUMNS,
        [
            (
                pk,
                company.pk,
                SHIPMENT_LINE,
                s.source_id,
                bill.order.customer_id,
                s.line_id,
                s.shipment_id,
                s.quantity,
                net,
                s.supplied_on,
                bill.id,
            )
            for bill in bills
            for pk, s, net in zip(bill.billable_ids, bill.supplies, bill.nets, strict=True)
            if s.billable_id is None
        ],
    )
    waiting = [(s.billable_id, bill.id) for bill in bills for s in bill.supplies if s.billable_id]
    guard = "t.invoice_id IS NULL"
    if bulk.update(Billable, ("id", "invoice_id"), waiting, where=guard) != len(waiting):
        raise RuntimeError("A billable was billed twice, although its order was locked.")


def _write_lines(bills: Sequence[Bill]) -> None:
    """Lines and VAT groups."""
    bulk.insert(
        InvoiceLine,
        LINE_COLUMNS,
        [
            (
                bill.id,
                position,
                pk,
                s.product_id,
                s.product_code,
                s.description,
                s.quantity,
                s.unit_code,
                s.unit_price,
                s.discount_percent,
                net,
                tax.id,
            )
            for bill in bills
            for position, (pk, s, net, tax) in enumerate(
                zip(bill.billable_ids, bill.supplies, bill.nets, bill.taxes, strict=True), 1
            )
        ],
    )
    bulk.insert(TaxGroup, GROUP_COLUMNS, [(b.id, *g[:-1]) for b in bills for g in b.groups])


def _write_instalments(bills: Sequence[Bill]) -> None:
    bulk.insert(
        Instalment,
        INSTALMENT_COLUMNS,
        [
            (bill.id, position, part.due_on, part.amount, item_id)
            for bill in bills
            for position, (part, item_id) in enumerate(
                zip(bill.parts, bill.item_ids, strict=False), 1
            )
        ],
    )


def _push_down(bills: Sequence[Bill]) -> None:
    """Tells the orders what is billed of them, and moves exposure from unbilled to receivable."""
    billed: dict[int, Decimal] = {}
    moves = Moves()
    for bill in bills:
        account, currency = bill.order.credit_account_id, bill.order.currency
        moves.add(account, currency, receivable=bill.gross)
        for order, more in bill.net_by_order():
            before = order.billed_net + billed.get(order.id, ZERO)
            moves.add(account, currency, unbilled=unbilled_change(order, before, more))
            billed[order.id] = billed.get(order.id, ZERO) + more
    bulk.update(Order, ("id", "billed_net"), sorted(billed.items()), add=("billed_net",))
    moves.write()


def _record(company: Company, bills: Sequence[Bill], by: User) -> None:
    """The document flow, and the event that others follow."""
    pairs = []
    facts = []
    for bill in bills:
        ends = bill.ends
        pairs += [(end, bill.source) for end in ends]
        currency = bill.order.currency
        gross = str(round_amount(bill.gross, currency))
        figures = {"number": bill.number, "gross": gross, "currency": currency}
        about = [bill.source[:2], ("customer", bill.order.customer_id)]
        facts.append(events.Fact([*about, *(end[:2] for end in ends)], figures))
    links.link(company, pairs, "billed_by")
    events.record(company, "invoice.issued", facts, by=by)
