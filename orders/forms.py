"""The forms of orders: they word and read input, the deeds decide."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from catalog.checks import products_by_code
from catalog.models import Product
from core.forms import Day, FigureField
from core.lists.grids import LineForm
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from inventory.models import Warehouse
from orders.drafts import DraftLine, OrderDraft
from orders.entering import line_problems
from orders.models import Order
from partners.models import Address, Customer
from users.models import User


class OrderForm(forms.Form):
    """The head of an order."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    customer = forms.CharField(label=__("Customer"), max_length=120)
    customer_reference = forms.CharField(
        label=__("Customer's order number"), max_length=60, required=False
    )
    requested_on = forms.DateField(label=__("Wanted on"), required=False, widget=Day)
    ship_to = forms.ChoiceField(label=__("Ship to"), required=False)
    warehouse = forms.ChoiceField(label=__("From warehouse"), required=False)
    channel = forms.ChoiceField(label=__("Came by"), choices=Order.Channel.choices)
    note = forms.CharField(label=__("Note"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, company: Company, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company, self.user = company, user
        url = reverse("partners:find_customers", args=[company.slug])
        self.fields["customer"].widget.attrs["data-combobox"] = url
        if not self.is_bound:  # afterwards the first field that is wrong has the focus
            self.fields["customer"].widget.attrs["autofocus"] = ""
        places = Warehouse.objects.of(company).filter(archived_at=None).order_by("-is_default")
        field: Any = self.fields["warehouse"]
        field.choices = [(str(place.pk), place.title) for place in places]
        ship_to: Any = self.fields["ship_to"]
        ship_to.choices = lambda: address_choices(self.buyer)

    @cached_property
    def buyer(self) -> Customer | None:
        """The customer whose number, or exact name, stands in the form; None if nobody's does."""
        typed = str(self["customer"].value() or "").strip()
        if "\0" in typed or not typed:
            return None
        rows = Customer.objects.visible_to(self.user).filter(company=self.company, archived_at=None)
        rows = rows.select_related("partner", "credit_account")
        found = rows.filter(number__iexact=typed).first()
        named = list(rows.filter(partner__name__iexact=typed)[:2]) if found is None else []
        return found or (named[0] if len(named) == 1 else None)

    def clean_customer(self) -> Customer:
        """The customer with this number, or with exactly this name."""
        if self.buyer is None:
            raise forms.ValidationError(
                _("No customer of yours has this number or name. Choose one from the list.")
            )
        return self.buyer

    def draft(self, lines: Iterable[DraftLine]) -> OrderDraft:
        said = self.cleaned_data
        return OrderDraft(
            customer_id=said["customer"].pk,
            lines=list(lines),
            customer_reference=said["customer_reference"],
            channel=said["channel"],
            requested_on=said["requested_on"],
            warehouse_id=int(said["warehouse"]) if said["warehouse"] else None,
            ship_to_id=int(said["ship_to"]) if said["ship_to"] else None,
            note=said["note"],
        )


def address_choices(customer: Customer | None) -> list[tuple[str, str]]:
    """Where the goods may go: the customer's address on file, or one of its others."""
    places = Address.objects.filter(partner=customer.partner, archived_at=None) if customer else []
    named = [(str(place.pk), str(place)) for place in places]
    return [("", _("Address on file")), *named]


class OrderLineForm(LineForm):
    """One line: product, quantity, and a price or discount where they were agreed."""

    outcome = __("Net")

    product = forms.CharField(label=__("Product"), max_length=60, required=False)
    quantity = FigureField(label=__("Quantity"), places=6)
    unit_price = FigureField(label=__("Agreed price"), places=8, least=2)
    discount = FigureField(label=__("Discount %"), places=4)

    company: Company
    name = ""  # of the product, once its code was looked up

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        url = reverse("catalog:find_products", args=[self.company.slug])
        self.fields["product"].widget.attrs["data-combobox"] = url
        self.fields["unit_price"].widget.attrs["placeholder"] = _("list")


def line_form(company: Company) -> type[OrderLineForm]:
    """The form of a line for one company."""
    return type("CompanyLineForm", (OrderLineForm,), {"company": company})


SHOWN_AT = {"discount_percent": "discount"}
NAMES = ("product", "quantity", "unit_price", "discount")


def read_lines(lines: Any) -> list[DraftLine] | None:
    """The lines of a grid as drafts; None when one cannot be read, with the reason beside it."""
    drafts = drafts_by_place(lines)
    good = [draft for draft in drafts.values() if draft]
    return good if lines.is_valid() and len(good) == len(drafts) else None


def drafts_by_place(lines: Any) -> dict[int, DraftLine | None]:
    """What each filled line says, by its place; None where it cannot be read, with the reason."""
    lines.is_valid()
    if not lines.is_bound:
        return {}
    rows = {place: row for place, row in enumerate(lines) if _is_filled(row.cleaned_data)}
    products = products_by_code(row.cleaned_data.get("product", "") for row in rows.values())
    return {place: _draft(row, products) for place, row in rows.items()}


def names_of(form: OrderForm, lines: Any) -> dict[str, str]:
    """The names behind the numbers typed, by field; of lines that were read as drafts."""
    found = {row["product"].html_name: row.name for row in lines if row.name}
    return found | ({"customer": form.buyer.partner.name} if form.buyer else {})


def mistakes_of(lines: Any) -> dict[str, str]:
    """What is wrong with what was typed into lines, by field; what is missing is no mistake yet."""
    return {
        row[name].html_name: " ".join(map(str, errors))
        for row in lines
        for name, errors in row.errors.items()
        if name in row.fields and row[name].data
    }


def _is_filled(said: Mapping[str, Any]) -> bool:
    return not said.get("DELETE") and any(said.get(name) for name in NAMES)


def _draft(row: Any, products: Mapping[str, Product]) -> DraftLine | None:
    said = dict(row.cleaned_data)
    found = products.get(said.get("product", ""))
    row.name = found.name if found else ""
    quantity = said.get("quantity")
    if found is None:
        row.add_error("product", _("There is no such product. Choose one from the list."))
    if quantity is None and not row.has_error("quantity"):
        row.add_error("quantity", _("How many?"))
    if found is None or quantity is None or row.errors:
        return None
    line = DraftLine(found.pk, quantity, said["unit_price"], said["discount"] or ZERO)
    problems = line_problems(line, found.unit.digits)
    for field, problem in problems.items():
        row.add_error(SHOWN_AT.get(field, field), problem)
    return None if problems else line


class ParcelForm(forms.Form):
    """What leaves of each line; filled with what is ready."""

    def __init__(self, *args: Any, lines: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = [line for line in lines if line.ready > 0]
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = FigureField(
                places=6, label=line.description, initial=line.ready
            )

    def drawn(self) -> Iterable[tuple[Any, Any]]:
        """Each line with its field."""
        return [(line, self[f"line_{line.pk}"]) for line in self.lines]

    def blame(self, refusal: Refused) -> None:
        """Shows a refusal beside the line it is about, or above the form."""
        name = f"line_{refusal.numbers.get('line')}"
        self.add_error(name if name in self.fields else None, refusal.message)

    def quantities(self) -> dict[int, Decimal]:
        said = {line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines}
        return {pk: quantity for pk, quantity in said.items() if quantity}
