"""The words and parts of templates: money, days, states, pages for when something goes wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.money import Money
from core.pages import Deed

TODAY = date(2026, 3, 10)
NBSP = "\N{NO-BREAK SPACE}"


def drawn(source, **context):
    return Template("{% load o2c %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "amount", "currency", "shown"),
    [
        ("en", "1234.5", "EUR", f"1,234.50{NBSP}EUR"),
        ("de", "1234.5", "EUR", f"1.234,50{NBSP}EUR"),
        ("en", "-0.5", "EUR", f"\N{MINUS SIGN}0.50{NBSP}EUR"),
        ("en", "1234567", "JPY", f"1,234,567{NBSP}JPY"),
        ("en", "1.2345", "KWD", f"1.234{NBSP}KWD"),
        ("en", "0", "USD", f"0.00{NBSP}USD"),
    ],
)
def test_money_reads_as_the_reader_writes_it(language, amount, currency, shown):
    with translation.override(language):
        assert drawn("{% money m %}", m=Money(Decimal(amount), currency)) == shown
        assert drawn("{{ m|money }}", m=Money(Decimal(amount), currency)) == shown


def test_amounts_and_quantities_stand_alone():
    assert drawn('{% amount a "EUR" %}', a=Decimal("1234.5")) == "1,234.50"
    assert drawn('{% amount a "EUR" show=True %}', a=Decimal(2)) == f"2.00{NBSP}EUR"
    assert drawn('{% quantity q "kg" %}', q=Decimal("1234.500000")) == "1,234.5 kg"
    assert drawn('{% amount a "EUR" %}{% money m %}{% quantity q %}') == "———"


def test_days_carry_their_iso_form():
    day = '<time datetime="2026-03-01" title="2026-03-01">1 Mar 2026</time>'
    assert drawn("{% day d %}", d=date(2026, 3, 1)) == day
    with translation.override("de"):
        assert "01.03.2026" in drawn("{{ d|day }}", d=date(2026, 3, 1))
    assert drawn("{% day d %}", d=None) == "—"


@pytest.mark.parametrize(
    ("due", "is_open", "words", "late"),
    [
        (date(2026, 2, 26), True, "12 d late", True),
        (date(2026, 3, 10), True, "today", False),
        (date(2026, 3, 15), True, "in 5 d", False),
        (date(2026, 2, 26), False, "26 Feb 2026", False),
    ],
)
def test_ages_say_how_late_something_is(due, is_open, words, late):
    shown = drawn("{% age due today is_open %}", due=due, today=TODAY, is_open=is_open)
    assert f">{words}</time>" in shown
    assert ("text-late" in shown) is late


def test_a_state_is_a_word_with_a_colour():
    class Row:
        state = "settled"

        def get_state_display(self):
            return "Settled <b>"

    assert drawn("{% state row %}", row=Row()) == (
        '<span class="state state-settled">Settled &lt;b&gt;</span>'
    )


def test_every_form_has_a_key_of_its_own():
    assert drawn("{% once %}") != drawn("{% once %}")


def test_an_address_keeps_its_other_parameters():
    request = RequestFactory().get("/", {"q": "a b", "page": "2", "state": ["x", "y"]})
    assert drawn('{% url_with page="" sort="due" %}', request=request) == (
        "?q=a+b&amp;state=x&amp;state=y&amp;sort=due"
    )


def test_a_missing_icon_is_no_fault():
    assert drawn('{% icon "no-such-icon" %}') == ""


@pytest.mark.parametrize(
    "name", ["400", "403", "404", "405", "409", "429", "500", "503", "403_csrf"]
)
def test_pages_of_trouble_need_no_context_and_say_what_to_do(name):
    page = render_to_string(f"{name}.html")
    assert name[:3] in page
    assert page.count("<h1>") == 1
    assert "Nothing was changed." in page or "nothing is half-saved" in page
    assert "btn-primary" in page


def test_a_deed_that_is_not_possible_says_why():
    deeds = [Deed("ship", "Ship", "/ship", refusal="The order is on hold.", primary=True)]
    page = render_to_string("_components/deeds.html", {"deeds": deeds})
    assert "disabled" in page
    assert 'aria-describedby="why-ship"' in page
    assert "The order is on hold." in page
    assert "<form" not in page


def test_an_outward_deed_asks_once():
    deeds = [Deed("send", "Send", "/send", confirm="35 e-mails will be sent.", primary=True)]
    page = render_to_string("_components/deeds.html", {"deeds": deeds})
    assert 'popovertarget="ask-send"' in page
    assert page.count("35 e-mails will be sent.") == page.count('action="/send"') == 1


def test_templates_hold_no_inline_script_or_style():
    for file in Path("templates").rglob("*.html"):
        if file.parts[1] in {"print", "mail"}:
            continue
        text = file.read_text()
        assert " style=" not in text, file
        assert " onclick=" not in text, file
        assert "<style" not in text, file
        assert "<script>" not in text, file
