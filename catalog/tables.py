"""The lists of the catalogue."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from catalog.models import Validity
from core import lists
from core.lists.columns import Raw
from core.templatetags.o2c import badge


class YesColumn(lists.Column):
    """A yes or a no."""

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        return self.raw(record, name)

    def raw(self, record: Any, name: str) -> Raw:
        return _("yes") if self.value_of(record, name) else _("no")


class UseColumn(lists.Column):
    """Whether a row is in use or archived, and whether a list is the default."""

    css = "badges"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, **options)

    def use(self, record: Any) -> tuple[str, str]:
        if record.archived_at:
            return "archived", _("Archived")
        if getattr(record, "is_default", False):
            return "going", _("Default")
        return "active", _("In use")

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        return badge(*self.use(record))

    def raw(self, record: Any, name: str) -> Raw:
        return self.use(record)[1]


class ProductTable(lists.Table):
    """Articles with today's price."""

    code = lists.NameColumn(__("Article number"))
    name = lists.TextColumn(__("Name"))
    use = UseColumn(__("Use"))
    price = lists.PriceColumn(__("Price"))
    unit = lists.TextColumn(__("Unit"), accessor="unit__name")
    tax_class = lists.TextColumn(__("Tax"), accessor="get_tax_class_display", orderable=False)
    is_stocked = YesColumn(__("Kept in stock"))
    kind = "product"
    order = "code"


class BuyersColumn(lists.NumberColumn):
    """How many buy from a list; from the default one, whoever has no list of their own."""

    def show(self, value: Any, record: Any, table: lists.Table) -> object:
        shown = super().show(value, record, table)
        return _("everybody else") if record.is_default else shown


class PriceListTable(lists.Table):
    """Price lists."""

    name = lists.NameColumn(__("Price list"))
    use = UseColumn(__("Use"))
    currency = lists.TextColumn(__("Currency"))
    prices_count = lists.NumberColumn(__("Valid prices"))
    customers_count = BuyersColumn(__("Customers"))
    kind = "price_list"
    order = "name"


class ValidityColumn(lists.Column):
    """What a price is today."""

    css = "badges"

    def draw(self, record: Any, name: str, table: lists.Table) -> object:
        return badge(record.state, self.raw(record, name))

    def raw(self, record: Any, name: str) -> Raw:
        return str(Validity(record.state).label)


class PriceTable(lists.Table):
    """The prices of one list."""

    product = lists.NameColumn(__("Product"), accessor="product__code")
    name = lists.TextColumn(__("Name"), accessor="product__name")
    validity = ValidityColumn(__("State"), accessor="state", orderable=False)
    min_quantity = lists.NumberColumn(__("From quantity"))
    amount = lists.PriceColumn(__("Price"))
    unit = lists.TextColumn(__("Unit"), accessor="product__unit__name", orderable=False)
    valid_from = lists.DayColumn(__("Valid from"))
    valid_to = lists.DayColumn(__("Valid to"), accessor="ends_on")
    kind = "product"
    order = "product"

    def link(self, record: Any) -> str:
        return super().link(record.product)
