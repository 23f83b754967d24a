"""Orders, their lines and holds, and the shipments that serve them.

Foreign keys without a constraint belong to the hot tables: a trigger proves once for a whole
statement that the rows pointed at are there (migration 0002). Keys without an index are never
searched by, or an index of several columns begins with them.
"""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from core import states
from core.models import Company, CompanyQuerySet, Document
from inventory.models import Warehouse
from ledger.models import Entry, TaxCode
from partners.models import Address, Customer, PaymentTerms
from users.models import User


class Order(Document):
    """What a customer ordered. Prices and tax are frozen on submit; totals are stored once."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        CONFIRMED = "confirmed", _("Confirmed")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Shipping(models.TextChoices):
        """How far a confirmed order has left; derived in `orders.queries`, never stored."""

        PARTLY = "partly_shipped", _("Partly shipped")
        SHIPPED = "shipped", _("Shipped")

    class Channel(models.TextChoices):
        SCREEN = "screen", _("Entered")
        SPREADSHEET = "spreadsheet", _("Spreadsheet")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")
        WEB = "web", _("Web")

    view_permission: ClassVar[str] = "orders.view"
    own_rows: ClassVar[str] = "customer__sales_rep"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    state = states.state_field(State, State.DRAFT)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    customer_reference = models.CharField(_("customer's order number"), max_length=60, blank=True)
    # The same without case, blanks and punctuation: how a second copy of an order is recognised.
    reference_key = models.CharField(max_length=60, blank=True, editable=False)
    # Who wrote last what the draft says; nobody answers for an exception of their own making.
    edited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    channel = models.CharField(_("came by"), max_length=12, choices=Channel, default=Channel.SCREEN)
    ordered_on = models.DateField(_("order date"))
    requested_on = models.DateField(_("wanted on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    payment_terms = models.ForeignKey(
        PaymentTerms, models.PROTECT, related_name="+", db_index=False
    )
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", db_index=False)
    ship_to = models.ForeignKey(
        Address, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    note = models.TextField(_("note"), blank=True)
    net = models.DecimalField(_("net"), max_digits=20, decimal_places=4, default=0)
    tax = models.DecimalField(_("tax"), max_digits=20, decimal_places=4, default=0)
    gross = models.DecimalField(_("total"), max_digits=20, decimal_places=4, default=0)
    # Net billed so far, pushed down by invoicing in the deed that issues or credits.
    billed_net = models.DecimalField(max_digits=20, decimal_places=4, default=0, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, editable=False, db_index=False
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="order_number"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="cancelled") | Q(submitted_at__isnull=False),
                name="submitted_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(number__isnull=False),
                name="submitted_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "closed"]) | Q(confirmed_at__isnull=False),
                name="confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closed_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False),
                name="cancelled_has_moment",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-ordered_on", "-id"], name="order_latest"),
            models.Index(fields=["company", "state", "-id"], name="order_state"),
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(  # of one customer exactly, and by its beginning
                fields=["company", "reference_key", "customer"],
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
                condition=~Q(reference_key=""),
                name="order_reference",
            ),
        )

    @states.transition(state, State.DRAFT, State.SUBMITTED)
    def submit(self, at: datetime, by: User) -> None:
        self.submitted_at, self.submitted_by = at, by

    @states.transition(state, State.SUBMITTED, State.DRAFT)
    def change(self) -> None:
        """Back to the desk: releases and approvals are void."""

    @states.transition(state, State.SUBMITTED, State.CONFIRMED)
    def confirm(self, at: datetime) -> None:
        self.confirmed_at = at

    @states.transition(state, State.CONFIRMED, State.CLOSED)
    def close(self, at: datetime) -> None:
        self.closed_at = at

    @states.transition(state, State.CLOSED, State.CONFIRMED)
    def reopen(self) -> None:
        self.closed_at = None

    @states.transition(state, [State.DRAFT, State.SUBMITTED, State.CONFIRMED], State.CANCELLED)
    def cancel(self, at: datetime) -> None:
        self.cancelled_at = at


class OrderLine(models.Model):
    """One position. `shipped` and `cancelled` are running totals guarded by the constraint."""

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False)
    description = models.CharField(_("description"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    unit_price = models.DecimalField(_("price"), max_digits=20, decimal_places=8)
    discount_percent = models.DecimalField(
        _("discount %"), max_digits=7, decimal_places=4, default=0
    )
    # Agreed for this line; otherwise the price of the list is looked up again on submit.
    own_price = models.BooleanField(_("agreed price"), default=False)
    list_price = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    net = models.DecimalField(_("net"), max_digits=20, decimal_places=4, default=0)
    tax_code = models.ForeignKey(
        TaxCode, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    shipped = models.DecimalField(_("shipped"), max_digits=20, decimal_places=6, default=0)
    cancelled = models.DecimalField(_("cancelled"), max_digits=20, decimal_places=6, default=0)

    class Meta:
        ordering = ("order", "position")
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = (
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_quantity_positive"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0)
                & Q(cancelled__gte=0)
                & Q(quantity__gte=F("shipped") + F("cancelled")),
                name="shipped_at_most_ordered",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0) & Q(discount_percent__lte=100),
                name="order_discount",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class Hold(models.Model):
    """A reason why an order may not be confirmed: the rule, its figures, who can lift it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RELEASED = "released", _("Released")
        SUPERSEDED = "superseded", _("Superseded")

    class Rule(models.TextChoices):
        CREDIT = "credit", _("Credit")
        PRICE = "price", _("Price authority")
        DUPLICATE = "duplicate", _("Possible duplicate")
        DATA = "data", _("Missing data")

    order = models.ForeignKey(Order, models.CASCADE, related_name="holds")
    rule = models.CharField(_("rule"), max_length=12, choices=Rule)
    rule_version = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=60)
    message = models.TextField()
    numbers = models.JSONField(default=dict)
    permission = models.CharField(max_length=40)  # who can lift it
    order_version = models.PositiveIntegerField()
    state = states.state_field(State, State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Who entered and who last edited the order, and who submitted or reopened it so that it is
    # held: beside the one who lifts it, for the constraint.
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    caused_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = (
            models.UniqueConstraint(
                fields=["order", "rule"], condition=Q(state="open"), name="one_open_hold_per_rule"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="closed_hold_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="released")
                | (
                    Q(closed_by__isnull=False)
                    & ~Q(closed_by=F("entered_by"))
                    & ~Q(closed_by=F("edited_by"))
                    & ~Q(closed_by=F("caused_by"))
                ),
                name="hold_released_by_another",
            ),
        )
        indexes = (models.Index(fields=["order"], condition=Q(state="open"), name="hold_open"),)

    def __str__(self) -> str:
        return f"{self.get_rule_display()} {self.order_id}"

    def is_of(self, user: User) -> bool:
        """Whether this person made the order what it is, so that somebody else has to lift it."""
        return user.pk in (self.entered_by_id, self.edited_by_id, self.caused_by_id)

    @states.transition(state, State.OPEN, State.RELEASED)
    def release(self, at: datetime, by: User, reason: str) -> None:
        self.closed_at, self.closed_by, self.reason = at, by, reason

    @states.transition(state, State.OPEN, State.SUPERSEDED)
    def supersede(self, at: datetime) -> None:
        self.closed_at = at


class Shipment(Document):
    """Goods of one order that leave one warehouse together."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PICKED = "picked", _("Picked")
        PACKED = "packed", _("Packed")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    view_permission: ClassVar[str] = "orders.view"
    own_rows: ClassVar[str] = "order__customer__sales_rep"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    state = states.state_field(State, State.SHIPPED)  # no deed plans one yet (decision 0006)
    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", db_index=False)
    shipped_on = models.DateField(_("shipped on"), null=True)
    delivered_on = models.DateField(_("delivered on"), null=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", null=True, db_index=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = (
            models.UniqueConstraint(fields=["company", "number"], name="shipment_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["shipped", "delivered"])
                | (Q(shipped_on__isnull=False) & Q(number__isnull=False)),
                name="shipped_has_day_and_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_on__isnull=False),
                name="delivered_has_day",
            ),
        )
        indexes = (models.Index(fields=["company", "-shipped_on", "-id"], name="shipment_latest"),)

    @states.transition(state, State.PLANNED, State.PICKED)
    def pick(self) -> None:
        """Taken from the shelf."""

    @states.transition(state, State.PICKED, State.PACKED)
    def pack(self) -> None:
        """In the box."""

    @states.transition(state, [State.PLANNED, State.PICKED, State.PACKED], State.SHIPPED)
    def ship(self, number: str, shipped_on: date) -> None:
        self.number, self.shipped_on = number, shipped_on

    @states.transition(state, State.SHIPPED, State.DELIVERED)
    def deliver(self, delivered_on: date) -> None:
        self.delivered_on = delivered_on

    @states.transition(state, [State.PLANNED, State.PICKED, State.PACKED], State.CANCELLED)
    def cancel(self) -> None:
        """It never left."""


class ShipmentLine(models.Model):
    """What of an order line is in a shipment; `cost` is what left the stock value."""

    shipment = models.ForeignKey(
        Shipment, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="shipment_lines", db_constraint=False
    )
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    cost = models.DecimalField(_("cost"), max_digits=20, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipped_positive"),
        )

    def __str__(self) -> str:
        return f"{self.quantity}"
