"""Crediting invoices, whole or in part: the only way to correct what was issued."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import bulk, clock, events, links, numbering
from core.actions import action, inside_transaction
from core.models import Company, rights
from core.money import round_amount
from core.refusals import Refused
from invoicing import corrections, settlement
from invoicing.corrections import Correction
from invoicing.crediting import CreditNote, entry_lines, make
from invoicing.giving_back import give_back, lock_orders_of
from invoicing.issuing import GROUP_COLUMNS
from invoicing.models import Instalment, Invoice, InvoiceLine, TaxGroup
from ledger.items import NewItem, open_items
from ledger.models import AccountRole, Journal, OpenItem, Side
from ledger.posting import Draft, post
from ledger.settlement import Pair, TouchedItem, allocate, lock_items
from partners.exposure import Moves
from users.models import User

NOTE_COLUMNS = (
    *("id", "company_id", "number", "created_at", "created_by_id", "kind", "state", "corrects_id"),
    *("gives_back", "reason", "customer_id", "customer_reference", "issued_on", "supplied_from"),
    *("supplied_on", "due_on", "currency", "fx_rate", "net", "tax", "gross", "base_gross"),
    *("base_tax", "open_amount", "seller", "buyer", "entry_id"),
)
LINE_COLUMNS = (
    *("invoice_id", "position", "corrects_id", "product_id", "product_code", "description"),
    *("quantity", "unit_code", "unit_price", "discount_percent", "net", "tax_code_id"),
)


@action
def credit_invoices(company: Company, wanted: Sequence[Correction], *, by: User) -> list[Invoice]:
    """Issues credit notes, today, each for one invoice: Dr returns and VAT, Cr unapplied.

    Each is applied first to what is open of its own invoice; the rest stays the customer's
    credit. Refuses more than is left, an invoice named twice, and a correction without a reason.
    """
    rights(by).require("invoicing.credit", company.pk)
    if not wanted:
        return []
    if len({correction.invoice_id for correction in wanted}) < len(wanted):
        raise Refused("credit.named_twice", _("An invoice can be credited once at a time."))
    on = clock.today(company)
    orders = lock_orders_of([c.invoice_id for c in wanted if c.gives_back])
    open_by_invoice = _lock_open_items(company, [c.invoice_id for c in wanted])
    heads, rows, groups = corrections.read(company, wanted)
    notes = [
        make(company, c, heads.get(c.invoice_id), rows[c.invoice_id], groups[c.invoice_id])
        for c in wanted
    ]
    _issue(company, notes, on, by)
    settled = allocate(company, _pairs(notes, open_by_invoice), on=on, by=by)
    settlement.apply(settled.items.values())
    moves = Moves()
    give_back(company, notes, orders, moves)
    _move_exposure(notes, settled.items.values(), moves)
    moves.write()
    _record(company, notes, by)
    return list(Invoice.objects.filter(pk__in=[note.id for note in notes]).order_by("pk"))


def _lock_open_items(company: Company, ids: Sequence[int]) -> dict[int, list[OpenItem]]:
    """What is still open of each invoice, earliest due first."""
    of_invoices = Instalment.objects.filter(invoice__in=ids, invoice__company=company)
    items = lock_items(of_invoices.values_list("open_item_id", flat=True))
    found: dict[int, list[OpenItem]] = {pk: [] for pk in ids}
    for item in sorted(items.values(), key=lambda i: (i.due_on, i.position)):
        if item.open_amount:
            found[item.source_id].append(item)
    return found


@inside_transaction
def _issue(company: Company, notes: Sequence[CreditNote], on: date, by: User) -> None:
    """Numbers, books and rows of the credit notes."""
    taken = bulk.take_ids({Invoice: len(notes), OpenItem: len(notes)})
    numbers = numbering.take(company, {("credit_note", on): len(notes)})["credit_note", on]
    for note, pk, item_id, number in zip(
        notes, taken[Invoice], taken[OpenItem], numbers, strict=True
    ):
        note.id, note.item_id, note.number = pk, item_id, number
    real = [note for note in notes if note.gross]
    open_items(company, [_item(note, on) for note in real], [note.item_id for note in real])
    drafts = [Draft(Journal.SALES, on, n.source, "issued", entry_lines(n)) for n in notes]
    for note, posted in zip(notes, post(company, drafts, by=by), strict=True):
        note.entry_id = posted.id if posted else None
    bulk.insert(Invoice, NOTE_COLUMNS, [_note_row(company, note, on, by) for note in notes])
    bulk.insert(InvoiceLine, LINE_COLUMNS, [row for note in notes for row in _line_rows(note)])
    bulk.insert(TaxGroup, GROUP_COLUMNS, [(n.id, *g[:-1]) for n in notes for g in n.groups])


def _item(note: CreditNote, on: date) -> NewItem:
    return NewItem(
        AccountRole.UNAPPLIED_RECEIPTS,
        Side.CREDIT,
        note.source,
        1,
        on,
        on,
        note.head.currency,
        note.gross,
        note.base_gross,
        note.head.customer_id,
    )


def _note_row(company: Company, note: CreditNote, on: date, by: User) -> tuple[Any, ...]:
    head, gross = note.head, note.gross
    return (
        note.id,
        company.pk,
        note.number,
        clock.now(),
        by.pk,
        Invoice.Kind.CREDIT_NOTE.value,
        (Invoice.State.ISSUED if gross else Invoice.State.SETTLED).value,
        head.id,
        note.correction.gives_back,
        note.correction.reason.strip(),
        head.customer_id,
        head.customer_reference,
        on,
        head.supplied_from,
        head.supplied_on,
        on,
        head.currency,
        head.fx_rate,
        note.net,
        note.tax,
        gross,
        note.base_gross,
        note.base_tax,
        gross,
        bulk.Json(head.seller),
        bulk.Json(head.buyer),
        note.entry_id,
    )


def _line_rows(note: CreditNote) -> list[tuple[Any, ...]]:
    return [
        (
            note.id,
            position,
            row.id,
            row.product_id,
            row.product_code,
            row.description,
            quantity,
            row.unit_code,
            row.unit_price,
            row.discount_percent,
            net,
            row.tax_code_id,
        )
        for position, (row, quantity, net) in enumerate(note.taken, 1)
    ]


def _pairs(
    notes: Sequence[CreditNote], open_by_invoice: Mapping[int, Sequence[OpenItem]]
) -> list[Pair]:
    """Each credit note against what is open of its own invoice."""
    pairs = []
    for note in notes:
        left = note.gross
        for item in open_by_invoice[note.head.id]:
            if part := min(left, item.open_amount):
                pairs.append(Pair(item.pk, note.item_id, part))
                left -= part
    return pairs


def _move_exposure(
    notes: Sequence[CreditNote], touched: Iterable[TouchedItem], moves: Moves
) -> None:
    """New credit is unapplied; what was applied left both receivable and unapplied."""
    accounts = {note.head.customer_id: note.head.credit_account_id for note in notes}
    for note in notes:
        moves.add(note.head.credit_account_id, note.head.currency, unapplied=note.gross)
    for item in touched:
        if item.customer_id:
            side = Side.DEBIT if item.account_role == AccountRole.AR_CONTROL else Side.CREDIT
            moves.add_item(accounts[item.customer_id], item.currency, side, item.change)


def _record(company: Company, notes: Sequence[CreditNote], by: User) -> None:
    links.link(
        company,
        [(("invoice", n.head.id, n.head.number), n.source) for n in notes],
        "credited_by",
    )
    facts = [
        events.Fact(
            [
                note.source[:2],
                ("customer", note.head.customer_id),
                ("invoice", note.head.id, "corrected"),
            ],
            {
                "number": note.number,
                "gross": str(round_amount(note.gross, note.head.currency)),
                "currency": note.head.currency,
                "reason": note.correction.reason.strip(),
            },
        )
        for note in notes
    ]
    events.record(company, "credit_note.issued", facts, by=by)
