"""Crediting an invoice, and how a customer wants to be billed."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import FigureField
from core.money import ZERO, minor_digits
from core.refusals import Refused
from invoicing.models import BillingRule, InvoiceLine
from ledger.models import OpenItem


def _at_most(left: Decimal) -> MaxValueValidator:
    """No more than what is left, said as the page writes quantities."""
    most = formats.quantity(left)
    return MaxValueValidator(left, _("No more than %(most)s is left.") % {"most": most})


class CreditForm(forms.Form):
    """A reason, and for each line the quantity that is credited."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It is printed on the credit note.")
    )
    gives_back = forms.BooleanField(
        label=_("Bill it again"),
        required=False,
        help_text=_("What is credited waits to be billed anew, corrected."),
    )

    def __init__(
        self, *args: Any, lines: Sequence[InvoiceLine], left: Mapping[int, Decimal], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.lines, self.left = lines, left
        for line in lines:
            self.fields[f"line_{line.pk}"] = FigureField(
                label=line.description,
                places=6,
                min_value=Decimal(0),
                validators=[_at_most(left[line.pk])],
                disabled=not left[line.pk],
            )

    def blame(self, refusal: Refused) -> None:
        """Shows a refusal beside the line it is about, or above the form."""
        name = f"line_{refusal.numbers.get('line')}"
        self.add_error(name if name in self.fields else None, refusal.message)

    def rows(self) -> Iterator[Any]:
        """Each line with what is `left` of it and its `field`."""
        for row in self.lines:
            line: Any = row
            line.left, line.field = self.left[line.pk], self[f"line_{line.pk}"]
            yield line

    def quantities(self) -> dict[int, Decimal]:
        """The quantities asked for, by line."""
        typed = {line.pk: self.cleaned_data.get(f"line_{line.pk}") for line in self.lines}
        return {pk: quantity for pk, quantity in typed.items() if quantity}


class ApplyForm(forms.Form):
    """How much of a credit is for each open item; begins with the first document, as it goes."""

    def __init__(
        self, *args: Any, credit: OpenItem, items: Sequence[OpenItem], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.items, left = items, credit.open_amount
        for row in items:
            digits = minor_digits(row.currency)
            usual = min(row.open_amount, left) if row.name == items[0].name else ZERO
            left -= usual
            self.fields[f"item_{row.pk}"] = FigureField(
                label=row.name,
                places=digits,
                least=digits,
                min_value=Decimal(0),
                initial=usual or None,
            )

    def rows(self) -> Iterator[Any]:
        """Each open item with its `field`."""
        for item in self.items:
            row: Any = item
            row.field = self[f"item_{row.pk}"]
            yield row

    def amounts(self) -> dict[int, Decimal]:
        """The amounts asked for, by open item."""
        typed = {row.pk: self.cleaned_data.get(f"item_{row.pk}") for row in self.items}
        return {pk: amount for pk, amount in typed.items() if amount}


class RuleForm(forms.Form):
    """A customer by number, and the way of billing."""

    customer = forms.CharField(label=_("Customer number"), max_length=20)
    rhythm = forms.ChoiceField(label=_("Billing"), choices=BillingRule.Rhythm.choices)
