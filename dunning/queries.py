"""Reads for the pages of collections: who owes what since when, and what was said about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import clock, formats, kinds
from core.access import Request, may_open
from core.models import Company
from core.pages import Panel
from dunning.models import ContactNote
from dunning.priority import Late, Points, is_waiting, rank
from ledger.models import AccountRole, OpenItem, Side
from ledger.queries import Ageing, ageing, trial_balance
from orders.models import Hold
from partners.models import Contact, Customer
from partners.queries import contacts

LATE_SHOWN = 5
CONTROL = (AccountRole.AR_CONTROL, AccountRole.UNAPPLIED_RECEIPTS)


class Named(NamedTuple):
    """A customer as lists show it."""

    number: str
    name: str
    collector_id: int | None


@dataclass(frozen=True)
class Aged:
    """A row of the ageing; `customer` is None for receipts of a payer not known yet."""

    customer: Named | None
    ageing: Ageing

    @property
    def name(self) -> str:
        return self.customer.name if self.customer else ""


def customers(company: Company, ids: Iterable[int | None]) -> dict[int, Named]:
    """The customers among `ids`, in one statement."""
    wanted = {pk for pk in ids if pk is not None}
    rows = Customer.objects.filter(company=company, pk__in=wanted)
    return {
        pk: Named(number, name, collector)
        for pk, number, name, collector in rows.values_list(
            "pk", "number", "partner__name", "collector_id"
        )
    }


def aged(company: Company, on: date, currency: str = "") -> list[Aged]:
    """The ageing with names: in the company's currency, or what is in one other currency."""
    rows = ageing(company, on, by_currency=bool(currency))
    wanted = [row for row in rows if not currency or row.currency == currency]
    known = customers(company, (row.customer_id for row in wanted))
    return [Aged(known.get(row.customer_id or 0), row) for row in wanted]


def in_the_books(company: Company, on: date, currency: str = "") -> Decimal:
    """Receivables and unapplied receipts in the general ledger at the end of a day."""
    balances = trial_balance(company, on, by_currency=bool(currency))
    return sum(
        (
            row.closing
            for row in balances
            if row.role in CONTROL and row.currency == (currency or company.currency)
        ),
        Decimal(0),
    )


LATE = """
SELECT owed.customer_id, owed.overdue, %(today)s - owed.oldest,
       (said.noted_at AT TIME ZONE %(zone)s)::date, said.next_contact_on,
       -coalesce((SELECT sum(i.open_base_amount) FROM ledger_openitem i
                   WHERE i.company_id = %(company)s AND i.customer_id = owed.customer_id
                     AND i.open_amount <> 0 AND i.side = 'credit'
                     AND i.account_role = 'UNAPPLIED_RECEIPTS'), 0)
  FROM (SELECT customer_id, sum(open_base_amount) AS overdue, min(due_on) AS oldest
          FROM ledger_openitem
         WHERE company_id = %(company)s AND open_amount <> 0 AND customer_id IS NOT NULL
           AND side = 'debit' AND account_role = 'AR_CONTROL' AND due_on < %(today)s
         GROUP BY customer_id) AS owed
  LEFT JOIN LATERAL (SELECT noted_at, next_contact_on FROM dunning_contactnote n
                      WHERE n.customer_id = owed.customer_id
                      ORDER BY noted_at DESC, id DESC LIMIT 1) AS said ON TRUE
"""


@dataclass(frozen=True)
class Chase:
    """A customer on the late list, with the reason for its place."""

    customer: Named
    late: Late
    points: Points


def late(company: Company, today: date) -> list[Chase]:
    """Everyone with something overdue, the most urgent first, in two statements."""
    given: dict[str, Any] = {"company": company.pk, "today": today, "zone": company.time_zone}
    with connection.cursor() as cursor:
        cursor.execute(LATE, given)
        ranked = rank([Late(*row) for row in cursor.fetchall()], today)
    known = customers(company, (found.customer_id for found, _points in ranked))
    return [Chase(known[found.customer_id], found, points) for found, points in ranked]


def to_come_back_to(
    notes: QuerySet[ContactNote], company: Company, today: date
) -> QuerySet[ContactNote]:
    """The latest note of each customer that is late and whose agreed day has come.

    Who was spoken with today is done: the same customers as that view of the late list shows.
    """
    latest = ContactNote.objects.filter(company=company).order_by("customer", "-noted_at", "-pk")
    overdue = OpenItem.objects.filter(
        company=company,
        customer=OuterRef("customer"),
        side=Side.DEBIT,
        account_role=AccountRole.AR_CONTROL,
        due_on__lt=today,
    ).exclude(open_amount=0)
    noted_on = TruncDate("noted_at", tzinfo=ZoneInfo(company.time_zone))
    rows = notes.filter(
        Exists(overdue),
        pk__in=latest.distinct("customer").values("pk"),
        next_contact_on__lte=today,
    )
    return rows.alias(noted_on=noted_on).exclude(noted_on=today)


def next_to_chase(company: Company, customer_id: int, today: date) -> str:
    """The number of the customer to chase after this one.

    The most urgent one where this one is done for today, and at the end of the list; "" for nobody.
    """
    chase = [row for row in late(company, today) if not is_waiting(row.late, today)]
    ids = [row.late.customer_id for row in chase]
    start = ids.index(customer_id) + 1 if customer_id in ids else 0
    following = [row for row in chase[start:] + chase if row.late.customer_id != customer_id]
    return following[0].customer.number if following else ""


# Who is called about what is owed comes first.
TO_CALL = ("dunning", "disputes", "invoices", "remittance", "orders")


def people(customer: Customer) -> list[Contact]:
    """Whom to call or write to: those for reminders first, each person once."""
    found: dict[tuple[str, str, str], Contact] = {}
    for one in sorted(contacts(customer.partner), key=lambda one: TO_CALL.index(one.purpose)):
        found.setdefault((one.name, one.email, one.phone), one)
    return list(found.values())


def notes(customer: Customer, most: int = 50) -> QuerySet[ContactNote]:
    """What was said to a customer, the latest first."""
    return (
        ContactNote.objects.filter(customer=customer)
        .select_related("noted_by")
        .order_by("-noted_at", "-pk")[:most]
    )


def late_items(request: Request, company: Company, hold: Hold) -> Panel | None:
    """The panel beside a hold: the oldest late items of the credit account that it is about."""
    if not may_open(request.user, "dunning.view", company):
        return None
    today, customer = clock.today(company), hold.order.customer
    rows = OpenItem.objects.filter(
        company=company,
        customer__credit_account=customer.credit_account_id,
        side=Side.DEBIT,
        due_on__lt=today,
    ).exclude(open_amount=0)
    shown = list(rows.order_by("due_on", "pk")[:LATE_SHOWN])
    known = kinds.addresses(company, [(item.source_kind, item.source_id) for item in shown])
    return Panel(
        title=_("Late, oldest first"),
        heads=[(_("Document"), "name"), (_("Late"), ""), (_("Open"), "num")],
        rows=[
            [
                _linked(item, known),
                formats.day_html(item.due_on, _late_words(item, today)),
                formats.amount(item.open_amount, item.currency, code=True),
            ]
            for item in shown
        ],
        tally=rows.count() if len(shown) == LATE_SHOWN else len(shown),
        url=reverse("dunning:customer", args=[company.slug, customer.number]),
        empty=_("Nothing is late."),
    )


def _linked(item: OpenItem, known: Mapping[tuple[str, int], tuple[str, str]]) -> str:
    name, address = known.get((item.source_kind, item.source_id), (item.source_name, ""))
    return kinds.linked(name, address)


def _late_words(item: OpenItem, today: date) -> str:
    age = formats.age(item.due_on, today)
    return _("%s, disputed") % age if item.is_disputed else age


def customer_ageing(request: Request, company: Company, customer: Customer) -> Panel | None:
    """The panel on a customer's page: what is open, by age, for those who see collections."""
    if not may_open(request.user, "dunning.view", company):
        return None
    found = ageing(company, clock.today(company), customers=[customer.pk])
    amounts = [formats.amount(amount, company.currency) for row in found for amount in row[2:]]
    total = sum((row.total for row in found), Decimal(0))
    return Panel(
        title=_("Open by age, %(currency)s") % {"currency": company.currency},
        heads=[(label, "num") for label in AGES],
        rows=[[*amounts, formats.amount(total, company.currency)]] if amounts else [],
        url=reverse("dunning:customer", args=[company.slug, customer.number]),
        empty=_("Nothing is open."),
    )


AGES = (
    __("Not due"),
    __("1–30 days"),
    __("31–60 days"),
    __("61–90 days"),
    __("Over 90 days"),
    __("Unapplied"),
    __("Total"),
)
