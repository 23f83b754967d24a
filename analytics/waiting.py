"""What waits for a person: one small query per kind of work, shown to whoever may do it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from analytics import together
from analytics.models import ProofResult
from analytics.together import Reader
from core.models import FollowUp, Job, rights
from documents.models import Message, Rendering
from dunning.models import ContactNote
from invoicing.models import Billable, Invoice
from invoicing.queries import overdue_items
from ledger.models import Period
from orders.models import Hold, Order
from orders.queries import HELD, READY
from payments.models import BankTransaction, Receipt
from payments.queries import to_apply


class Work(NamedTuple):
    """A kind of work: its words, who does it (any of the permissions), its rows and their list."""

    name: str
    label: Any
    permission: str
    rows: Callable[[Reader], QuerySet[Any, Any]]
    url: str
    query: str = ""
    tone: str = "going"


def held(reader: Reader) -> QuerySet[Any, Any]:
    """Orders with an open hold that this person may lift."""
    mine = rights(reader.user).permissions(reader.company.pk)
    holds = Hold.objects.filter(state="open", permission__in=mine).values("order")
    return reader.rows(Order, state="submitted", pk__in=holds)


def to_ship(reader: Reader) -> QuerySet[Any, Any]:
    """Confirmed orders with stock set aside for them that nothing holds."""
    return reader.rows(Order, state="confirmed").filter(READY).exclude(HELD)


def overdue(reader: Reader) -> QuerySet[Any, Any]:
    """Invoices with an instalment that is late."""
    return reader.rows(Invoice, state="issued").filter(Exists(overdue_items(reader.today)))


def due_contacts(reader: Reader) -> QuerySet[Any, Any]:
    """Customers whom to come back to today was agreed, by the latest note of each."""
    latest = ContactNote.objects.filter(company=reader.company).order_by("customer", "-noted_at")
    ids = latest.distinct("customer").values("pk")
    return reader.rows(ContactNote, pk__in=ids, next_contact_on__lte=reader.today)


def broken(reader: Reader) -> QuerySet[Any, Any]:
    """Promises that the latest proof found broken."""
    latest = ProofResult.objects.filter(proof__ended_at__isnull=False).order_by("-proof__ended_at")
    return ProofResult.objects.filter(proof__in=latest.values("proof")[:1], violations__gt=0)


RELEASE = "orders.release_credit orders.release_price orders.release_entry"
PARKED = Q(parked_at__isnull=False, done_at=None)
WORK = (
    Work("held", _("Orders held for you to release"), RELEASE, held, "orders:holds", "", "held"),
    Work("drafts", _("Your draft orders"), "orders.enter",
         lambda r: r.rows(Order, state="draft", created_by=r.user), "orders:orders", "state=draft"),
    Work("to_ship", _("Orders to ship"), "orders.ship", to_ship, "orders:to_ship"),
    Work("billable", _("Deliveries to invoice"), "invoicing.issue",
         lambda r: r.rows(Billable, invoice=None), "invoicing:billables"),
    Work("bank", _("Bank transactions to look at"), "payments.apply",
         lambda r: r.rows(BankTransaction, state="new"), "payments:transactions",
         "state=new"),
    Work("unapplied", _("Receipts to apply"), "payments.apply",
         lambda r: to_apply(r.rows(Receipt)), "payments:receipts", "applied=waiting"),
    Work("overdue", _("Overdue invoices"), "invoicing.view", overdue,
         "invoicing:invoices", "only=overdue", "late"),
    Work("contacts", _("Customers to come back to"), "dunning.note", due_contacts, "dunning:late"),
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
class Waiting:
    """How much of one kind of work waits, and where."""

    work: Work
    count: int
    url: str

    @property
    def text(self) -> str:
        most = together.MOST_COUNTED
        return f"{most}+" if self.count > most else str(self.count)


def waiting(reader: Reader) -> list[Waiting]:
    """All kinds of work the person may do, counted in one statement."""
    mine = [work for work in WORK if any(map(reader.may, work.permission.split()))]
    counted = together.counts({work.name: work.rows(reader) for work in mine})
    return [Waiting(work, counted[work.name], url) for work in mine for url in _url(reader, work)]


def _url(reader: Reader, work: Work) -> Iterator[str]:
    try:
        address = reverse(work.url, args=[reader.company.slug])
    except NoReverseMatch:
        return
    yield f"{address}?{work.query}" if work.query else address
