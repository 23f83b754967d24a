"""Due dates: pure calendar arithmetic on payment terms. Rules: docs/algorithms/due-dates.md."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from core.money import ZERO, round_amount
from partners.models import TermsInstalment

Rule = TermsInstalment.Rule


class Part(Protocol):
    """One instalment of payment terms, as a row or as a draft."""

    @property
    def percent(self) -> Decimal: ...
    @property
    def rule(self) -> str: ...
    @property
    def months(self) -> int: ...
    @property
    def days(self) -> int: ...


@dataclass(frozen=True)
class Instalment:
    """One part of payment terms, outside the database."""

    percent: Decimal = Decimal(100)
    rule: str = Rule.NET
    months: int = 0
    days: int = 0


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def due_day(part: Part, invoice_date: date) -> date:
    """The calendar day on which one instalment is due; months are added before days."""
    days = timedelta(days=part.days)
    match part.rule:
        case Rule.DAYS_THEN_MONTH_END:
            return month_end(add_months(invoice_date, part.months) + days)
        case Rule.MONTH_END_THEN_DAYS:
            return month_end(add_months(invoice_date.replace(day=1), part.months)) + days
        case Rule.DAY_OF_NEXT_MONTH:
            first = add_months(invoice_date.replace(day=1), part.months + 1)
            return first.replace(day=min(max(part.days, 1), month_end(first).day))
        case _:
            return add_months(invoice_date, part.months) + days


def due_dates(
    parts: Sequence[Part], invoice_date: date, gross: Decimal, currency: str
) -> list[tuple[date, Decimal]]:
    """Instalments of `gross`, in order: each its rounded percentage, the last the remainder.

    Never empty, sums to `gross` exactly, and has no part of zero unless `gross` is zero.
    """
    sign = -1 if gross < 0 else 1
    left = abs(gross)
    found: list[tuple[date, Decimal]] = []
    for part in parts[:-1]:
        amount = min(round_amount(abs(gross) * part.percent / 100, currency), left)
        left -= amount
        found.append((due_day(part, invoice_date), sign * amount))
    found.append((due_day(parts[-1], invoice_date), sign * left))
    return [due for due in found if due[1]] or [(found[-1][0], ZERO)]


@dataclass(frozen=True)
class TermsDraft:
    """Payment terms to be stored; `code` is what spreadsheets and drafts call them by."""

    code: str
    name: str
    instalments: Sequence[Instalment] = (Instalment(),)


# 30 days is what EU law has where nothing is agreed.
STANDARD = (
    TermsDraft("NOW", "Due at once"),
    TermsDraft("NET14", "14 days net", (Instalment(days=14),)),
    TermsDraft("NET30", "30 days net", (Instalment(days=30),)),
    TermsDraft("NET60", "60 days net", (Instalment(days=60),)),
    TermsDraft(
        "EOM30", "30 days, end of month", (Instalment(rule=Rule.DAYS_THEN_MONTH_END, days=30),)
    ),
    TermsDraft(
        "3PARTS",
        "30 % at once, 30 % after 30 days, 40 % after 60 days",
        (
            Instalment(Decimal(30)),
            Instalment(Decimal(30), days=30),
            Instalment(Decimal(40), days=60),
        ),
    ),
)
NAMES = {
    "de": {
        "NOW": "sofort fällig",
        "NET14": "14 Tage netto",
        "NET30": "30 Tage netto",
        "NET60": "60 Tage netto",
        "EOM30": "30 Tage, Monatsende",
        "3PARTS": "30 % sofort, 30 % nach 30 Tagen, 40 % nach 60 Tagen",
    },
}


ENGLISH = {
    names[draft.code]: draft.name
    for names in NAMES.values()
    for draft in STANDARD
    if draft.code in names
}


def on_screen(name: str) -> str:
    """Terms as readers of the screens call them: the standard ones not in the language of the
    company's documents; its own as they are."""
    return ENGLISH.get(name, name)


def standard(language: str) -> list[TermsDraft]:
    """What a new company starts with, named in the language of its documents."""
    names = NAMES.get(language, {})
    return [replace(draft, name=names.get(draft.code, draft.name)) for draft in STANDARD]
