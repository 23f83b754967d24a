"""From a spreadsheet of orders to settled invoices, on real files, through the real deeds.

A company of its own is founded from `samples/`; the worker of the product does what follows;
`report` tells what became of every document.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from catalog import sheets as catalog_sheets
from catalog.actions import add_price_lists, add_products, set_prices
from catalog.drafts import PriceListDraft
from core import clock
from core.companies import found_company
from core.models import Company, Event, EventSubject, FollowUp
from core.refusals import Refused
from core.spreadsheets import Line, read_table
from core.spreadsheets.imports import Checked
from documents.models import Message
from inventory import sheets as stock_sheets
from inventory.actions import add_warehouse, take_over_stock
from invoicing.models import Invoice
from ledger.actions import set_up_books
from ledger.actions.banks import add_bank_accounts
from ledger.drafts import BankAccountDraft
from orders import sheets as order_sheets
from orders.actions import Parcel, import_orders, ship_orders
from orders.locking import read_lines
from orders.models import Order, Shipment
from partners import sheets as partner_sheets
from partners.actions import add_terms, open_customers
from partners.drafts import CustomerDraft
from partners.terms import STANDARD
from payments.actions import import_statement
from payments.models import BankTransaction, Receipt
from users.models import User

PATIENCE_SECONDS = 120


class Row(NamedTuple):
    """A document as the report shows it; seconds from the start to its last event."""

    document: str
    amount: Decimal | None
    currency: str
    state: str
    entry: str
    seconds: float | None


SAMPLE = {
    "slug": "sample",
    "name": "Sample",
    "legal_name": "Sample Werkzeuge GmbH",
    "street": "Am Sandtorkai 12",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vat_id": "DE136695976",
    "email": "invoices@sample.example",
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
}


def set_up(samples: Path, *, by: User) -> Company:
    """Books, bank, customers, products, prices and stock, from the files of a folder."""
    company = found_company(SAMPLE, by=by)
    today = clock.today(company)
    set_up_books(company, by=by, first_year=today.year, years=2)
    account = BankAccountDraft("Bank", "DE75512108001245126199", "EUR", is_default=True)
    add_bank_accounts(company, [account], by=by)
    add_terms(company, STANDARD, by=by)
    add_warehouse(company, "MAIN", "Warehouse", by=by)
    open_customers(company, _customers(company, samples / "customers.csv", by), by=by)
    _sell(company, samples, today, by)
    return company


def _customers(company: Company, path: Path, by: User) -> Sequence[CustomerDraft]:
    lines = _read(path, partner_sheets.REQUIRED, partner_sheets.OPTIONAL)
    return _good(path, partner_sheets.check_customers(company, lines, by))


def _sell(company: Company, samples: Path, today: date, by: User) -> None:
    """Products, their prices and what lies on the shelves."""
    path = samples / "products.csv"
    lines = _read(path, catalog_sheets.PRODUCTS_REQUIRED, catalog_sheets.PRODUCTS_OPTIONAL)
    add_products(company, _good(path, catalog_sheets.check_products(lines)), by=by)
    (prices,) = add_price_lists(company, [PriceListDraft("List", "EUR", is_default=True)], by=by)
    path = samples / "prices.csv"
    lines = _read(path, catalog_sheets.PRICES_REQUIRED, catalog_sheets.PRICES_OPTIONAL)
    checked = catalog_sheets.check_prices(prices, lines, today)
    set_prices(company, prices.pk, _good(path, checked), by=by)
    path = samples / "stock.csv"
    lines = _read(path, stock_sheets.REQUIRED, stock_sheets.OPTIONAL)
    counted = _good(path, stock_sheets.check_stock(company, lines))
    take_over_stock(company, stock_sheets.changes_of(counted, today), by=by)


def order(company: Company, path: Path, *, by: User) -> list[Order]:
    """Imports the spreadsheet of orders; a mistake in it refuses the whole file, line by line."""
    lines = _read(path, order_sheets.REQUIRED, order_sheets.OPTIONAL)
    checked = order_sheets.check_orders(company, lines, by)
    return import_orders(company, order_sheets.orders_of(_good(path, checked)), by=by)


def ship(company: Company, *, by: User) -> list[Shipment]:
    """Ships everything that is confirmed and reserved."""
    ids = list(
        Order.objects.filter(company=company, state=Order.State.CONFIRMED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    lines = read_lines(ids)
    ready = [Parcel(pk) for pk in ids if any(line.ready > 0 for line in lines[pk])]
    return ship_orders(company, ready, by=by)


def pay(company: Company, path: Path, *, by: User) -> None:
    """Imports the bank statement."""
    import_statement(company, path.read_bytes(), title=path.name, by=by)


def wait_for_worker() -> None:
    """Until the worker has done all that follows."""
    until = time.monotonic() + PATIENCE_SECONDS
    while FollowUp.objects.filter(done_at=None, parked_at=None).exists():
        if time.monotonic() > until:
            raise Refused("cycle.slow", "The worker has not done its work in two minutes.")
        time.sleep(0.2)


def report(company: Company, began: float) -> Iterator[Row]:
    """What became of every document, and how long after the start."""
    for each in Order.objects.filter(company=company).order_by("pk"):
        yield _row("order", each, (each.gross, each.currency), "", began)
    for parcel in Shipment.objects.filter(company=company).select_related("entry").order_by("pk"):
        yield _row("shipment", parcel, (None, ""), _number(parcel), began)
    for bill in Invoice.objects.filter(company=company).select_related("entry").order_by("pk"):
        yield _row("invoice", bill, (bill.gross, bill.currency), _number(bill), began)
    for mail in Message.objects.filter(company=company).order_by("pk"):
        yield Row(f"mail {mail.to}", None, "", str(mail.get_state_display()), "", None)
    for receipt in Receipt.objects.filter(company=company).select_related("entry", "open_item"):
        left = receipt.open_item.open_amount if receipt.open_item else Decimal(0)
        money = (receipt.amount, receipt.currency)
        row = _row("receipt", receipt, money, _number(receipt), began)
        yield row._replace(state=f"{left:.2f} to apply by hand" if left else "Applied")
    for line in BankTransaction.objects.filter(company=company, state=BankTransaction.State.NEW):
        yield Row(line.name, line.amount, line.currency, "To do", "", None)


def _row(
    kind: str, document: object, money: tuple[Decimal | None, str], entry: str, began: float
) -> Row:
    state = str(document.get_state_display())  # type: ignore[attr-defined]
    seconds = _last_event(kind, document.pk) - began  # type: ignore[attr-defined]
    return Row(str(document), *money, state, entry, seconds)


def _last_event(kind: str, pk: int) -> float:
    ids = EventSubject.objects.filter(kind=kind, subject_id=pk).values("event_id")
    return Event.objects.filter(pk__in=ids).latest("at").at.timestamp()


def _number(document: object) -> str:
    entry = document.entry  # type: ignore[attr-defined]
    return entry.number if entry else ""


def _read(path: Path, required: Sequence[str], optional: Sequence[str]) -> list[Line]:
    with path.open("rb") as file:
        return read_table(file, required=required, optional=optional)


def _good(path: Path, checked: Checked) -> Sequence:  # type: ignore[type-arg]
    """What a file says, or a refusal that lists every problem in it."""
    if checked.problems:
        lines = [f"  line {p.line}, {p.column}: {p.text}" for p in checked.problems]
        raise Refused("cycle.file", "\n".join([f"{path.name} is not right:", *lines]))
    return checked.drafts
