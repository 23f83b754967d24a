"""The lists of invoices, of what waits to be billed, and of the ways of billing."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import lists


class InvoiceTable(lists.Table):
    """Invoices and credit notes."""

    name = lists.NameColumn(_("Number"), accessor="name", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="customer__partner__name")
    customer_reference = lists.TextColumn(_("Customer's order number"))
    issued_on = lists.DayColumn(_("Date"))
    due_on = lists.AgeColumn(
        _("Due"), is_open=lambda row: row.open_amount and row.kind == "invoice"
    )
    gross = lists.MoneyColumn(_("Total"))
    open_amount = lists.MoneyColumn(_("Open"))
    status = lists.StateColumn(_("Status"), orderable=False)
    sent_at = lists.DayColumn(_("Sent"))
    kind = "invoice"
    order = "-issued_on"
    total = "open_amount"
    hidden = ("customer_reference", "sent_at")


class BillableTable(lists.Table):
    """Shipped and not yet billed."""

    shipped = lists.NameColumn(_("Order"), accessor="order_line__order__number", orderable=False)
    customer = lists.TextColumn(_("Customer"), accessor="customer__partner__name")
    product = lists.TextColumn(_("Product"), accessor="order_line__description")
    quantity = lists.NumberColumn(_("Quantity"))
    supplied_on = lists.DayColumn(_("Supplied"))
    net = lists.MoneyColumn(_("Net"), currency="order_line__order__currency")
    order = "supplied_on"

    def link(self, record: Any) -> str:
        return reverse("orders:order", args=[self.company.slug, record.order_line.order.name])


class RuleTable(lists.Table):
    """Ways of billing by customer."""

    customer = lists.NameColumn(_("Customer"), accessor="customer__partner__name", orderable=False)
    rhythm = lists.TextColumn(_("Billing"), accessor="get_rhythm_display", orderable=False)
    order = "customer__number"

    def link(self, record: Any) -> str:
        return reverse("partners:customer", args=[self.company.slug, record.customer.number])
