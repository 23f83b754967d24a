"""Reads across orders: for screens, and for the follow-ups that look for work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core import clock, formats
from core.access import Request
from core.models import Company, DocumentLink, rights
from core.money import ZERO
from core.pages import Moment, Panel, timeline
from inventory.models import Reservation
from ledger.models import EntryLine
from orders.models import Hold, Order, OrderLine, Shipment
from partners.models import Address, Customer
from users.models import User

MOST_RESERVED = 100
QUANTITY: "DecimalField[Any, Any]" = DecimalField(max_digits=20, decimal_places=6)
_RESERVED = Reservation.objects.filter(source_kind="order_line", source_id=OuterRef("pk"))
_LINES = OrderLine.objects.annotate(
    reserved=Coalesce(Subquery(_RESERVED.values("quantity")[:1]), ZERO, output_field=QUANTITY),
    open=F("quantity") - F("shipped") - F("cancelled"),
)
_OF_ORDER = _LINES.filter(order=OuterRef("pk"))
HELD = Exists(Hold.objects.filter(order=OuterRef("pk"), state="open"))
HELD_BY = ArraySubquery(
    Hold.objects.filter(order=OuterRef("pk"), state="open").order_by("pk").values("rule")
)
OF_HOLDS = {"order.held", "hold.released"}
READY = Exists(_OF_ORDER.filter(Q(reserved__gt=0) | Q(product__is_stocked=False, open__gt=0)))
BACKORDERED = Exists(_OF_ORDER.filter(product__is_stocked=True, open__gt=F("reserved")))
_LEFT, _STAYS = Exists(_OF_ORDER.filter(shipped__gt=0)), Exists(_OF_ORDER.filter(open__gt=0))
PARTLY_SHIPPED = Q(state="confirmed") & Q(_LEFT) & Q(_STAYS)
# As one value per row: of two EXISTS the planner makes hashes of all lines there are.
HOW_FAR = Subquery(
    _OF_ORDER.order_by()
    .values("order")
    .annotate(left=Max("shipped"), stays=Max("open"))
    .annotate(
        word=Case(
            When(left=0, then=Value("")),
            When(stays__gt=0, then=Value(Order.Shipping.PARTLY)),
            default=Value(Order.Shipping.SHIPPED),
        )
    )
    .values("word")
)
SHIP_AHEAD = timedelta(days=14)  # goods wanted later than that are not to leave yet

# Orders that wait for products of which something is free, most urgent first. `waits` counts
# what those before an order need, so that only those come back that will get something.
WAITING = """
WITH freed AS (
     SELECT s.id, s.warehouse_id, s.product_id, s.on_hand - s.reserved AS free
       FROM inventory_stock s
      WHERE s.company_id = %(company)s AND s.on_hand > s.reserved AND s.id IN ({stock})),
waiting AS (
     SELECT o.id, coalesce(o.requested_on, o.ordered_on) AS wanted_on, o.ordered_on, f.free,
            sum(need.quantity) OVER (
                PARTITION BY f.id
                ORDER BY coalesce(o.requested_on, o.ordered_on), o.ordered_on, o.id
            ) - need.quantity AS waits
       FROM freed f
       JOIN orders_orderline l ON l.product_id = f.product_id
       JOIN orders_order o ON o.id = l.order_id AND o.company_id = %(company)s
                          AND o.warehouse_id = f.warehouse_id AND o.state = 'confirmed'
       LEFT JOIN inventory_reservation r
              ON r.source_kind = 'order_line' AND r.source_id = l.id
      CROSS JOIN LATERAL (
            SELECT l.quantity - l.shipped - l.cancelled - coalesce(r.quantity, 0) AS quantity
      ) need
      WHERE need.quantity > 0
        AND NOT EXISTS (
            SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.state = 'open'))
SELECT id FROM waiting WHERE waits < free
 GROUP BY id, wanted_on, ordered_on
 ORDER BY wanted_on, ordered_on, id
"""
OF_DOCUMENTS = """
SELECT m.stock_id FROM inventory_move m
 WHERE m.source_kind = 'stock_document' AND m.source_id = ANY(%(ids)s)
"""
OF_ORDERS = """
SELECT s2.id FROM orders_orderline l2 JOIN orders_order o2 ON o2.id = l2.order_id
  JOIN inventory_stock s2 ON s2.product_id = l2.product_id AND s2.warehouse_id = o2.warehouse_id
 WHERE l2.order_id = ANY(%(ids)s)
"""


def waiting_for_documents(company: Company, document_ids: Sequence[int]) -> list[int]:
    """Orders to serve from what stock documents brought, most urgent first."""
    return _waiting(company, OF_DOCUMENTS, document_ids)


def waiting_for_orders(company: Company, order_ids: Sequence[int]) -> list[int]:
    """Orders to serve from what other orders gave back, most urgent first."""
    return _waiting(company, OF_ORDERS, order_ids)


def _waiting(company: Company, stock: str, ids: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING.format(stock=stock), {"company": company.pk, "ids": list(ids)})
        return [pk for (pk,) in cursor.fetchall()]


def held_for_credit(company: Company, customer_ids: Sequence[int]) -> list[int]:
    """Orders that the credit check holds of these customers and who shares their account."""
    accounts = Customer.objects.filter(pk__in=customer_ids).values("credit_account")
    rows = Order.objects.filter(
        company=company, customer__credit_account__in=accounts,
        holds__state=Hold.State.OPEN, holds__rule=Hold.Rule.CREDIT,
    )  # fmt: skip
    return list(rows.order_by("ordered_on", "pk").values_list("pk", flat=True))


def billed_by(company: Company, invoice_ids: Sequence[int]) -> list[int]:
    """The orders that invoices bill, by the links between them."""
    return list(
        DocumentLink.objects.filter(
            company=company, to_kind="invoice", to_id__in=invoice_ids, from_kind="order"
        )
        .values_list("from_id", flat=True)
        .distinct()
    )


def orders(user: User, company: Company) -> "QuerySet[Order]":
    """Orders as lists and pages show them."""
    rows = Order.objects.visible_to(user).filter(company=company)
    return rows.select_related("customer__partner", "warehouse", "payment_terms", "ship_to")


def with_facets(rows: "QuerySet[Order]") -> "QuerySet[Any]":
    """Adds what lists tell of an order beside its state.

    `held_by` are the rules that hold it now, `shipping` says how far it has left, and `worth` is
    what it comes to: its total once that is frozen, and as a draft its net at the prices it has.
    """
    shipping = Case(When(state="confirmed", then=HOW_FAR), default=Value(""))
    worth = Case(When(state="draft", then=F("net")), default=F("gross"))
    return rows.annotate(held_by=HELD_BY, shipping=shipping, worth=worth)


def shipments(user: User, company: Company) -> "QuerySet[Shipment]":
    """Shipments as lists and pages show them."""
    rows = Shipment.objects.visible_to(user).filter(company=company)
    return rows.select_related("order__customer__partner", "warehouse")


def lines(order: Order) -> list[Any]:
    """The lines of an order with what is reserved and what waits."""
    rows = _LINES.filter(order=order).select_related("product__unit", "tax_code")
    found: list[Any] = list(rows.order_by("position"))
    for line in found:
        line.order = order
        line.backorder = line.open - line.reserved if line.product.is_stocked else ZERO
        line.ready = line.reserved if line.product.is_stocked else line.open
    return found


def history(order: Order) -> list[Moment]:
    """What happened to an order, newest first; of its holds with the rule."""
    return [_with_rule(moment) for moment in timeline(order.company, "order", order.pk)]


def _with_rule(moment: Moment) -> Moment:
    rule = moment.facts.get("rule")
    if moment.verb not in OF_HOLDS or not rule:
        return moment
    return replace(moment, words=f"{moment.words} ({Hold.Rule(rule).label})")


def shipping(order: Order, lines: Sequence[Any]) -> str:
    """How far an order has left, by its lines as `lines` reads them."""
    if order.state != Order.State.CONFIRMED or not any(line.shipped for line in lines):
        return ""
    is_open = any(line.open for line in lines)
    return Order.Shipping.PARTLY if is_open else Order.Shipping.SHIPPED


def reserved_for(request: Request, company: Company, stock: Any) -> Panel | None:
    """The panel on a stock page: for which orders goods are set aside; two statements."""
    if not rights(request.user).may("orders.view", company.pk):
        return None
    set_aside = dict(
        Reservation.objects.filter(
            stock=stock, source_kind="order_line", quantity__gt=0
        ).values_list("source_id", "quantity")
    )
    mine = Order.objects.visible_to(request.user).filter(company=company)
    found = OrderLine.objects.filter(pk__in=set_aside, order__in=mine)
    found = found.annotate(wanted_on=Coalesce("order__requested_on", "order__ordered_on"))
    lines = found.select_related("order__customer__partner").order_by("wanted_on", "order", "pk")
    rows = [
        [
            format_html('<a href="{}">{}</a>', _page(company, line.order), line.order.name),
            str(line.order.customer),
            formats.quantity(set_aside[line.pk]),
            formats.day(wanted)
            if (wanted := line.order.requested_on)
            else _("as soon as possible"),
        ]
        for line in lines[:MOST_RESERVED]
    ]
    heads = ((_("Order"), "name"), (_("Customer"), ""), (_("Quantity"), "num"),
             (_("Wanted on"), "day"))  # fmt: skip
    tally = _("the first %d") % MOST_RESERVED if len(set_aside) > MOST_RESERVED else ""
    return Panel(_("Reserved for"), heads, rows, tally=tally, empty=_("Nothing is reserved."))


def _page(company: Company, order: Order) -> str:
    return reverse("orders:order", args=[company.slug, order.name])


def goes_to(order: Order) -> Address | None:
    """Where the goods go: the address chosen for them, or else that of the bill."""
    if order.ship_to:
        return order.ship_to
    addresses = order.customer.partner.addresses.filter(
        purpose=Address.Purpose.BILLING, archived_at=None
    )
    return addresses.order_by("pk").first()


def ready_to_ship(rows: "QuerySet[Order]", today: date) -> "QuerySet[Order]":
    """Those of which something can leave, that nothing holds and that are wanted soon."""
    soon = Q(requested_on=None) | Q(requested_on__lte=today + SHIP_AHEAD)
    return rows.filter(READY, soon, state="confirmed").exclude(HELD)


def to_ship(user: User, company: Company) -> "QuerySet[Order]":
    """Orders of which something can leave, most urgent first."""
    rows = ready_to_ship(orders(user, company), clock.today(company))
    return rows.annotate(wanted_on=Coalesce("requested_on", "ordered_on")).order_by(
        "wanted_on", "ordered_on", "pk"
    )


def to_release(user: User, company: Company) -> Q:
    """What is true of holds that a person may lift: none of an order of the person's own making."""
    own = Q(entered_by=user) | Q(edited_by=user) | Q(caused_by=user)
    return Q(permission__in=rights(user).permissions(company.pk)) & ~own


def holds(user: User, company: Company) -> "QuerySet[Hold]":
    """Holds of the orders a person may see, open and closed.

    Those the person may lift come first, then those that wait `for_others`; the longest waiting
    first.
    """
    mine = Order.objects.visible_to(user).filter(company=company)
    rows = Hold.objects.filter(order__in=mine).annotate(
        for_others=Case(When(to_release(user, company), then=Value(False)), default=Value(True))
    )
    return rows.select_related(
        "order__customer__partner",
        "order__customer__credit_account",
        "order__submitted_by",
        "closed_by",
    ).order_by("for_others", "opened_at", "pk")


def open_holds(user: User, company: Company) -> "QuerySet[Hold]":
    """Open holds of the orders a person may see, first those to decide on."""
    return holds(user, company).filter(state="open")


def books(entry_ids: Sequence[int], currency: str) -> list[dict[str, Any]]:
    """Journal entries as the tab Books draws them, in one statement."""
    rows = (
        EntryLine.objects.filter(entry__in=entry_ids)
        .select_related("entry", "account")
        .order_by("entry", "pk")
    )
    found: dict[int, dict[str, Any]] = {}
    for line in rows:
        entry = found.setdefault(
            line.entry_id,
            {
                "name": line.entry.number,
                "on": line.entry.posting_date,
                "text": line.entry.text,
                "currency": currency,
                "lines": [],
            },
        )
        entry["lines"].append(
            {
                "account": line.account,
                "debit": line.base_amount if line.base_amount > 0 else None,
                "credit": -line.base_amount if line.base_amount < 0 else None,
            }
        )
    return list(found.values())
