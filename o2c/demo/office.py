"""The office of the demo: holds, what the bank left over, collected bills, calls, month ends."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F

from core import follow_ups
from dunning.actions import Said, note_contacts
from dunning.models import ContactNote
from invoicing.actions import issue_invoices
from invoicing.models import Billable, Invoice
from ledger.actions import close_periods
from ledger.models import AccountRole, OpenItem, Period
from o2c.demo.founding import Stage
from o2c.demo.habits import BANKRUPT
from orders.actions import release_holds
from orders.models import Hold, Order
from partners.actions import change_contacts
from partners.drafts import ContactDraft
from partners.editing import Versions
from partners.models import Contact
from payments.actions import Choice, apply_receipts, book_transactions
from payments.models import BankTransaction, Receipt

CALLS_A_WEEK = 6
CALLED_AFTER = timedelta(days=10)  # past the due day
ANSWERS = (
    "Will pay with the next run, on Friday.",
    "Says the invoice never came; sent it again.",
    "The buyer has to sign for it first. Call again next week.",
    "Nobody there; left a message with the front desk.",
    "Waits for a payment of its own, asks for two more weeks.",
    "Has paid half, the rest follows at the end of the month.",
)


def let_orders_go(stage: Stage) -> None:
    """The credit controller lets orders go, but not those of the one that stopped paying."""
    bankrupt = [a.customer.pk for a in stage.accounts if a.habit is BANKRUPT]
    held = (
        Hold.objects.filter(order__company=stage.company, state=Hold.State.OPEN)
        .exclude(order__customer__in=bankrupt)
        .values_list("pk", flat=True)
    )
    if ids := list(held):
        release_holds(ids, "Spoke to them, payment is on its way", by=stage.people["carlos"])
        follow_ups.work_off(stage.company)


def apply_by_hand(stage: Stage, until: date) -> None:
    """The accountant applies what no rule matched to the customer's oldest open invoices."""
    waiting = Receipt.objects.filter(
        company=stage.company,
        received_on__lte=until,
        customer__isnull=False,
        open_item__open_amount__gt=0,
    ).select_related("open_item")
    one_a_customer = {receipt.customer_id: receipt for receipt in waiting}
    found = [(receipt.pk, _oldest_open(receipt)) for receipt in one_a_customer.values()]
    if choices := [Choice(pk, parts) for pk, parts in found if parts]:
        apply_receipts(choices, by=stage.people["anna"])


def _oldest_open(receipt: Receipt) -> list[tuple[int, Decimal]]:
    left, parts = receipt.open_item.open_amount, []
    for item in OpenItem.objects.filter(
        customer=receipt.customer_id,
        account_role=AccountRole.AR_CONTROL,
        currency=receipt.currency,
        open_amount__gt=0,
    ).order_by("due_on", "pk"):
        part = min(left, item.open_amount)
        if part > 0:
            parts.append((item.pk, part))
            left -= part
    return parts


def book_fees(stage: Stage) -> None:
    """What the bank took for itself."""
    fees = BankTransaction.objects.filter(
        company=stage.company, state=BankTransaction.State.NEW, amount__lt=0
    )
    book_transactions(list(fees.values_list("pk", flat=True)), by=stage.people["anna"])


def bill_what_was_collected(stage: Stage, on: date) -> None:
    """In the first days of a month, customers who want it so get one invoice for the last one."""
    waiting = Billable.objects.filter(company=stage.company, invoice=None)
    if on.day <= 7 and (ids := list(waiting.values_list("pk", flat=True))):
        issue_invoices(stage.company, ids, by=stage.people["anna"])
        follow_ups.work_off(stage.company)


def call_who_is_late(stage: Stage, on: date) -> None:
    """The collector calls those who owe most of what is late, and says when to come back to it."""
    late = OpenItem.objects.filter(
        company=stage.company,
        account_role=AccountRole.AR_CONTROL,
        open_amount__gt=0,
        due_on__lt=on - CALLED_AFTER,
    )
    called = ContactNote.objects.filter(company=stage.company, next_contact_on__gt=on)
    late = late.exclude(customer__in=called.values("customer"))
    owing = late.order_by("-open_amount", "pk").values_list("customer_id", flat=True)
    for customer_id in list(dict.fromkeys(owing))[:CALLS_A_WEEK]:
        back = on + timedelta(days=stage.random.randint(4, 16))
        said = Said(stage.random.choice(ANSWERS), spoke_with="Accounts", next_contact_on=back)
        note_contacts(stage.company, [customer_id], said, by=stage.people["chiara"])


def note_letters_of_the_past(stage: Stage) -> None:
    """Invoices of the past went out on their day, though made-up history sends no mail."""
    rows = Invoice.objects.filter(company=stage.company, number__isnull=False, sent_at=None)
    rows.update(sent_at=F("created_at"))


def close_months(stage: Stage, on: date) -> None:
    """From the eighth on, the months that are over are closed."""
    over = Period.objects.filter(
        company=stage.company, state=Period.State.OPEN, ends_on__lt=on.replace(day=1)
    )
    if on.day >= 8 and (ids := list(over.values_list("pk", flat=True))):
        close_periods(ids, by=stage.people["clara"], confirmed=True)


def lose_an_address(stage: Stage, order_id: int) -> None:
    """Who takes this customer's invoices has moved and left no address; the next one waits."""
    customer = Order.objects.select_related("customer__partner").get(pk=order_id).customer
    others = Contact.objects.filter(partner=customer.partner, archived_at=None).exclude(
        purpose=Contact.Purpose.INVOICES
    )
    kept = [(row.pk, ContactDraft(row.email, row.name, row.phone, row.purpose)) for row in others]
    why, seen = "Accounts has moved, the new address follows", Versions.of(customer)
    change_contacts(customer, kept, seen=seen, by=stage.people["ada"], reason=why)
