"""Numbers in forms: comma or point, and nothing guessed."""

from datetime import date
from decimal import Decimal as D

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import translation

from core.forms import Day, FigureField, Renderer


class PriceForm(forms.Form):
    price = FigureField(places=4, least=2, min_value=0)


def read(text):
    form = PriceForm({"price": text})
    return form.cleaned_data["price"] if form.is_valid() else form.errors["price"][0]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("10,50", "10.50"), ("10.50", "10.50"), ("2500,5", "2500.5"), ("1,5", "1.5")],
        *[("1.250,75", "1250.75"), ("1,250.75", "1250.75"), ("1 250", "1250"), ("0", "0")],
    ],
)
def test_comma_and_point_are_read_alike_in_every_language(language, text, number):
    with translation.override(language):
        assert read(text) == D(number)


@pytest.mark.parametrize("text", ["1,250", "1.250"])
def test_what_could_mean_two_numbers_is_refused(text):
    assert read(text) == f"“{text}” can mean 1250 or 1.250. Write 1250 or 1.2500."


@pytest.mark.parametrize("text", ["ten", "1,2,3", "NaN", "1e5", "-5", "1.23456", "9" * 30, "\x00"])
def test_what_is_no_such_number_is_refused(text):
    assert isinstance(read(text), str)


def test_nothing_is_nothing():
    assert read("") is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        *[("16.7000", "16.70"), ("250050", "250050.00"), ("0", "0.00")],
        *[("2.1250", "2.1250"), ("2.1255", "2.1255")],  # 2.125 could mean two when it comes back
    ],
)
def test_it_is_shown_without_zeros_at_the_end(stored, shown):
    assert f'value="{shown}"' in str(PriceForm(initial={"price": D(stored)})["price"])


@pytest.mark.parametrize("stored", ["1000", "16.7", "2.125", "0.125", "1234.5678"])
def test_what_is_shown_is_read_again(stored):
    shown = PriceForm(initial={"price": D(stored)})["price"].value()
    assert read(shown) == D(stored)


def test_it_is_shown_as_the_reader_writes_it():
    with translation.override("de"):
        assert 'value="16,70"' in str(PriceForm(initial={"price": D("16.7000")})["price"])


class AllInputs(forms.Form):
    text = forms.CharField(max_length=1000, initial='"<&>')
    number = forms.IntegerField(initial=1234567, min_value=0)
    day = forms.DateField(widget=Day, initial=date(2026, 7, 1))
    mail = forms.EmailField(widget=forms.EmailInput({"data-x": True, "data-y": False}))
    key = forms.CharField(widget=forms.HiddenInput, initial="k")
    ticked = forms.BooleanField(initial=True)


def test_inputs_are_written_as_their_templates_write_them():
    quick, plain = AllInputs(renderer=Renderer()), AllInputs(renderer=TemplatesSetting())
    for mine, theirs in zip(quick, plain, strict=True):
        assert str(mine) == str(theirs)
