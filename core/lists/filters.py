"""Filters of lists: fields of a panel, parameters of the address and words of the search box.

`customer:acme over:1000 due:<2026-12-01 state:issued "free text"` is the whole language; the
words a list knows are the names of its filters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters.utils import get_model_field

from core import clock
from core.forms import FigureField

TOKEN = re.compile(r'(?:([A-Za-z_]\w*):)?(?:"([^"]*)"|(\S+))')
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
LONGEST_SEARCH = 300
ONE = timedelta(days=1)


class Words(django_filters.CharFilter):  # type: ignore[misc]
    """Text that must occur in one of the given fields."""

    def __init__(self, label: object, *paths: str, **options: Any) -> None:
        super().__init__(label=label, max_length=100, **options)
        self.paths = paths

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(occurs(value, self.paths)) if value else rows


class Over(django_filters.NumberFilter):  # type: ignore[misc]
    """Amounts from the given one on."""

    field_class = FigureField
    lookup = "gte"

    def __init__(self, label: object, path: str, **options: Any) -> None:
        super().__init__(path, self.lookup, label=label, places=4, **options)


class Under(Over):
    """Amounts up to the given one."""

    lookup = "lte"


class Choice(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """One or several of the choices of a field; in the search box parted by commas."""

    class Field(forms.MultipleChoiceField):
        def to_python(self, value: Any) -> list[str]:
            return [word for part in super().to_python(value) for word in part.split(",") if word]

    field_class = Field

    def __init__(self, label: object, path: str, choices: Any, **options: Any) -> None:
        widget = forms.CheckboxSelectMultiple
        super().__init__(path, label=label, choices=choices, widget=widget, **options)

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__in": value}) if value else rows


class DaysInput(forms.TextInput):
    """Days as typed, and two pickers beside for who would rather choose them."""

    template_name = "django/forms/widgets/days.html"


class Days(django_filters.CharFilter):  # type: ignore[misc]
    """Days: `2026-12-01`, `2026-12`, `<2026-12-01`, `>=today`, `2026-01..2026-03`, `this-week`."""

    def __init__(self, label: object, path: str, **options: Any) -> None:
        widget = DaysInput(attrs={"placeholder": "<2026-12-01"})
        super().__init__(path, label=label, max_length=30, widget=widget, **options)
        self.extra["validators"] = [lambda text: self.span(text, date(2000, 1, 1))]

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return rows
        first, after = self.span(value, clock.today(self.parent.company))
        bounds: dict[str, object] = {}
        for lookup, day in (("gte", first), ("lt", after)):
            if day:
                bounds[f"{self.field_name}__{lookup}"] = self._bound(day)
        return rows.filter(**bounds)

    def _bound(self, day: date) -> date:
        if isinstance(get_model_field(self.model, self.field_name), DateTimeField):
            return datetime.combine(day, time(), ZoneInfo(self.parent.company.time_zone))
        return day

    @staticmethod
    def span(text: str, today: date) -> tuple[date | None, date | None]:
        """The first day, and the first day after; None where there is no bound."""
        sign, word = re.fullmatch(r"([<>]?=?)(.*)", text.strip()).groups()  # type: ignore[union-attr]
        start, dots, end = word.partition("..")
        first, after = _period(start, today)
        if dots:
            after = _period(end, today)[1]
        return {
            "": (first, after),
            "=": (first, after),
            "<": (None, first),
            "<=": (None, after),
            ">": (after, None),
            ">=": (first, None),
        }[sign]


def _period(word: str, today: date) -> tuple[date, date]:
    monday, first = today - ONE * today.weekday(), today.replace(day=1)
    named = {
        "today": (today, today + ONE),
        "yesterday": (today - ONE, today),
        "tomorrow": (today + ONE, today + 2 * ONE),
        "this-week": (monday, monday + 7 * ONE),
        "next-week": (monday + 7 * ONE, monday + 14 * ONE),
        "this-month": (first, _next_month(first)),
        "last-month": ((first - ONE).replace(day=1), first),
    }
    if word in named:
        return named[word]
    found = DAY.fullmatch(word)
    try:
        if not found:
            raise ValueError(word)
        year, month, day = (int(part or 0) for part in found.groups())
        start = date(year, month or 1, day or 1)
        if day:
            return start, start + ONE
        return start, _next_month(start if month else start.replace(month=12))
    except (ValueError, OverflowError):
        rule = _("“%(word)s” is no day. Write 2026-12-01, <2026-12, 2026-01..2026-03 or %(known)s.")
        raise ValidationError(rule % {"word": word, "known": ", ".join(named)}) from None


def _next_month(first: date) -> date:
    return (first.replace(day=28) + 4 * ONE).replace(day=1)


def occurs(text: str, paths: tuple[str, ...]) -> Q:
    """Any of the fields holds the text, whatever its case."""
    found = Q()
    for path in paths:
        found |= Q(**{f"{path}__icontains": text})
    return found


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Tab:
    """A saved view."""

    label: object
    url: str
    active: bool


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """What one list can be asked for.

    `search` are the fields in which free words are looked for, `views` the tabs: label and
    parameters.
    """

    search: ClassVar[tuple[str, ...]] = ()
    views: ClassVar[tuple[tuple[object, dict[str, str]], ...]] = ()

    def __init__(self, data: QueryDict, rows: QuerySet[Any], *, request: Any) -> None:
        self.company, self.asked = request.company, data
        self.typed = data.get("q", "").strip()
        self.tokens = [(m[0], m[1], m[2] or m[3]) for m in TOKEN.finditer(self.typed)]
        merged = data.copy()
        for _text, name, value in self.tokens:
            if name:
                merged.appendlist(name, value)
        super().__init__(merged, rows, request=request)

    def mistakes(self) -> list[str]:
        """What is wrong with the question, in words that say how to put it right."""
        known = ", ".join(f"{name}:" for name in self.filters) or "—"
        rule = _("“%(word)s:” is not known here. Use %(known)s, or put plain text in quotes.")
        words = [name for _text, name, _value in self.tokens if name and name not in self.filters]
        found = [rule % {"word": word, "known": known} for word in words]
        if "\0" in self.typed or len(self.typed) > LONGEST_SEARCH:
            found.append(_("The search is too long or holds damaged characters. Type it again."))
        for name, errors in self.errors.items():
            found += [f"{self.filters[name].label}: {error}" for error in errors]
        return found

    def found(self) -> QuerySet[Any]:
        """The rows asked for; none at all while the question is not understood."""
        if self.mistakes():
            return self.queryset.none()  # type: ignore[no-any-return]
        rows: QuerySet[Any] = self.qs
        for _text, name, value in self.tokens:
            if not name and value:
                rows = rows.filter(self.holds(value))
        return rows

    def holds(self, word: str) -> Q:
        """What a free word of the search box looks for."""
        return occurs(word, self.search)

    def panel(self) -> forms.Form:
        """The fields of the panel, filled from the address alone, not from the search box."""
        form: forms.Form = self.get_form_class()(self.asked, label_suffix="")
        return form

    def parameters(self) -> dict[str, list[str]]:
        """The filters in the address, without sort, page and the like."""
        names = ["q", *self.filters]
        given = {name: [v for v in self.asked.getlist(name) if v] for name in names}
        return {name: values for name, values in given.items() if values}

    def tabs(self) -> Iterator[Tab]:
        now = self.parameters()
        for label, wanted in self.views:
            query = QueryDict(mutable=True)
            query.update(wanted)
            active = now == {name: [value] for name, value in wanted.items() if value}
            yield Tab(label, f"?{query.urlencode()}", active)

    def chips(self) -> Iterator[Chip]:
        given = self.parameters()
        for text, name, value in self.tokens:
            rest = " ".join(t for t, _n, _v in self.tokens if t != text)
            plain = text.strip('"')
            label = self._said(name, value) if name in self.filters else f"“{plain}”"
            yield Chip(label, self._without(given, "q", [rest] if rest else []))
        for name, values in given.items():
            for value in values if name != "q" else []:
                left = [v for v in values if v != value]
                yield Chip(self._said(name, value), self._without(given, name, left))

    def _said(self, name: str, value: str) -> str:
        choices = dict(self.filters[name].extra.get("choices", ()))
        said = [str(choices.get(word, word)) for word in value.split(",")]
        return f"{self.filters[name].label}: {', '.join(said)}"

    def _without(self, given: dict[str, list[str]], name: str, left: list[str]) -> str:
        query = QueryDict(mutable=True)
        for key, values in {**given, name: left}.items():
            query.setlist(key, values)
        return f"?{query.urlencode()}"
