"""What the lists of invoicing can be asked for."""

from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock, lists
from invoicing import queries
from invoicing.models import Invoice

State = Invoice.State
# Nothing is drafted yet, so nobody is offered to look for it.
STATES = [(state.value, state.label) for state in (State.ISSUED, State.SETTLED)]


class Waiting(lists.Choice):
    """Whose document it is, and whether it is open, late or unsent; several hold at once."""

    def filter(self, rows: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if "mine" in value:
            rows = rows.filter(customer__sales_rep=self.parent.request.user)
        if "open" in value:
            rows = rows.filter(state=Invoice.State.ISSUED)
        if "unsent" in value:
            rows = queries.unsent(rows)
        if "overdue" in value:
            today = clock.today(self.parent.company)
            rows = rows.filter(Exists(queries.overdue_items(today)), state=Invoice.State.ISSUED)
        return rows


class InvoiceFilters(lists.Filters):
    """By customer, amount, days, kind, and what is open or late."""

    search = (
        "number",
        "customer_reference",
        "payment_reference",
        "customer__partner__name",
        "customer__number",
    )
    views = (
        (_("All"), {}),
        (_("Mine"), {"only": "mine"}),
        (_("Overdue"), {"only": "overdue"}),
        (_("Due this week"), {"only": "open", "due": "this-week"}),
        (_("Open"), {"only": "open"}),
        (_("Not sent"), {"only": "unsent"}),
        (_("Credit notes"), {"kind": "credit_note"}),
    )
    customer = lists.Words(_("Customer"), "customer__partner__name", "customer__number")
    over = lists.Over(_("Total from"), "gross")
    under = lists.Under(_("Total up to"), "gross")
    date = lists.Days(_("Date"), "issued_on")
    due = lists.Days(_("Due"), "due_on")
    kind = lists.Choice(_("Kind"), "kind", Invoice.Kind.choices)
    state = lists.Choice(_("State"), "state", STATES)
    only = Waiting(
        _("Only"),
        "",
        (
            ("mine", _("Mine")),
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("unsent", _("Not sent")),
        ),
    )


class BillableFilters(lists.Filters):
    """By customer, order and day of supply."""

    search = ("customer__partner__name", "customer__number", "order_line__order__number")
    customer = lists.Words(_("Customer"), "customer__partner__name", "customer__number")
    supplied = lists.Days(_("Supplied"), "supplied_on")


class RuleFilters(lists.Filters):
    """By customer."""

    search = ("customer__partner__name", "customer__number")
    customer = lists.Words(_("Customer"), "customer__partner__name", "customer__number")
