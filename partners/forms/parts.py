"""The grids of an account's addresses, contacts and bank accounts, and the small forms about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import checks
from core.forms import FigureField, countries
from core.lists.grids import LineForm
from core.refusals import Refused
from partners import drafts as said
from partners.models import Address, Contact


class CreditForm(forms.Form):
    """What a credit account may do, and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    limit = FigureField(
        label=_("Credit limit"), places=4, least=2, digits=19, min_value=0, required=True
    )
    max_overdue_days = forms.IntegerField(
        label=_("Days overdue allowed"), min_value=0, max_value=3650,
        help_text=_("New orders are held when an invoice is later than this."),
    )  # fmt: skip
    blocked = forms.BooleanField(label=_("Blocked: every new order is held"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class PartForm(LineForm):
    """One line of the addresses, contacts or bank accounts of a partner."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def pair(self) -> tuple[int | None, Any]:
        """The row this line is about, and what is typed."""
        typed = dict(self.cleaned_data)
        typed.pop("DELETE", None)
        return typed.pop("id"), self.draft(typed)

    def draft(self, typed: dict[str, Any]) -> Any:
        raise NotImplementedError

    @classmethod
    def purposes(cls) -> list[str]:
        """What such a part can be for, the usual first."""
        field: Any = cls.base_fields.get("purpose")
        return [value for value, _label in field.choices] if field else []


class AddressForm(PartForm):
    """An address."""

    purpose = forms.ChoiceField(label=_("For"), choices=Address.Purpose.choices)
    addressee = forms.CharField(label=_("Addressee"), max_length=200, required=False)
    street = forms.CharField(label=_("Street"), max_length=200)
    street2 = forms.CharField(label=_("Second line"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100)
    country = forms.ChoiceField(label=_("Country"), choices=countries)

    def draft(self, typed: dict[str, Any]) -> said.AddressDraft:
        return said.AddressDraft(**typed)


class ContactForm(PartForm):
    """Someone to write to."""

    purpose = forms.ChoiceField(label=_("For"), choices=Contact.Purpose.choices)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)

    def draft(self, typed: dict[str, Any]) -> said.ContactDraft:
        return said.ContactDraft(**typed)


class BankAccountForm(PartForm):
    """An account by which payments are recognised."""

    iban = forms.CharField(label=_("IBAN"), max_length=42)
    bic = forms.CharField(label=_("BIC"), max_length=14, required=False)
    holder = forms.CharField(label=_("Account holder"), max_length=120, required=False)

    def clean_iban(self) -> str:
        try:
            return str(checks.iban(self.cleaned_data["iban"]))
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def draft(self, typed: dict[str, Any]) -> said.BankAccountDraft:
        return said.BankAccountDraft(**typed)


class WhyForm(forms.Form):
    """The version a grid showed, and why it changes."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason of the change"), max_length=500, required=False,
        help_text=_("Kept in the history."),
    )  # fmt: skip
