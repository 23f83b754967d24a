"""The forms of payments: they word and check input, the deeds decide."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import clock, formats
from core.forms import Day, FigureField, ReasonForm
from core.models import Company
from core.refusals import Refused
from ledger.models import Account, BankAccount
from ledger.models.accounts import CONTROL_ROLES
from partners.models import Customer
from payments import queries
from payments.matching import Part
from payments.models import Receipt
from payments.statements.xml import MOST_BYTES

MOST_FILES = 60


class Files(forms.ClearableFileInput):
    """A file field for several files; browsers take files dropped on it."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Statement files."""

    statements = FilesField(
        label=__("Statements"),
        help_text=__("Files of the format camt.053, one or several. Drop them here."),
        widget=Files(attrs={"accept": ".xml,application/xml,text/xml", "class": "drop-field"}),
    )

    def clean_statements(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["statements"]
        if len(files) > MOST_FILES:
            say = _("Choose at most %(most)d files at a time.")
            raise ValidationError(say % {"most": MOST_FILES})
        if sum(file.size for file in files) > MOST_BYTES:
            say = _("The files are larger than %(most)d MiB together. Import fewer at a time.")
            raise ValidationError(say % {"most": MOST_BYTES // 2**20})
        return files

    def contents(self) -> list[tuple[str, bytes]]:
        """Title and content of each file."""
        return [(file.name, file.read()) for file in self.cleaned_data["statements"]]

    def only_name(self) -> str:
        """The file a refusal is about, where there is one; of several, the refusal says which."""
        files = self.cleaned_data["statements"]
        return f"{files[0].name}: " if len(files) == 1 else ""


class BookForm(forms.Form):
    """To which account, and with which words."""

    account: forms.ModelChoiceField[Account] = forms.ModelChoiceField(
        Account.objects.none(), label=__("Account"), required=False, empty_label=__("Bank fees")
    )
    text = forms.CharField(label=__("Text"), max_length=200, required=False)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["account"].queryset = bookable(company)  # type: ignore[attr-defined]


def bookable(company: Company) -> "QuerySet[Account]":
    """Accounts that are kept neither by a subledger nor by statements of their own."""
    rows = Account.objects.filter(company=company, archived_at=None)
    rows = rows.exclude(pk__in=BankAccount.objects.filter(company=company).values("account"))
    return rows.exclude(role__in=[role.value for role in CONTROL_ROLES]).order_by("number")


class ReceiptField(forms.ModelChoiceField[Receipt]):
    """A receipt by what tells it from one of the same amount."""

    def label_from_instance(self, receipt: Receipt) -> str:
        payer = str(receipt.customer or receipt.payer or _("nobody known"))
        return f"{receipt.number} · {formats.day(receipt.received_on)} · {payer}"


class ReturnForm(ReasonForm):
    """Which receipt the bank took back."""

    receipt = ReceiptField(Receipt.objects.none(), label=__("Receipt"))
    field_order = ("receipt", "reason")

    def __init__(self, *args: Any, receipts: "QuerySet[Receipt]", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["receipt"].queryset = receipts  # type: ignore[attr-defined]


class CustomerField(forms.CharField):
    """A customer by number, or by name where only one has it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, **options)
        self.customers: QuerySet[Customer] = Customer.objects.none()

    def clean(self, value: Any) -> Customer | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = list(self.customers.filter(number__iexact=typed)[:1]) or list(
            self.customers.filter(partner__name__iexact=typed)[:2]
        )
        if len(found) != 1:
            say = _("No customer “%(typed)s” is found. Use the number, such as C-00001.")
            raise ValidationError(say % {"typed": typed})
        return found[0]


class PayerForm(forms.Form):
    """Who paid, and whether to remember the account."""

    customer = CustomerField(label=__("Customer"))
    remember = forms.BooleanField(label=__("Remember the account"), required=False, initial=True)

    def __init__(
        self, *args: Any, customers: "QuerySet[Customer]", find: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].customers = customers  # type: ignore[attr-defined]
        self.fields["customer"].widget.attrs.update({"data-combobox": find})


class ReceiptForm(forms.Form):
    """Money that came by no statement."""

    account: forms.ModelChoiceField[BankAccount] = forms.ModelChoiceField(
        BankAccount.objects.none(), label=__("Received on")
    )
    customer = CustomerField(label=__("Customer"), required=False)
    amount = FigureField(
        label=__("Amount"), places=4, least=2, digits=19, min_value=Decimal("0.0001"), required=True
    )
    received_on = forms.DateField(label=__("Day"), widget=Day)
    payer = forms.CharField(label=__("Name of the payer"), max_length=140, required=False)
    text = forms.CharField(label=__("Text"), max_length=500, required=False)

    def __init__(self, *args: Any, company: Company, find: str, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts = queries.kept_by_hand(company)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["account"].initial = accounts.order_by("-is_default", "pk").first()
        self.fields["received_on"].initial = clock.today(company)
        customer = self.fields["customer"]
        customer.customers = Customer.objects.filter(  # type: ignore[attr-defined]
            company=company, archived_at=None
        ).select_related("partner")
        customer.widget.attrs.update({"data-combobox": find})


AMOUNT = FigureField(places=4, digits=19, min_value=Decimal(0))


def parts(posted: Mapping[str, Any], ticked: Sequence[str], left: Decimal) -> list[Part]:
    """What was ticked in the worklist, in the order of the page.

    The amount typed beside an item counts. Without one it is all that is open (`open-<item>`), as
    far as `left` goes; where nothing is left, all of it, for the deed to refuse. Raises Refused
    for what is no amount.
    """
    chosen: list[Part] = []
    for text in ticked:
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Refused("payments.bad_choice", _("The choice is damaged. Reload the page."))
        typed = _amount(posted, text)
        whole = _plain(posted.get(f"open-{text}", ""))
        part = typed if typed is not None else min(whole, left) if left > 0 else whole
        if part > 0:
            chosen.append((int(text), part))
            left -= part
    return chosen


def _amount(posted: Mapping[str, Any], item: str) -> Decimal | None:
    typed = posted.get(f"amount-{item}", "")
    try:
        amount: Decimal | None = AMOUNT.clean(typed)
    except ValidationError as mistake:
        raise Refused("payments.bad_amount", mistake.messages[0], item=int(item)) from None
    return amount


def _plain(text: str) -> Decimal:
    """An amount as the page itself wrote it."""
    try:
        return Decimal(text) if len(text) < 30 else Decimal(0)
    except ArithmeticError:
        return Decimal(0)
