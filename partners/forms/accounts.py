"""The forms of partners: they word and check input, the deeds decide."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import checks
from core.forms import FigureField, blame, countries
from core.models import Company
from core.money import ZERO
from partners import drafts as said
from partners.drafts import CustomerDraft, Findings, PartnerDraft, SupplierDraft
from partners.editing import Versions
from partners.models import Customer, PaymentTerms, Supplier
from partners.queries import people

# Where a finding about a part of an account is shown in a form without such a field.
SHOWN_AT = {"addresses": "street", "contacts": "email", "bank_accounts": "iban", "partner": "name"}
Group = tuple[Any, Sequence[str]]


def currencies() -> list[tuple[str, str]]:
    """Currencies in use, by code."""
    return [(code, code) for code in sorted(checks.CURRENCIES)]


class Grouped:
    """A form whose fields are drawn in groups: heading and names of fields."""

    groups: Sequence[Group] = ()

    def drawn(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The groups with the fields there are."""
        form: Any = self
        for title, names in self.groups:
            if fields := [form[name] for name in names if name in form.fields]:
                yield title, fields


class AccountForm(Grouped, forms.Form):
    """What customers and suppliers have in common."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    legal_name = forms.CharField(label=_("Registered name"), max_length=200, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=countries)
    language = forms.ChoiceField(
        label=_("Language of documents"), choices=settings.DOCUMENT_LANGUAGES
    )
    is_business = forms.BooleanField(label=_("Is a business"), required=False, initial=True)
    vat_id = forms.CharField(label=_("VAT number"), max_length=30, required=False)
    registration_id = forms.CharField(label=_("Registration number"), max_length=40, required=False)
    number = forms.CharField(
        label=_("Number"), max_length=20, required=False, help_text=_("Empty: the next free one.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    terms = forms.ChoiceField(label=_("Payment terms"))
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    street2 = forms.CharField(label=_("Second line"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail for invoices"), required=False)
    contact = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    iban = forms.CharField(label=_("IBAN"), max_length=42, required=False)
    reason = forms.CharField(
        label=_("Reason of the change"), max_length=500, required=False,
        help_text=_("Kept in the history."),
    )  # fmt: skip

    NEW_ONLY = ("number", "street", "street2", "postcode", "city", "email", "contact", "phone",
                "iban")  # fmt: skip
    groups: Sequence[Group] = (
        (_("Who it is"), ("name", "legal_name", "country", "language", "is_business", "vat_id",
                          "registration_id")),
        (_("What is agreed"), ("number", "currency", "terms", "sales_rep", "collector",
                               "po_number_required", "credit_limit", "credit_with")),
        (_("Billing address"), ("street", "street2", "postcode", "city")),
        (_("Whom to write to"), ("contact", "email", "phone")),
        (_("How they pay"), ("iban",)),
        (_("Why"), ("reason",)),
    )  # fmt: skip

    def __init__(self, *args: Any, company: Company, account: Any = None, **options: Any) -> None:
        usual = {"country": company.country, "currency": company.currency}
        usual |= {"language": company.language, "terms": "NET30"}
        options["initial"] = usual | (values_of(account) if account else {})
        super().__init__(*args, **options)
        self.company, self.account = company, account
        for name in self.NEW_ONLY if account else ("reason", "seen"):
            del self.fields[name]
        field: Any = self.fields["terms"]
        field.choices = _terms(company, account)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors:
            for refusal in self.findings():
                blame(self, refusal, SHOWN_AT)
        return cleaned

    def findings(self) -> Findings:
        raise NotImplementedError

    def refresh(self, account: Any) -> None:
        """After a refusal of an old version: the next save overwrites knowingly."""
        self.data = {
            **{name: self.data.get(name) for name in self.data},
            "seen": str(Versions.of(account)),
        }

    def versions(self) -> Versions:
        return Versions.read(self.cleaned_data.get("seen", ""))

    def partner(self) -> PartnerDraft:
        """The partner as typed."""
        typed = self.cleaned_data
        names = ("name", "legal_name", "country", "language", "is_business", "vat_id",
                 "registration_id")  # fmt: skip
        return PartnerDraft(
            **{name: typed[name] for name in names},
            addresses=_address(typed),
            contacts=_contact(typed),
            bank_accounts=_account(typed),
        )


def values_of(account: Customer | Supplier) -> dict[str, Any]:
    """What a form shows of an account that is there."""
    partner = account.partner
    names = ("name", "legal_name", "country", "language", "is_business", "vat_id",
             "registration_id")  # fmt: skip
    values = {name: getattr(partner, name) for name in names}
    values |= {"currency": account.currency, "terms": account.payment_terms.code}
    values["seen"] = str(Versions.of(account))
    if isinstance(account, Customer):
        agreed = ("po_number_required", "sales_rep_id", "collector_id")
        values |= {name.removesuffix("_id"): getattr(account, name) for name in agreed}
    return values


def _terms(company: Company, account: Any) -> list[tuple[str, str]]:
    rows = PaymentTerms.objects.filter(company=company, archived_at=None).order_by("code")
    found = {row.code: f"{row.code} — {row.name}" for row in rows}
    if account:
        own = account.payment_terms
        found.setdefault(own.code, f"{own.code} — {own.name}")
    return list(found.items())


def _address(typed: dict[str, Any]) -> list[said.AddressDraft]:
    names = ("street", "street2", "postcode", "city")
    if not any(typed.get(name) for name in names):
        return []
    return [said.AddressDraft(**{name: typed[name] for name in names})]


def _contact(typed: dict[str, Any]) -> list[said.ContactDraft]:
    if not any(typed.get(name) for name in ("email", "contact", "phone")):
        return []
    return [said.ContactDraft(typed["email"], typed["contact"], typed["phone"])]


def _account(typed: dict[str, Any]) -> list[said.BankAccountDraft]:
    return [said.BankAccountDraft(typed["iban"])] if typed.get("iban") else []


def _nobody(company: Company) -> list[tuple[Any, Any]]:
    return [("", "—"), *people(company)]


class CustomerForm(AccountForm):
    """A buyer's account."""

    sales_rep = forms.TypedChoiceField(
        label=_("Sales rep"), coerce=int, empty_value=None, required=False
    )
    collector = forms.TypedChoiceField(
        label=_("Collector"), coerce=int, empty_value=None, required=False
    )
    po_number_required = forms.BooleanField(
        label=_("Needs its order number on invoices"), required=False
    )
    credit_limit = FigureField(
        label=_("Credit limit"), places=4, least=2, digits=19, initial=0, min_value=0
    )
    credit_with = forms.CharField(
        label=_("Shares the limit of"), max_length=20, required=False,
        help_text=_("The number of a customer of the same group."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_grant: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        who = _nobody(self.company)
        for name in ("sales_rep", "collector"):
            field: Any = self.fields[name]
            field.choices = who
        if self.account or not may_grant:
            del self.fields["credit_limit"], self.fields["credit_with"]
        else:
            find = reverse("partners:find_customers", args=[self.company.slug])
            self.fields["credit_with"].widget.attrs["data-combobox"] = find

    def draft(self) -> CustomerDraft:
        """The account as typed."""
        typed = self.cleaned_data
        return CustomerDraft(
            self.partner(),
            number=typed.get("number", ""),
            currency=typed["currency"],
            terms=typed["terms"],
            credit_limit=typed.get("credit_limit") or ZERO,
            credit_with=typed.get("credit_with", ""),
            sales_rep_id=typed["sales_rep"],
            collector_id=typed["collector"],
            po_number_required=typed["po_number_required"],
        )

    def findings(self) -> Findings:
        return said.checked_customer(self.draft(), self.company.currency)[1]


class SupplierForm(AccountForm):
    """A seller's account."""

    def draft(self) -> SupplierDraft:
        """The account as typed."""
        typed = self.cleaned_data
        return SupplierDraft(
            self.partner(), typed.get("number", ""), typed["currency"], typed["terms"]
        )

    def findings(self) -> Findings:
        return said.checked_supplier(self.draft(), self.company.currency)[1]
