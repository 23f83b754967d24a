"""Payment terms and their instalments."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FigureField
from core.lists.grids import LineForm
from partners.models import PaymentTerms, TermsInstalment
from partners.terms import Instalment


class TermsForm(forms.Form):
    """What the terms are called."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("What spreadsheets call them, such as NET30.")
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What documents say, such as 30 days net.")
    )
    reason = forms.CharField(
        label=_("Reason of the change"), max_length=500, required=False,
        help_text=_("Kept in the history."),
    )  # fmt: skip


class InstalmentForm(LineForm):
    """One part of the amount, and when it is due."""

    percent = FigureField(
        label=_("Percent"), places=4, digits=7, min_value=0, max_value=100, required=True
    )
    rule = forms.ChoiceField(label=_("Due"), choices=TermsInstalment.Rule.choices)
    months = forms.IntegerField(
        label=_("Months"), min_value=0, max_value=60, initial=0, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days"), min_value=0, max_value=730, initial=0, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def instalment(self) -> Instalment:
        typed = self.cleaned_data
        return Instalment(
            Decimal(typed["percent"]), typed["rule"], typed["months"] or 0, typed["days"] or 0
        )


def values_of(terms: PaymentTerms) -> list[dict[str, Any]]:
    """What the grid shows of terms that are there."""
    return [
        {"percent": i.percent, "rule": i.rule, "months": i.months, "days": i.days}
        for i in terms.instalments.all()
    ]
