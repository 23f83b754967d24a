"""The forms of the catalogue: they word and check input, the deeds decide."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.checks import product_of
from catalog.drafts import PriceDraft, PriceListDraft, ProductDraft, checked_product
from catalog.models import PriceList, Product, TaxClass
from catalog.units import UNITS
from core.checks import CURRENCIES
from core.forms import Day, FigureField, blame
from core.lists.grids import LineForm
from core.models import Company
from core.money import ZERO
from core.refusals import Refused

LANGUAGES = [(code, name) for code, name in settings.DOCUMENT_LANGUAGES if code != "en"]


class ProductForm(forms.Form):
    """An article."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=_("Article number"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[(code, unit.name) for code, unit in UNITS.items()]
    )
    tax_class = forms.ChoiceField(label=_("Tax"), choices=TaxClass.choices)
    is_stocked = forms.BooleanField(label=_("Is kept in stock"), required=False, initial=True)

    def __init__(self, *args: Any, product: Product | None = None, **options: Any) -> None:
        options["initial"] = _values(product) if product else {}
        super().__init__(*args, **options)
        self.product = product
        for code, language in LANGUAGES:
            label = _("Name in %(language)s") % {"language": language}
            self.fields[f"name_{code}"] = forms.CharField(
                label=label, max_length=200, required=False
            )
        if product:
            del self.fields["code"], self.fields["unit"], self.fields["is_stocked"]

    def draft(self) -> ProductDraft:
        """The article as typed."""
        typed = self.cleaned_data
        names = {code: typed[f"name_{code}"] for code, _language in LANGUAGES}
        code = self.product.code if self.product else typed["code"]
        unit = self.product.unit.code if self.product else typed["unit"]
        stocked = self.product.is_stocked if self.product else typed["is_stocked"]
        return ProductDraft(code, typed["name"], unit, typed["tax_class"], stocked, names)

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            for refusal in checked_product(self.draft())[1]:
                blame(self, refusal)
        return self.cleaned_data

    def refresh(self, product: Product) -> None:
        """After a refusal of an old version: the next save overwrites knowingly."""
        typed = {name: self.data.get(name) for name in self.data}
        self.data = {**typed, "seen": str(product.version)}


def _values(product: Product) -> dict[str, Any]:
    names = ("code", "name", "tax_class")
    values = {name: getattr(product, name) for name in names} | {"seen": product.version}
    return values | {f"name_{code}": said for code, said in product.names.items()}


class PriceListForm(forms.Form):
    """A price list."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=80)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)]
    )
    is_default = forms.BooleanField(
        label=_("Is the default list of its currency"), required=False,
        help_text=_("It takes the place of the default there is now."),
    )  # fmt: skip

    def __init__(self, *args: Any, price_list: PriceList | None = None, **options: Any) -> None:
        if price_list:
            names = ("name", "is_default")
            options["initial"] = {name: getattr(price_list, name) for name in names}
            options["initial"]["seen"] = price_list.version
        super().__init__(*args, **options)
        if price_list:
            del self.fields["currency"]

    def draft(self) -> PriceListDraft:
        typed = self.cleaned_data
        return PriceListDraft(typed["name"], typed["currency"], typed["is_default"])


PERCENT: dict[str, Any] = {"places": 4, "required": True}


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=Day, **options)


class RaiseForm(forms.Form):
    """By how much prices go up, and when."""

    percent = FigureField(
        label=_("Change in percent"), help_text=_("Below zero to lower prices."), **PERCENT
    )
    on = _day(
        _("From"),
        help_text=_("Prices agreed for later go up as well; campaigns keep theirs."),
    )


class CopyForm(forms.Form):
    """What the copy is called, and how its prices differ."""

    name = forms.CharField(label=_("Name of the copy"), max_length=80)
    percent = FigureField(label=_("Change in percent"), initial=0, **PERCENT)
    on = _day(_("Prices valid on, or later than"))


class AssignForm(forms.Form):
    """The list a customer buys from, of those in its currency."""

    price_list = forms.TypedChoiceField(
        label=_("Price list"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, company: Company, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = PriceList.objects.filter(company=company, currency=currency, archived_at=None)
        field: Any = self.fields["price_list"]
        others = [(row.pk, row.name) for row in rows.order_by("name")]
        usual = _("The default list of %(currency)s") % {"currency": currency}
        field.choices = [("", usual), *others]


class CustomerForm(forms.Form):
    """A customer to be given the list."""

    customer = forms.CharField(label=_("Customer"), max_length=20)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        find = reverse("partners:find_customers", args=[company.slug])
        self.fields["customer"].widget.attrs["data-combobox"] = find


class PriceForm(LineForm):
    """One line of the grid of prices."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    product = forms.CharField(label=_("Product"), max_length=40)
    min_quantity = FigureField(label=_("From quantity"), places=6, digits=18, min_value=0)
    amount = FigureField(label=_("Price"), places=8, least=2, min_value=0, required=True)
    valid_from = _day(_("Valid from"))
    valid_to = _day(_("Valid to"), required=False)

    def draft(self, known: Mapping[str, Product]) -> PriceDraft | None:
        """The price as typed; None, with the mistake noted, for an unknown product."""
        typed = self.cleaned_data
        try:
            product = product_of(typed["product"], known)
        except Refused as refusal:
            self.add_error("product", refusal.message)
            return None
        least = typed["min_quantity"] or ZERO
        return PriceDraft(
            product.pk, typed["amount"], typed["valid_from"], least, typed["valid_to"]
        )
