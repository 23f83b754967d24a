"""The forms of stock: they word and read input, the deeds decide."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from catalog.checks import products_by_code
from core.forms import Day, FigureField, blame
from core.lists.grids import LineForm, filled
from core.models import Company
from core.refusals import Refused
from inventory.drafts import StockChange, StockLine
from inventory.models import Warehouse


class ChangeForm(forms.Form):
    """Where, when and why stock changes."""

    warehouse = forms.ChoiceField(label=__("Warehouse"))
    moved_on = forms.DateField(label=__("Date"), required=False, widget=Day)
    reason = forms.CharField(label=__("Delivery note or reason"), max_length=200, required=False)

    def __init__(self, *args: Any, company: Company, why: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if why:
            self.fields["reason"].label, self.fields["reason"].required = __("Reason"), True
        places = Warehouse.objects.of(company).filter(archived_at=None).order_by("-is_default")
        field: Any = self.fields["warehouse"]
        field.choices = [(str(place.pk), place.title) for place in places]

    def change(self, lines: list[StockLine]) -> StockChange:
        said = self.cleaned_data
        return StockChange(int(said["warehouse"]), lines, said["moved_on"], said["reason"])


class StockLineForm(LineForm):
    """A product, how much of it, and its cost."""

    company: Company
    product = forms.CharField(label=__("Product"), max_length=60, required=False)
    quantity = FigureField(label=__("Quantity"), places=6)
    unit_cost = FigureField(label=__("Cost each"), places=8, least=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        url = reverse("catalog:find_products", args=[self.company.slug])
        self.fields["product"].widget.attrs["data-combobox"] = url


def line_form(company: Company) -> type[StockLineForm]:
    """The form of a line for one company."""
    return type("CompanyLineForm", (StockLineForm,), {"company": company})


def read_lines(lines: Any, *, is_count: bool) -> list[StockLine] | None:
    """The lines of a grid as drafts; None when one cannot be read, with the reason beside it."""
    if not lines.is_valid():
        return None
    rows = filled_lines(lines)
    products = products_by_code(row.cleaned_data["product"] for row in rows)
    good = []
    for row in rows:
        said = row.cleaned_data
        product = products.get(said["product"])
        if product is None or not product.is_stocked:
            row.add_error("product", _("There is no such product that is kept in stock."))
        elif said["quantity"] is None:
            row.add_error("quantity", _("How many?"))
        else:
            good.append(StockLine(product.pk, said["quantity"], said["unit_cost"], is_count))
    return good if len(good) == len(rows) else None


NAMES = ("product", "quantity", "unit_cost")


def filled_lines(lines: Any) -> list[Any]:
    """The lines of a valid grid that say something, in the order of their drafts."""
    return [row for row in filled(lines) if any(row.cleaned_data.get(n) for n in NAMES)]


class WarehouseForm(forms.Form):
    """A warehouse, a new one where none is given."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=__("Code"), max_length=10)
    title = forms.CharField(label=__("Name"), max_length=80)
    is_default = forms.BooleanField(label=__("Serves orders that name none"), required=False)

    def __init__(self, *args: Any, warehouse: Warehouse | None = None, **options: Any) -> None:
        if warehouse:
            names = ("title", "is_default")
            options["initial"] = {name: getattr(warehouse, name) for name in names}
            options["initial"]["seen"] = warehouse.version
        super().__init__(*args, **options)
        for name in ("code",) if warehouse else ("seen", "is_default"):
            del self.fields[name]

    def refuse(self, refusal: Refused, warehouse: Warehouse | None = None) -> None:
        """Shows a refusal; after one of an old version, the next save overwrites knowingly."""
        blame(self, refusal, {"number": "code"})
        if warehouse:
            typed = {name: self.data.get(name) for name in self.data}
            self.data = {**typed, "seen": str(warehouse.version)}
