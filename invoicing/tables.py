"""The lists of invoices and their lines, of what waits to be billed, and of billing rules."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import formats, lists
from core.templatetags.o2c import control, icon
from invoicing.models import Status


class DueColumn(lists.AgeColumn):
    """The day the last part is due; where an earlier one is late, how late that is."""

    def show(self, value: Any, record: Any, table: lists.Table) -> object:
        if record.status != Status.OVERDUE or value < table.today:
            return super().show(value, record, table)
        words = gettext("a part %(age)s") % {"age": formats.age(record.late_since, table.today)}
        part = formats.day_html(record.late_since, words)
        return format_html('<span class="text-late">{}</span>', part)


class InvoiceTable(lists.Table):
    """Invoices and credit notes."""

    name = lists.NameColumn(_("Number"), accessor="name", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="customer__partner__name")
    customer_reference = lists.TextColumn(_("Customer's order number"))
    issued_on = lists.DayColumn(_("Date"))
    days = lists.SpanColumn(_("Days since the order"), since="ordered_on", until="issued_on")
    due_on = DueColumn(_("Due"), is_open=lambda row: row.open_amount and row.kind == "invoice")
    gross = lists.MoneyColumn(_("Total"))
    in_base = lists.MoneyColumn(
        _("Total in the company's currency"), currency="company__currency", total=_("Invoiced")
    )
    owed = lists.MoneyColumn(_("Open"))
    owed_in_base = lists.MoneyColumn(
        _("Open in the company's currency"), currency="company__currency", total=_("Open")
    )
    overdue = lists.MoneyColumn(_("Overdue"))
    overdue_in_base = lists.MoneyColumn(
        _("Overdue in the company's currency"), currency="company__currency", total=_("Overdue")
    )
    status = lists.StateColumn(_("Status"), orderable=False)
    sent_at = lists.DayColumn(_("Sent"))
    kind = "invoice"
    order = "-issued_on"
    totals = ("in_base", "owed_in_base", "overdue_in_base")
    hidden = ("customer_reference", "in_base", "owed_in_base", "overdue_in_base", "sent_at", "days")


class BillableTable(lists.Table):
    """Shipped and not yet billed."""

    shipped = lists.NameColumn(_("Order"), accessor="order_line__order__number", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="customer__partner__name")
    product = lists.TextColumn(_("Product"), accessor="order_line__description")
    quantity = lists.NumberColumn(_("Quantity"))
    supplied_on = lists.DayColumn(_("Supplied"))
    net = lists.MoneyColumn(_("Net"), currency="order_line__order__currency")
    order = "supplied_on"
    totals = ("net",)

    def link(self, record: Any) -> str:
        return reverse("orders:order", args=[self.company.slug, record.order_line.order.name])


class RuleTable(lists.Table):
    """Ways of billing by customer."""

    customer = lists.NameColumn(_("Customer"), accessor="customer__partner__name", orderable=False)
    rhythm = lists.TextColumn(_("Billing"), accessor="get_rhythm_display", orderable=False)
    order = "customer__number"

    def link(self, record: Any) -> str:
        return reverse("partners:customer", args=[self.company.slug, record.customer.number])


class InvoiceLineTable(lists.LineTable):
    """The lines of an invoice or a credit note."""

    product = lists.ArticleColumn(_("Product"), accessor="description", code="product_code")
    quantity = lists.NumberColumn(_("Quantity"))
    price = lists.PriceColumn(_("Price"), accessor="unit_price", currency="invoice__currency")
    discount = lists.PercentColumn(_("Discount"), accessor="discount_percent")
    vat = lists.PercentColumn(_("VAT"), accessor="tax_code__rate", zero="0 %")
    net = lists.MoneyColumn(_("Net"), currency="invoice__currency")
    optional = ("discount",)


class LabelColumn(lists.ArticleColumn):
    """The article as the label of the field at the end of its line."""

    def show(self, value: Any, record: Any, table: Any) -> object:
        label = super().show(value, record, table)
        return format_html('<label for="{}">{}</label>', record.field.id_for_label, label)


class FieldColumn(lists.Column):
    """The field of a line, with what is wrong with it."""

    css = "num"

    def show(self, value: Any, record: Any, table: Any) -> object:
        if not value.errors:
            return control(value)
        wrong = '{}<p class="error" id="{}_error">{} {}</p>'
        words = " ".join(map(str, value.errors))
        return format_html(wrong, control(value), value.auto_id, icon("alert-circle"), words)


class CreditLineTable(lists.LineTable):
    """The lines of an invoice with the quantities to credit."""

    product = LabelColumn(_("Product"), accessor="description", code="product_code")
    quantity = lists.NumberColumn(_("Invoiced"))
    left = lists.NumberColumn(_("Left"))
    net = lists.MoneyColumn(_("Net"), currency="invoice__currency")
    field = FieldColumn(_("To credit"))


class NumberLabelColumn(lists.TextColumn):
    """The number of a document as the label of its field."""

    def show(self, value: Any, record: Any, table: Any) -> object:
        return format_html('<label for="{}">{}</label>', record.field.id_for_label, value)


class ApplyTable(lists.LineTable):
    """What a customer owes, with the amounts to apply."""

    name = NumberLabelColumn(_("Document"), accessor="name")
    due_on = lists.DayColumn(_("Due"))
    open_amount = lists.MoneyColumn(_("Open"))
    field = FieldColumn(_("To apply"))
