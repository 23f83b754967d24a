"""Sending a message again, to a corrected address."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """The address a failed message goes to instead; empty leaves it."""

    to = forms.CharField(label=_("Send to"), max_length=254, required=False)
