"""One order from entry to settled, deed after deed with a commit each; and the same in bulk."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from core import clock
from invoicing.actions import bill_shipments
from invoicing.models import Invoice
from o2c.bench.counting import Measured, measured
from o2c.bench.limit import highest_ids
from o2c.bench.world import World
from orders.actions import (
    Parcel,
    confirm_orders,
    enter_orders,
    ship_orders,
    submit_orders,
)
from orders.drafts import OrderDraft
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
    before_billing: dict[type, int] = field(default_factory=dict)

    def take(self, deed: str, work: Callable[[], T]) -> T:
        with measured() as cost:
            result = work()
        total = self.by_deed[deed]
        total.statements += cost.statements
        total.seconds += cost.seconds
        total.cpu += cost.cpu
        return result

    def live(self, drafts: list[OrderDraft], *, note_ids: bool = False, all_paid: bool) -> None:
        """Takes orders through all stages; with one draft it is the single cycle."""
        company, by = self.world.company, self.world.by
        orders = self.take("enter", lambda: enter_orders(company, drafts, by=by))
        ids = [order.pk for order in orders]
        self.take("submit", lambda: submit_orders(ids, by=by))
        self.take("confirm", lambda: confirm_orders(ids, by=by))
        parcels = [Parcel(pk) for pk in ids]
        shipments = self.take("ship", lambda: ship_orders(company, parcels, by=by))
        if note_ids:
            self.before_billing = highest_ids()
        billed = [shipment.pk for shipment in shipments]
        invoices = self.take("invoice", lambda: bill_shipments(company, billed, by=by))
        self._settle(invoices, all_paid=all_paid)

    def _settle(self, invoices: list[Invoice], *, all_paid: bool) -> None:
        company, by = self.world.company, self.world.by
        paid = [i for n, i in enumerate(invoices) if all_paid or n % LEFT_OPEN]
        today = clock.today(company)
        incoming = [self._incoming(invoice, today) for invoice in paid]
        receipts = self.take("receive", lambda: enter_receipts(company, incoming, by=by))
        ids = [receipt.pk for receipt in receipts]
        self.take("settle", lambda: match_receipts(ids, by=by))

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
        run.live(world.drafts(1, lines), all_paid=True)
    return run


def grow(world: World, invoices: int) -> Iterator[Run]:
    """Bulk runs of a chunk each until so many more invoices are there."""
    for _chunk in range(invoices // CHUNK):
        run = Run(world)
        run.live(world.drafts(CHUNK), note_ids=True, all_paid=False)
        yield run
