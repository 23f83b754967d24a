"""The charts of the dashboard: data for the script, and the same figures as a table."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from analytics.figures import Frame
from analytics.flows import Flows
from core import formats
from ledger.queries import Ageing


def month_ends(on: date, count: int = 13) -> list[date]:
    """The last days of the months before `on`, and `on` itself, the oldest first."""
    found = [on]
    while len(found) < count:
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return found[::-1]


def dso_chart(frame: Frame, flows: Flows) -> dict[str, Any]:
    """The DSO of the last thirteen month ends, as lines and as a table."""
    ends = month_ends(frame.on)
    lines: list[tuple[str, list[Decimal | None], str]] = [
        (_("DSO"), [flows.dso(day, frame.days) for day in ends], "going"),
        (_("Count-back"), [flows.dso_count_back(day).value for day in ends], "ink-soft"),
        (_("Best possible"), [flows.best_dso(day, frame.days) for day in ends], "settled"),
    ]
    labels = [formats.day(day) for day in ends]
    columns = [[_figure(value) for value in values] for _name, values, _tone in lines]
    return {
        "name": "dso-lines",
        "title": _("DSO at the end of each month, days"),
        "options": {
            "kind": "line",
            "labels": labels,
            "series": [
                {"name": name, "tone": tone, "values": [_plain(value) for value in values]}
                for name, values, tone in lines
            ],
        },
        "heads": [_("Day"), *(name for name, _values, _tone in lines)],
        "rows": list(zip(labels, *columns, strict=True)),
    }


def ageing_chart(owed: Ageing) -> dict[str, Any]:
    """The open receivables by age, as bars and as a table."""
    labels = [_("Not due"), "1–30", "31–60", "61–90", "> 90", _("Unapplied")]
    tones = ["going", *["late"] * 4, "settled"]
    _customer, currency, *sums = owed
    return {
        "name": "ageing-bars",
        "title": _("Open by days past due, %(currency)s") % {"currency": currency},
        "options": {
            "kind": "bar",
            "labels": labels,
            "series": [{"name": currency, "tones": tones, "values": [_plain(s) for s in sums]}],
        },
        "heads": [_("Days past due"), currency],
        "rows": [
            (label, formats.amount(amount, currency))
            for label, amount in zip(labels, sums, strict=True)
        ],
    }


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else formats.number(value, 1, 1)


def _plain(value: Decimal | None) -> str | None:
    """A number as JSON carries it without becoming a float on the way."""
    return None if value is None else str(value)
