"""Tags and filters of every template: money, days, states, icons, forms that count once."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard
from uuid import uuid4

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import formats, kinds
from core.money import Money

register = template.Library()

# A colour never speaks alone: the badge always shows the word. Red is for late and refused only.
STATE_COLOURS = {
    colour: frozenset(words.split())
    for colour, words in {
        "late": "overdue failed",
        "held": "held waiting partly_paid partly_shipped soft_closed on_hold unapplied resting",
        "settled": "settled paid delivered done active valid applied",
        "quiet": "draft cancelled archived expired ended closed locked planned coming reversed "
        "superseded",
    }.items()
}


NOTHING = "—"


def _is_number(value: object) -> TypeGuard[Decimal]:
    return isinstance(value, Decimal | int)


@register.filter
def money(value: Money | None) -> str:
    if not isinstance(value, Money):
        return NOTHING
    return formats.amount(value.amount, value.currency, code=True)


@register.simple_tag(name="money")
def money_tag(value: Money | None) -> str:
    return money(value)


@register.simple_tag
def amount(value: Decimal | None, currency: str = "", show: bool = False) -> str:
    return formats.amount(value, currency, code=show) if _is_number(value) else NOTHING


@register.simple_tag
def price(value: Decimal | None, currency: str) -> str:
    return formats.price(value, currency) if _is_number(value) else NOTHING


@register.simple_tag
def quantity(value: Decimal | None, unit: object = "") -> str:
    return f"{formats.quantity(value)} {unit}".strip() if _is_number(value) else NOTHING


@register.filter
def day(value: date | None) -> str:
    return formats.day_html(value) if value else NOTHING


@register.simple_tag(name="day")
def day_tag(value: date | None) -> str:
    return day(value)


@register.simple_tag
def age(due: date | None, today: date, is_open: bool = True) -> str:
    """ "12 d late" with the date on hover; the plain date once nothing is open."""
    if due is None or not is_open:
        return day(due)
    text = formats.day_html(due, formats.age(due, today))
    return format_html('<span class="text-late">{}</span>', text) if due < today else text


def badge(value: str, label: object) -> SafeString:
    colour = next((c for c, words in STATE_COLOURS.items() if value in words), "going")
    return format_html('<span class="state state-{}">{}</span>', colour, label)


@register.simple_tag
def state(row: Any, field: str = "state") -> SafeString:
    """The badge of `row.state`, or of another field with choices."""
    return badge(getattr(row, field), getattr(row, f"get_{field}_display")())


@register.simple_tag
def linked(name: object, address: str) -> SafeString:
    """A document by its name, as a link where the reader may open it."""
    return kinds.linked(name, address)


@register.simple_tag
def once() -> SafeString:
    """The key that makes a form count once, however often it is sent."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid4())


@register.simple_tag(takes_context=True)
def term(context: Context, name: str) -> SafeString:
    """A word of the trade with its meaning on hover and on focus, from `o2c/glossary.py`."""
    label, meaning = (context.get("glossary") or {}).get(name, (name, ""))
    return format_html(
        '<span class="term" tabindex="0" data-meaning="{}">{}</span>', meaning, label
    )


@cache
def _drawing(name: str) -> str:
    file = Path(settings.ICONS) / "outline" / f"{name}.svg"
    if not file.is_file():  # node_modules is not there yet: words carry every meaning anyway
        return ""
    drawing = file.read_text().replace("<svg", '<svg aria-hidden="true"', 1)
    return " ".join(drawing.split())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Tabler outline icon, drawn in the page; decoration only."""
    return mark_safe(_drawing(name))  # noqa: S308  (a file of the icon package)


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: object) -> str:
    """The address of this page with some parameters changed; an empty value drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in {"", None}:
            query[name] = str(value)
    return f"?{query.urlencode()}"


CONTROLS = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "nullbooleanselect": "form-select",
    "lazyselect": "form-select",
}


@register.simple_tag
def control(field: Any, label: bool = False) -> SafeString:
    """A bound field drawn in the look of the house; `label` names it where no label stands."""
    css = [CONTROLS.get(field.widget_type, "form-control"), field.field.widget.attrs.get("class")]
    attrs = {"class": " ".join([word for word in [*css, field.errors and "is-invalid"] if word])}
    if label:
        attrs["aria-label"] = str(field.label)
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
        if _is_first_wrong(field):
            attrs["autofocus"] = ""
    drawn: SafeString = field.as_widget(attrs=attrs)
    return drawn


def _is_first_wrong(field: Any) -> bool:
    return bool(next(iter(field.form.errors), None) == field.name)
