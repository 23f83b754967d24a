"""Noting what was said to customers about what they owe."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core import bulk, clock, formats, in_hand
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.models import Company, rights
from core.refusals import Refused
from dunning.models import ContactNote
from ledger.models import OpenItem, Side
from partners.models import Customer
from users.models import User

Items = dict[int, list[tuple[int, str, int]]]  # customer → open items: id, source kind and id


@dataclass(frozen=True)
class Said:
    """What was said, by which way, and when to come back to it."""

    text: str
    channel: str = ContactNote.Channel.CALL
    spoke_with: str = ""
    next_contact_on: date | None = None


@action
def note_contacts(
    company: Company, customer_ids: Sequence[int], said: Said, *, by: User
) -> list[ContactNote]:
    """Notes one contact with each customer about all that is open there.

    Refuses an empty text, a next contact in the past, and a customer who owes nothing.
    """
    rights(by).require("dunning.note", company.pk)
    _check(company, said)
    wanted = sorted(set(customer_ids))
    known = Customer.objects.visible_to(by).filter(company=company, pk__in=wanted)
    items = _open_items(company, list(known.values_list("pk", flat=True)))
    in_hand.turn_away({pk: _owes_nothing(pk) for pk in wanted if pk not in items})
    return _write(company, items, said, by)


def _check(company: Company, said: Said) -> None:
    if not said.text.strip():
        say = _("Say what was said: the next one to call reads it.")
        raise Refused("contact.empty", say, field="text")
    today = clock.today(company)
    if said.next_contact_on and said.next_contact_on < today:
        say = _("The day to come back on lies in the past. Choose %(today)s or later.")
        raise Refused("contact.past", say % {"today": formats.day(today)}, field="next_contact_on")


def _owes_nothing(customer_id: int) -> Refused:
    return Refused(
        "contact.nothing_open",
        _("This customer owes nothing, so there is nothing to talk about here."),
        customer=customer_id,
    )


def _open_items(company: Company, customer_ids: Sequence[int]) -> Items:
    rows = OpenItem.objects.filter(
        company=company, customer__in=customer_ids, side=Side.DEBIT, open_amount__gt=0
    )
    items: Items = defaultdict(list)
    for customer, pk, kind, source in rows.order_by("due_on", "pk").values_list(
        "customer_id", "pk", "source_kind", "source_id"
    ):
        items[customer].append((pk, kind, source))
    return items


@inside_transaction
def _write(company: Company, items: Items, said: Said, by: User) -> list[ContactNote]:
    ids = bulk.take_ids({ContactNote: len(items)})[ContactNote]
    now = clock.now()
    columns = ("id", "company_id", "customer_id", "channel", "spoke_with", "text",
               "next_contact_on", "noted_at", "noted_by_id")  # fmt: skip
    words = (said.channel, said.spoke_with.strip(), said.text.strip(), said.next_contact_on)
    rows = [
        (pk, company.pk, customer, *words, now, by.pk)
        for pk, customer in zip(ids, items, strict=True)
    ]
    bulk.insert(ContactNote, columns, rows)
    about = [(pk, item[0]) for pk, found in zip(ids, items.values(), strict=True) for item in found]
    bulk.insert(ContactNote.items.through, ("contactnote_id", "openitem_id"), about)
    record(company, "contact.noted", [_fact(c, found, said) for c, found in items.items()], by=by)
    return list(ContactNote.objects.filter(pk__in=ids).order_by("pk"))


def _fact(customer_id: int, items: Sequence[tuple[int, str, int]], said: Said) -> Fact:
    """The event of the customer and of each document that was talked about, without the words."""
    documents = sorted({(kind, pk) for _item, kind, pk in items})
    back = said.next_contact_on and said.next_contact_on.isoformat()
    figures = {"channel": said.channel, "next_contact_on": back, "items": len(items)}
    return Fact([("customer", customer_id), *documents], figures)
