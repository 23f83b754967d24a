"""The forms of the books: they word and check input, the deeds decide."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import clock
from core.forms import Day, FigureField
from core.lists.grids import LineForm
from core.models import Company
from ledger.drafts import AccountDraft, BankAccountDraft, ManualDraft, ManualLine, TaxCodeDraft
from ledger.models import Account, AccountRole, TaxCategory
from ledger.models.accounts import NUMBER_LENGTH


class AccountForm(forms.Form):
    """A new account of the chart."""

    number = forms.CharField(label=__("Number"), max_length=NUMBER_LENGTH)
    title = forms.CharField(label=__("Name"), max_length=100)
    kind = forms.ChoiceField(label=__("Kind"), choices=Account.Kind.choices)

    def draft(self) -> AccountDraft:
        return AccountDraft(**self.cleaned_data)


class AccountChangeForm(forms.Form):
    """What an account is called and used for; number and kind stay."""

    title = forms.CharField(label=__("Name"), max_length=100)
    role = forms.ChoiceField(
        label=__("Used for"),
        required=False,
        choices=[("", __("Manual entries only")), *AccountRole.choices],
        help_text=__("Postings go to the account that has the use. Another one loses it."),
    )


class BankAccountForm(forms.Form):
    """An own account at a bank."""

    title = forms.CharField(label=__("Name"), max_length=80)
    iban = forms.CharField(label=__("IBAN"), max_length=42)
    currency = forms.CharField(label=__("Currency"), max_length=3, min_length=3)
    bic = forms.CharField(
        label=__("BIC"), max_length=11, required=False, help_text=__("Found by the IBAN if empty.")
    )
    is_default = forms.BooleanField(label=__("Print it on invoices"), required=False)

    def draft(self) -> BankAccountDraft:
        return BankAccountDraft(**self.cleaned_data)


class BankAccountChangeForm(BankAccountForm):
    """IBAN and currency stay: another account is added instead."""

    iban = forms.CharField(label=__("IBAN"), disabled=True, required=False)
    currency = forms.CharField(label=__("Currency"), disabled=True, required=False)


class RateForm(forms.Form):
    """One rate of one day."""

    base = forms.CharField(label=__("1 unit of"), max_length=3, min_length=3)
    quote = forms.CharField(label=__("is worth, in"), max_length=3, min_length=3)
    rate = FigureField(label=__("Rate"), places=12, digits=24, required=True)
    on = forms.DateField(label=__("Day"), widget=Day)
    source = forms.CharField(label=__("Source"), max_length=40, required=False)

    def rate_of_day(self) -> tuple[str, str, date, Decimal, str]:
        typed = self.cleaned_data
        return typed["base"], typed["quote"], typed["on"], typed["rate"], typed["source"]


class TaxCodeForm(forms.Form):
    """A new tax code, or a new rate of one that is there."""

    code = forms.CharField(label=__("Code"), max_length=12)
    name = forms.CharField(label=__("Name"), max_length=80)
    category = forms.ChoiceField(label=__("Category"), choices=TaxCategory.choices)
    rate = FigureField(label=__("Percent"), places=4, digits=7, initial=0, required=True)
    tax_class = forms.ChoiceField(
        label=__("Products taxed"),
        required=False,
        choices=[
            ("", __("Supplies abroad")),
            ("standard", __("Standard rate")),
            ("reduced", __("Reduced rate")),
            ("zero", __("Zero rate")),
            ("exempt", __("Exempt")),
        ],
    )
    reason = forms.CharField(
        label=__("Reason printed"),
        max_length=200,
        required=False,
        help_text=__("Invoices print it where no tax is charged."),
    )
    valid_from = forms.DateField(label=__("First day of supply"), widget=Day)

    def draft(self) -> TaxCodeDraft:
        return TaxCodeDraft(**self.cleaned_data)


class EndForm(forms.Form):
    """The last day a tax code is used."""

    on = forms.DateField(label=__("Last day of supply"), widget=Day)


class ManualForm(forms.Form):
    """The head of a manual entry."""

    on = forms.DateField(label=__("Day"), widget=Day)
    reference = forms.CharField(label=__("Voucher"), max_length=40)
    text = forms.CharField(label=__("Text"), max_length=200)
    currency = forms.CharField(label=__("Currency"), max_length=3, min_length=3)

    def draft(self, lines: list[ManualLine]) -> ManualDraft:
        typed = self.cleaned_data
        currency = typed["currency"].upper()
        return ManualDraft(typed["on"], typed["reference"], typed["text"], currency, lines)


class ManualLineForm(LineForm):
    """One side of a manual entry: an account, and an amount on one of the sides."""

    account = forms.CharField(label=__("Account"), max_length=10)
    debit = FigureField(
        label=__("Debit"),
        places=4,
        least=2,
        min_value=0,
        widget=forms.TextInput(attrs={"data-factor": "debit"}),
    )
    credit = FigureField(
        label=__("Credit"),
        places=4,
        least=2,
        min_value=0,
        widget=forms.TextInput(attrs={"data-factor": "credit"}),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("debit") and typed.get("credit"):
            self.add_error("credit", _("A line has one side: debit or credit."))
        return typed

    def line(self) -> ManualLine:
        typed = self.cleaned_data
        amount = (typed["debit"] or Decimal(0)) - (typed["credit"] or Decimal(0))
        return ManualLine(typed["account"].strip(), amount)


class ReverseForm(forms.Form):
    """When and why an entry is reversed."""

    on = forms.DateField(label=__("Day of the reversal"), widget=Day)
    reason = forms.CharField(label=__("Reason"), max_length=200)


class BalanceForm(forms.Form):
    """What a trial balance shows."""

    since = forms.DateField(label=__("From"), required=False, widget=Day)
    on = forms.DateField(label=__("To"), required=False, widget=Day)
    known = forms.DateField(
        label=__("As known on"), required=False, widget=Day,
        help_text=__("Leaves out what was recorded after that day."),
    )  # fmt: skip
    by_currency = forms.BooleanField(label=__("By currency"), required=False)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company = company

    def typed(self, name: str) -> Any:
        """What was asked for and understood."""
        self.is_valid()
        return self.cleaned_data.get(name)

    def day(self) -> date:
        """The last day shown; today where none was asked for."""
        asked: date | None = self.typed("on")
        return asked or clock.today(self.company)


class YearForm(forms.Form):
    """A fiscal year to open."""

    year = forms.IntegerField(label=__("Year"), min_value=1990, max_value=2200)


class TakeOverForm(forms.Form):
    """The first day of the books: what the system before said at its end."""

    on = forms.DateField(
        label=__("First day in these books"),
        widget=Day,
        help_text=__("Balances and open items are entered on this day."),
    )
