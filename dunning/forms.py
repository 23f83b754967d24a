"""What the pages of collections can be asked for, and the form of a contact."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import Day
from core.models import Company
from dunning.actions import Said
from dunning.models import ContactNote


class AgeingForm(forms.Form):
    """As of which day, in which currency, for whom."""

    on = forms.DateField(label=_("As of"), required=False, widget=Day)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    q = forms.CharField(label=_("Customer"), required=False, max_length=100)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company = company

    def day(self) -> date:
        """The day asked for; today where none was, or one that was not understood."""
        asked: date | None = self.cleaned_data.get("on") if self.is_valid() else None
        return asked or clock.today(self.company)

    def text(self, name: str) -> str:
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


class ContactForm(forms.ModelForm[ContactNote]):
    """One contact with a customer."""

    class Meta:
        model = ContactNote
        fields = ("channel", "spoke_with", "text", "next_contact_on")
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "next_contact_on": Day()}

    def said(self) -> Said:
        return Said(**self.cleaned_data)
