"""One order from entry to settled, deed after deed with a commit each; and the same in bulk."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db import connections

from core import clock
from invoicing.actions import bill_shipments
from invoicing.models import Invoice
from o2c.bench.counting import Measured, measured
from o2c.bench.world import World
from orders.actions import (
    Parcel,
    close_orders,
    confirm_orders,
    enter_orders,
    ship_orders,
    submit_orders,
)
from orders.drafts import OrderDraft
from orders.models import Shipment
from payments.actions import enter_receipts, match_receipts
from payments.booking import Incoming

T = TypeVar("T")
CHUNK = 500
LEFT_OPEN = 7  # one invoice of so many is not paid, so that lists have something to show


@dataclass
class Run:
    """What each deed of a run cost, added up."""

    world: World
    by_deed: dict[str, Measured] = field(default_factory=lambda: defaultdict(Measured))

    def take(self, deed: str, work: Callable[[], T]) -> T:
        with measured() as cost:
            result = work()
        total = self.by_deed[deed]
        total.statements += cost.statements
        total.seconds += cost.seconds
        total.cpu += cost.cpu
        return result

    def deliver(self, drafts: list[OrderDraft]) -> list[Shipment]:
        """Orders from entry to shipment; with one draft it is the beginning of the cycle."""
        company, by = self.world.company, self.world.by
        orders = self.take("enter", lambda: enter_orders(company, drafts, by=by))
        ids = [order.pk for order in orders]
        self.take("submit", lambda: submit_orders(ids, by=by))
        self.take("confirm", lambda: confirm_orders(ids, by=by))
        parcels = [Parcel(pk) for pk in ids]
        return self.take("ship", lambda: ship_orders(company, parcels, by=by))

    def bill(self, shipments: list[Shipment]) -> list[Invoice]:
        company, by = self.world.company, self.world.by
        ids = [shipment.pk for shipment in shipments]
        return self.take("invoice", lambda: bill_shipments(company, ids, by=by))

    def collect(self, invoices: list[Invoice]) -> None:
        """Money for invoices, and its way to them."""
        company, by = self.world.company, self.world.by
        today = clock.today(company)
        incoming = [self._incoming(invoice, today) for invoice in invoices]
        receipts = self.take("receive", lambda: enter_receipts(company, incoming, by=by))
        ids = [receipt.pk for receipt in receipts]
        self.take("settle", lambda: match_receipts(ids, by=by))

    def finish(self, shipments: list[Shipment]) -> None:
        """Bills, collects most of it, and closes the orders, as follow-ups do in real life."""
        invoices = self.bill(shipments)
        self.collect([invoice for n, invoice in enumerate(invoices) if n % LEFT_OPEN])
        ids = [shipment.order_id for shipment in shipments]
        self.take("close", lambda: close_orders(ids, by=self.world.by))

    def _incoming(self, invoice: Invoice, today: date) -> Incoming:
        return Incoming(
            account=self.world.bank,
            received_on=today,
            amount=invoice.gross,
            customer=self.world.by_id[invoice.customer_id],
            text=f"Payment of {invoice.number}",
        )


def run_cycles(world: World, times: int, lines: int) -> Run:
    """Single cycles, one order at a time."""
    run = Run(world)
    for _time in range(times):
        run.collect(run.bill(run.deliver(world.drafts(1, lines))))
    return run


def run_chunk(world: World) -> Run:
    """A chunk of orders from entry to close, deed after deed."""
    run = Run(world)
    run.finish(run.deliver(world.drafts(CHUNK)))
    return run


def grow(world: World, chunks: int) -> Iterator[int]:
    """So many chunks, not measured: while one is billed and paid, the next is shipped."""
    with ThreadPoolExecutor(1) as behind:
        finishing: Future[None] | None = None
        for number in range(1, chunks + 1):
            run = Run(world)
            shipments = run.deliver(world.drafts(CHUNK))
            if finishing:
                finishing.result()
            finishing = behind.submit(run.finish, shipments)
            yield number
        if finishing:
            finishing.result()
        behind.submit(connections.close_all).result()
