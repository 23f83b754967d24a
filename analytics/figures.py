"""The figures of the dashboard: each with its comparison, its meaning and the rows it sums."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from analytics.dso import Days
from analytics.flows import Flows
from analytics.pace import Pace
from core import formats
from core.access import may_follow
from core.models import Company
from core.money import round_to

OPEN = __("Invoices not settled at the end of the day, tax included, in the company's currency.")
OVERDUE = __("Of the open receivables, what was due before this day. Due today is not overdue.")
CASH = __("Receipts of the period less what was returned, in the company's currency.")
INVOICED = __("Invoices less credit notes of the period, tax included, in the company's currency.")
DSO = __("Open receivables ÷ sales of the period × its days, tax included on both sides.")
COUNTED = __("Days of sales, the latest month first, that make up the open receivables.")
BEST = __("The DSO if everybody paid on the due day: receivables not yet due ÷ sales × days.")
DELINQUENT = __("DSO less the best possible DSO: the days that late payment costs.")
TO_INVOICE = __("Days from order date to invoice date; half of the invoices took less.")
TO_CASH = __("Days from invoice date to payment; half of the payments took less.")
Texts = tuple[str, Any, str]  # label, definition, address of the rows
SHOWN = "#computed"  # where the page shows what these are computed from


@dataclass(frozen=True)
class Frame:
    """What the dashboard looks at: a company, a day, the length of a period, a day to compare."""

    company: Company
    on: date
    days: int
    begun: date | None = None  # the first day of the books

    @property
    def comparable(self) -> bool:
        """Whether the books wholly cover the period before this one."""
        return self.begun is not None and self.begun <= self.before.first

    @property
    def first(self) -> date:
        """The first day of the period that ends on `on`."""
        return self.on - timedelta(days=self.days - 1)

    @property
    def before(self) -> "Frame":
        """The period just before this one."""
        return replace(self, on=self.on - timedelta(days=self.days))

    def url(self, name: str, **query: object) -> str:
        """The address of a list; empty where the reader may not open it."""
        words = "&".join(f"{key}={value}" for key, value in query.items())
        address = reverse(name, args=[self.company.slug])
        return f"{address}?{words}" if may_follow(name, address, self.company) else ""

    def span(self) -> str:
        return f"{self.first}..{self.on}"


@dataclass(frozen=True)
class Figure:
    """One tile: what is shown, how it moved, what it means, where its rows are."""

    label: str
    value: str
    definition: Any
    url: str
    trend: str = ""
    before: str = ""
    good: bool = False
    bad: bool = False


def figures(frame: Frame, flows: Flows, to_invoice: Pace, to_cash: Pace) -> list[Figure]:
    """All tiles, those of money first; compared only with a period that the books cover."""
    tiles = [*_amounts(frame, flows), *_ratios(frame, flows), *_paces(frame, to_invoice, to_cash)]
    if frame.comparable:
        return tiles
    return [replace(tile, trend="", before="", good=False, bad=False) for tile in tiles]


def _amounts(frame: Frame, flows: Flows) -> list[Figure]:
    on, then, days = frame.on, frame.before.on, frame.days
    ageing, span = "dunning:ageing", frame.span()
    return [
        _amount(
            frame,
            (flows.owed.up_to(on), flows.owed.up_to(then)),
            (_("Open receivables"), OPEN, frame.url(ageing, on=on)),
        ),
        _amount(
            frame,
            (flows.late.up_to(on), flows.late.up_to(then)),
            (_("Overdue"), OVERDUE, frame.url(ageing, on=on, sort="-over_90")),
            better=-1,
        ),
        _amount(
            frame,
            (flows.receipts(on, days), flows.receipts(then, days)),
            (_("Cash received"), CASH, frame.url("payments:receipts", received=span)),
            better=1,
        ),
        _amount(
            frame,
            (flows.sales(on, days), flows.sales(then, days)),
            (_("Invoiced"), INVOICED, frame.url("invoicing:invoices", date=span)),
            better=1,
        ),
    ]


def _ratios(frame: Frame, flows: Flows) -> list[Figure]:
    on, then, days = frame.on, frame.before.on, frame.days
    dso = (flows.dso(on, days), flows.dso(then, days))
    best = (flows.best_dso(on, days), flows.best_dso(then, days))
    counted, counted_then = flows.dso_count_back(on), flows.dso_count_back(then)
    count_back = _days((counted.value, counted_then.value), (_("DSO, count-back"), COUNTED, SHOWN))
    return [
        _days(dso, (_("DSO"), DSO, SHOWN)),
        replace(count_back, value=_counted(counted)),
        _days(best, (_("Best possible DSO"), BEST, SHOWN)),
        _days(
            (_less(dso[0], best[0]), _less(dso[1], best[1])),
            (_("Average days delinquent"), DELINQUENT, SHOWN),
        ),
    ]


def _paces(frame: Frame, to_invoice: Pace, to_cash: Pace) -> list[Figure]:
    issued = frame.url("invoicing:invoices", date=frame.span(), show="days")
    received = frame.url("payments:receipts", received=frame.span(), show="days")
    return [
        _days(
            (to_invoice.median, to_invoice.before),
            (_("Order to invoice"), f"{TO_INVOICE} {_most(to_invoice)}", issued),
        ),
        _days(
            (to_cash.median, to_cash.before),
            (_("Invoice to cash"), f"{TO_CASH} {_most(to_cash)}", received),
        ),
    ]


def _most(pace: Pace) -> str:
    if pace.most is None:
        return ""
    return _("Nine in ten took at most %(days)s.") % {"days": formats.number(pace.most, 0, 1)}


def _amount(
    frame: Frame,
    pair: tuple[Decimal, Decimal],
    texts: Texts,
    *,
    better: int = 0,
) -> Figure:
    """An amount; `better` says whether more (1), less (-1) or neither (0) is welcome."""
    (now, then), (label, definition, url) = pair, texts
    currency = frame.company.currency
    change = round((now - then) / abs(then) * 100) if then else None
    moved = (now > then) - (now < then)
    return Figure(
        label,
        f"{formats.number(round_to(now, 0), 0, 0)}\N{NO-BREAK SPACE}{currency}",
        definition,
        url,
        _arrow(moved, f"{abs(change)}\N{NO-BREAK SPACE}%" if change is not None else ""),
        _("from %(then)s") % {"then": formats.number(round_to(then, 0), 0, 0)},
        good=moved * better > 0,
        bad=moved * better < 0,
    )


def _days(pair: tuple[Decimal | None, Decimal | None], texts: Texts) -> Figure:
    """A number of days; fewer are better."""
    now, then = pair
    label, definition, url = texts
    if now is None:
        return Figure(label, "—", definition, url)
    figure = Figure(label, _said(now), definition, url)
    if then is None:
        return figure
    moved = (now > then) - (now < then)
    return replace(
        figure,
        trend=_arrow(moved, formats.number(abs(now - then), 0, 1)),
        before=_("from %(then)s") % {"then": _said(then)},
        good=moved < 0,
        bad=moved > 0,
    )


def _said(days: Decimal) -> str:
    return _("%(days)s d") % {"days": formats.number(days, 1, 1)}


def _counted(days: Days) -> str:
    """The count-back, or "more than" where the history ends before the receivables do."""
    if not days.more:
        return _said(days.value)
    return _("more than %(days)s") % {"days": _said(days.value)}


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _arrow(moved: int, change: str) -> str:
    """Which way and how far."""
    if not moved:
        return _("unchanged")
    return f"{'▲' if moved > 0 else '▼'}\N{NO-BREAK SPACE}{change}".strip()
