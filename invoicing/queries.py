"""Reads for the pages of invoicing: documents with their derived status, and what waits."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from core.models import Company, DocumentLink, FollowUp
from core.money import ZERO
from invoicing.models import Billable, BillingRule, Invoice, InvoiceLine, Status
from ledger.models import Allocation, OpenItem, Side
from orders.models import Order, Shipment
from partners.models import Contact
from users.models import User

BILLING = "invoicing.tasks.invoice_shipments"
SENDING = "invoicing.tasks.send_invoices"
MOST_BESIDE = 100


def invoices(user: User, company: Company) -> QuerySet[Invoice]:
    """Invoices and credit notes of a company that a person may see, with what lists show.

    `in_base` is the total in the company's currency and `owed` what is open, `owed_in_base` in the
    company's currency; all are below zero for a credit note.
    """
    rows: QuerySet[Invoice] = Invoice.objects.visible_to(user).filter(company=company)
    signed = {
        name: Case(When(kind=Invoice.Kind.CREDIT_NOTE, then=-field), default=field)
        for name, field in (
            ("in_base", F("base_gross")),
            ("owed", F("open_amount")),
            ("owed_in_base", open_in_base()),
        )
    }
    return rows.select_related("company", "customer__partner").annotate(
        **signed, ordered_on=first_order_day()
    )


def first_order_day() -> Subquery:
    """The day of the order that an invoice bills; of several, of the first."""
    found = DocumentLink.objects.filter(
        from_kind="order", to_kind="invoice", to_id=OuterRef("pk")
    ).values("from_id")
    orders = Order.objects.filter(pk__in=found).order_by("ordered_on")
    return Subquery(orders.values("ordered_on")[:1])


def open_in_base() -> Case:
    """What is open of a document in the company's currency, as the ledger carries it."""
    items = OpenItem.objects.filter(source_kind="invoice", source_id=OuterRef("pk"))
    total = items.order_by().values("source_id").annotate(total=Sum("open_base_amount"))
    return Case(When(open_amount__gt=0, then=Subquery(total.values("total"))))


def late_since(today: date) -> Subquery:
    """The due day of the oldest late instalment of an invoice; none where nothing is late."""
    return Subquery(overdue_items(today).order_by("due_on").values("due_on")[:1])


def overdue_amount(today: date, field: str = "open_amount") -> Case:
    """What of an invoice is late: its late instalments alone; none where nothing is."""
    late = overdue_items(today).order_by().values("source_id")
    total = Subquery(late.annotate(total=Sum(field)).values("total"))
    return Case(When(state=Invoice.State.ISSUED, then=total))


def with_status(rows: QuerySet[Invoice], today: date) -> QuerySet[Invoice]:
    """Adds `late_since`, `overdue` (and in the company's currency) and the derived `status`.

    Credited goes before paid, late before partly.
    """
    note = Q(kind=Invoice.Kind.CREDIT_NOTE)
    part = Q(open_amount__gt=0, open_amount__lt=F("gross"))
    choices = [
        When(state="draft", then=Value(Status.DRAFT)),
        When(state="cancelled", then=Value(Status.CANCELLED)),
        When(note & Q(open_amount=0), then=Value(Status.APPLIED)),
        When(note & part, then=Value(Status.PARTLY_APPLIED)),
        When(Q(open_amount=0, gross__gt=0) & ~Exists(_paid()), then=Value(Status.CREDITED)),
        When(open_amount=0, then=Value(Status.PAID)),
        When(~note & Q(late_since__isnull=False), then=Value(Status.OVERDUE)),
        When(part, then=Value(Status.PARTLY_PAID)),
        When(sent_at__isnull=False, then=Value(Status.SENT)),
    ]
    status = Case(*choices, default=Value(Status.ISSUED), output_field=CharField())
    late = {
        "late_since": late_since(today),
        "overdue": overdue_amount(today),
        "overdue_in_base": overdue_amount(today, "open_base_amount"),
    }
    return rows.annotate(**late).annotate(status=status)


def _paid() -> QuerySet[Any, Any]:
    """Money, not credit, that still stands against an invoice."""
    return (
        Allocation.objects.filter(
            debit_item__source_kind="invoice", debit_item__source_id=OuterRef("pk")
        )
        .exclude(credit_item__source_kind="invoice")
        .values("credit_item")
        .annotate(total=Sum("amount"))
        .filter(total__gt=ZERO)
    )


def unsent(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """What is owed and never left, though its customer keeps an address for invoices."""
    wants_mail = Contact.objects.filter(
        partner=OuterRef("customer__partner"),
        purpose=Contact.Purpose.INVOICES,
        archived_at=None,
    )
    return rows.filter(Exists(wants_mail), state=Invoice.State.ISSUED, sent_at=None)


def overdue_items(today: date) -> QuerySet[OpenItem]:
    """Open instalments of an outer invoice that were due before today."""
    return OpenItem.objects.filter(
        source_kind="invoice",
        source_id=OuterRef("pk"),
        side=Side.DEBIT,
        open_amount__gt=0,
        due_on__lt=today,
    )


def lines(invoice: Invoice) -> list[InvoiceLine]:
    """The lines of a document with their rates."""
    return list(invoice.lines.select_related("tax_code"))


def billables(user: User, company: Company) -> QuerySet[Billable]:
    """What was supplied, billed or not, as far as a person may see it."""
    rows: QuerySet[Billable] = Billable.objects.visible_to(user).filter(company=company)
    return rows


def waiting(user: User, company: Company) -> QuerySet[Billable]:
    """What may be invoiced and waits for somebody to do it."""
    return (
        billables(user, company)
        .filter(invoice=None)
        .select_related("customer__partner", "order_line__order", "order_line__product__unit")
    )


def deliveries(rows: QuerySet[Billable]) -> QuerySet[Billable]:
    """One row for each delivery of which something waits: the first, with the `total` of all."""
    same = rows.filter(shipment_id=OuterRef("shipment_id"))
    total = same.order_by().values("shipment_id").annotate(total=Sum("net")).values("total")
    first = Subquery(same.order_by("pk").values("pk")[:1])
    number = Shipment.objects.filter(pk=OuterRef("shipment_id")).values("number")
    return rows.filter(pk=first).annotate(total=Subquery(total), delivery=Subquery(number))


def parked(user: User, company: Company) -> list[FollowUp]:
    """Billing and sending that could not be done, with the reason; for those who may see it."""
    rows = FollowUp.objects.visible_to(user).filter(
        company=company, handler__in=(BILLING, SENDING), parked_at__isnull=False, done_at=None
    )
    return list(rows.order_by("parked_at")[:50])


def rules(user: User, company: Company) -> QuerySet[BillingRule]:
    """Customers whose bills are not simply issued for each shipment."""
    rows: QuerySet[BillingRule] = BillingRule.objects.visible_to(user).filter(company=company)
    return rows.select_related("customer__partner")


def left_to_credit(invoice: Invoice) -> dict[int, Decimal]:
    """The quantity of each line that no credit note has taken yet."""
    done = dict(
        InvoiceLine.objects.filter(invoice__corrects=invoice)
        .values_list("corrects")
        .annotate(Sum("quantity"))
        .order_by()
    )
    rows = invoice.lines.values_list("pk", "quantity")
    return {pk: quantity - done.get(pk, ZERO) for pk, quantity in rows}


def credit_of(note: Invoice) -> OpenItem | None:
    """The open item of a credit note; none where it came to nothing."""
    return OpenItem.objects.filter(source_kind="invoice", source_id=note.pk).first()


def open_beside(credit: OpenItem) -> list[OpenItem]:
    """What a credit may be applied to: what a note corrects first, then the earliest due."""
    rows = OpenItem.objects.filter(
        company=credit.company_id,
        customer=credit.customer_id,
        currency=credit.currency,
        side=Side.DEBIT,
        open_amount__gt=0,
    )
    notes = Invoice.objects.filter(pk=credit.source_id) if credit.source_kind == "invoice" else None
    corrected = notes.values_list("corrects", flat=True).first() if notes else None
    is_first = Case(When(source_kind="invoice", source_id=corrected, then=0), default=1)
    return list(rows.order_by(is_first, "due_on", "pk")[:MOST_BESIDE])
