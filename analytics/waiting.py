"""What waits for a person: how much of each kind of work, and what to begin with."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from analytics import together
from analytics.models import ProofResult
from analytics.together import NO_AMOUNT, NO_CURRENCY, Reader, Tally
from core import formats
from core.models import FollowUp, Job
from documents.models import Message, Rendering
from dunning.models import ContactNote
from dunning.queries import to_come_back_to
from invoicing.models import Billable, Invoice
from invoicing.queries import deliveries, late_since, overdue_amount, unsent
from ledger.models import Period
from orders.models import Hold, Order
from orders.queries import ready_to_ship, to_release
from payments.models import BankTransaction, Receipt
from payments.queries import to_apply

MOST_SHOWN = 5


class Shown(NamedTuple):
    """What is shown of each row: a document's kind and name, a party, a day, perhaps an amount.

    Fields or expressions; the rows come in the order of the day.
    """

    kind: str
    name: Any
    party: Any
    day: Any
    amount: Any = NO_AMOUNT
    currency: Any = NO_CURRENCY


class Work(NamedTuple):
    """A kind of work: its words, who does it (any of the permissions), its rows and their list."""

    name: str
    label: Any
    permission: str
    rows: Callable[[Reader], QuerySet[Any, Any]]
    url: str
    query: str = ""
    tone: str = "going"
    shown: Shown | None = None


def held(reader: Reader) -> QuerySet[Any, Any]:
    """Orders with an open hold that this person may lift, for somebody else brought it about."""
    holds = Hold.objects.filter(to_release(reader.user, reader.company), state="open")
    return reader.rows(Order, pk__in=holds.values("order"))


def to_ship(reader: Reader) -> QuerySet[Any, Any]:
    """Confirmed orders wanted soon, with stock set aside for them, that nothing holds."""
    return ready_to_ship(reader.rows(Order), reader.today)


def overdue(reader: Reader) -> QuerySet[Any, Any]:
    """Invoices with an instalment that is late, since when, and how much of each is."""
    late = {"late_since": late_since(reader.today), "overdue": overdue_amount(reader.today)}
    rows = reader.rows(Invoice, state="issued").annotate(**late)
    found: QuerySet[Any, Any] = rows.filter(late_since__isnull=False)
    return found


def due_contacts(reader: Reader) -> QuerySet[Any, Any]:
    """Customers whom to come back to today was agreed, while they are late."""
    return to_come_back_to(reader.rows(ContactNote), reader.company, reader.today)


def broken(reader: Reader) -> QuerySet[Any, Any]:
    """Promises that the latest proof found broken."""
    latest = ProofResult.objects.filter(proof__ended_at__isnull=False).order_by("-proof__ended_at")
    return ProofResult.objects.filter(proof__in=latest.values("proof")[:1], violations__gt=0)


def _by_id(prefix: str) -> Concat:
    """The name of a document that is named by its id."""
    return Concat(Value(prefix), Cast("pk", CharField()))


RELEASE = "orders.release_credit orders.release_price orders.release_entry"
PARKED = Q(parked_at__isnull=False, done_at=None)
BUYER = "customer__partner__name"
ORDER = Shown("order", "number", BUYER, "ordered_on", "gross", "currency")
WORK = (
    Work("held", _("Orders held for you to release"), RELEASE, held, "orders:holds", "", "held",
         ORDER),
    Work("drafts", _("Your draft orders"), "orders.enter",
         lambda r: r.rows(Order, state="draft", created_by=r.user), "orders:orders", "state=draft",
         shown=ORDER._replace(name=_by_id("draft-"), amount="net")),
    Work("to_ship", _("Orders to ship"), "orders.ship", to_ship, "orders:to_ship",
         shown=ORDER._replace(day=Coalesce("requested_on", "ordered_on"))),
    Work("billable", _("Deliveries to invoice"), "invoicing.issue",
         lambda r: deliveries(r.rows(Billable, invoice=None)), "invoicing:billables",
         shown=Shown("shipment", "delivery", BUYER, "supplied_on", "total",
                     "order_line__order__currency")),
    Work("unsent", _("Invoices not sent"), "invoicing.send",
         lambda r: unsent(r.rows(Invoice)), "invoicing:invoices", "only=unsent", "held",
         Shown("invoice", "number", BUYER, "issued_on", "open_amount", "currency")),
    Work("bank", _("Bank transactions to look at"), "payments.apply",
         lambda r: r.rows(BankTransaction, state="new"), "payments:transactions", "state=new",
         shown=Shown("transaction", _by_id("BT-"), "counterparty", "booked_on", "amount",
                     "currency")),
    Work("unapplied", _("Receipts to apply"), "payments.apply",
         lambda r: to_apply(r.rows(Receipt)), "payments:receipts", "applied=waiting",
         shown=Shown("receipt", "number", Coalesce(BUYER, "payer"), "received_on",
                     "open_item__open_amount", "currency")),
    Work("overdue", _("Overdue invoices"), "invoicing.view", overdue, "invoicing:invoices",
         "only=overdue", "late",
         Shown("invoice", "number", BUYER, "late_since", "overdue", "currency")),
    Work("contacts", _("Customers to come back to"), "dunning.note", due_contacts, "dunning:late",
         "view=back", shown=Shown("customer", "customer__number", BUYER, "next_contact_on")),
    Work("failed", _("Messages that did not arrive"), "documents.send",
         lambda r: r.rows(Message, state__in=["failed", "uncertain"]),
         "documents:mailbox", "state=failed,uncertain", "late"),
    Work("pdfs", _("PDFs that wait"), "documents.view",
         lambda r: r.rows(Rendering, state__in=["waiting", "failed"]), "documents:renderings",
         "state=waiting,failed"),
    Work("parked", _("Parked work"), "core.retry", lambda r: r.rows(FollowUp, PARKED),
         "core:follow_ups", "", "held"),
    Work("periods", _("Periods to close"), "ledger.close",
         lambda r: r.rows(Period, state="open", ends_on__lt=r.today.replace(day=1)),
         "ledger:periods"),
    Work("jobs", _("Jobs running"), "core.jobs", lambda r: r.rows(Job, ended_at=None),
         "core:jobs", "running=true"),
    Work("broken", _("Findings of the proof of the books"), "analytics.prove", broken,
         "analytics:proof", "", "late"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One of the rows that come first."""

    name: str
    party: str
    amount: str
    when: SafeString
    url: str


@dataclass(frozen=True)
class Waiting:
    """How much of one kind of work waits, where, and what comes first."""

    work: Work
    tally: Tally
    url: str
    lines: Sequence[Line] = ()

    @property
    def text(self) -> str:
        return f"{together.MOST_COUNTED}+" if self.tally.more else str(self.tally.count)

    @property
    def sums(self) -> list[str]:
        """The sum in each currency, unless there is more than was added up."""
        sums = () if self.tally.more else self.tally.sums
        return [formats.amount(amount, currency, code=True) for currency, amount in sums]


def waiting(reader: Reader) -> list[Waiting]:
    """All kinds of work the person may do, with what comes first: two statements."""
    mine = [work for work in WORK if any(map(reader.may, work.permission.split()))]
    tallied = together.tallies({work.name: _amounts(work, reader) for work in mine})
    first = _first(reader, [work for work in mine if tallied[work.name].count])
    return [
        Waiting(work, tallied[work.name], url, first[work.name])
        for work in mine
        for url in _url(reader, work)
    ]


def _amounts(work: Work, reader: Reader) -> QuerySet[Any, Any]:
    """Key, currency and amount of every row."""
    shown = work.shown
    amount, currency = (shown.amount, shown.currency) if shown else (NO_AMOUNT, NO_CURRENCY)
    return work.rows(reader).values_list("pk", currency, amount)


def _first(reader: Reader, mine: Sequence[Work]) -> dict[str, list[Line]]:
    """The rows to begin with, by kind of work, in one statement."""
    found: dict[str, list[Line]] = {work.name: [] for work in WORK}
    parts = [_rows(work.name, work.rows(reader), work.shown) for work in mine if work.shown]
    late = {work.name for work in mine if work.tone == "late"}
    for of, kind, name, party, day, amount, currency in together.rows(parts):
        when = formats.day_html(day, formats.age(day, reader.today) if of in late else "")
        money = formats.amount(amount, currency, code=True) if amount is not None else ""
        found[of].append(Line(name, party, money, when, reader.address(kind, name)))
    return found


def _rows(of: str, rows: QuerySet[Any, Any], shown: Shown) -> QuerySet[Any, Any]:
    kind, *columns = shown
    first = rows.order_by(shown.day, "pk")[:MOST_SHOWN]
    return first.values_list(Value(of), Value(kind), *columns)


def _url(reader: Reader, work: Work) -> Iterator[str]:
    try:
        address = reverse(work.url, args=[reader.company.slug])
    except NoReverseMatch:
        return
    yield f"{address}?{work.query}" if work.query else address
