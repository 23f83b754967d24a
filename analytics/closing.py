"""What is still open in a period: the check-list its page shows and closing asks about."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from analytics import together
from analytics.waiting import PARKED
from core import formats
from core.access import Request, may_follow
from core.kinds import linked
from core.models import Company, FollowUp
from core.pages import Panel
from documents.models import Message
from invoicing.models import Billable
from ledger.models import Module, Period
from payments.models import BankTransaction, Receipt
from payments.queries import to_apply

SOLD = {Module.RECEIVABLES, Module.GENERAL}
EVERY = set(Module)


@dataclass(frozen=True)
class Check:
    """One question of the list: its words, the parts of the books it concerns, where its rows are.

    `query` is what the list is asked for; `{until}` stands for the last day of the period.
    """

    label: Any
    modules: set[Module]
    rows: QuerySet[Any, Any]
    url: str
    query: str = ""


def _checks(company: Company, period: Period) -> list[Check]:
    last = period.ends_on
    own = Q(company=company)
    return [
        Check(__("Deliveries not invoiced"), SOLD,
              Billable.objects.filter(own, invoice=None, supplied_on__lte=last),
              "invoicing:billables", "supplied=<={until}"),
        Check(__("Bank transactions to look at"), SOLD,
              BankTransaction.objects.filter(own, state="new", booked_on__lte=last),
              "payments:transactions", "state=new&booked=<={until}"),
        Check(__("Receipts to apply"), SOLD,
              to_apply(Receipt.objects.filter(own, received_on__lte=last)),
              "payments:receipts", "applied=waiting&received=<={until}"),
        Check(__("Messages that did not arrive"), SOLD,
              Message.objects.filter(own, state__in=["failed", "uncertain"],
                                     queued_at__date__lte=last),
              "documents:mailbox", "state=failed,uncertain&queued=<={until}"),
        Check(__("Parked work"), EVERY,
              FollowUp.objects.filter(own, PARKED, due_at__date__lte=last), "core:follow_ups"),
    ]  # fmt: skip


def still_open(request: Request, company: Company, period: Period) -> Panel | None:
    """The panel on a period's page: what its books still wait for, each with a count and a link."""
    if period.state not in {"open", "soft_closed"}:
        return None
    mine = [check for check in _checks(company, period) if period.module in check.modules]
    counted = together.tallies({str(n): _keyed(check.rows) for n, check in enumerate(mine)})
    rows = [
        (linked(check.label, _address(company, period, check)), _count(counted[str(n)]))
        for n, check in enumerate(mine)
        if counted[str(n)].count
    ]
    heads = ((_("What"), "name"), (_("How many"), "num"))
    return Panel(_("Still open"), heads, rows, empty=_("Nothing is open: it can be closed."))


def _keyed(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return rows.values_list("pk", together.NO_CURRENCY, together.NO_AMOUNT)


def _count(tally: together.Tally) -> str:
    most = formats.number(together.MOST_COUNTED, 0, 0)
    return f"{most}+" if tally.more else formats.number(tally.count, 0, 0)


def _address(company: Company, period: Period, check: Check) -> str:
    address = reverse(check.url, args=[company.slug])
    if not may_follow(check.url, address, company):
        return ""
    query = check.query.format(until=period.ends_on)
    return f"{address}?{query}" if query else address
