"""Taking over the books of the system before: balances of accounts, and open items.

All of it stands in the opening journal against the account of opening balances, which is at zero
once both are complete. A dry run is the examination alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger import items, posting, reversal, settlement, take_over
from ledger.drafts import BalanceDraft, ItemDraft
from ledger.models import Account, AccountRole, Entry, OpenItem, Side
from ledger.settlement import Pair
from partners.exposure import Moves
from partners.models import Customer
from users.models import User


@action
def take_over_balances(
    company: Company, drafts: Sequence[BalanceDraft], *, on: date, by: User, name: str = ""
) -> list[Entry]:
    """Posts the balances of accounts without subledger as one entry on `on`.

    Raises the first refusal of a line; `ledger.take_over.examine_balances` tells them all.
    """
    rights(by).require("ledger.take_over", company.pk)
    _one_at_a_time(company)
    event = take_over.next_event(company)
    examined = take_over.examine_balances(company, drafts, on)
    _refuse(examined.problems)
    draft = take_over.balances_entry(company, examined.found, event, on, name)
    posted = [entry for entry in posting.post(company, [draft], by=by) if entry]
    entries = list(Entry.objects.filter(pk__in=[entry.id for entry in posted]))
    facts = [Fact([("entry", entry.pk)], {"lines": len(drafts)}) for entry in entries]
    record(company, "balances.taken_over", facts, by=by)
    return entries


@action
def take_over_open_items(
    company: Company, drafts: Sequence[ItemDraft], *, on: date, by: User
) -> list[OpenItem]:
    """Opens items with their due dates and numbers, each with an entry on `on`, and the exposure.

    Raises the first refusal of a line; `ledger.take_over.examine_items` tells them all.
    """
    rights(by).require("ledger.take_over", company.pk)
    _one_at_a_time(company)
    examined = take_over.examine_items(company, drafts, on)
    _refuse(examined.problems)
    if not drafts:
        return []
    ids = bulk.take_ids({OpenItem: len(drafts)})[OpenItem]
    entries = [
        take_over.item_entry(item, pk, on) for pk, item in zip(ids, examined.found, strict=True)
    ]
    posting.post(company, entries, by=by)
    items.open_items(
        company,
        [take_over.new_item(item, pk, on) for pk, item in zip(ids, examined.found, strict=True)],
        ids,
    )
    _move_exposure(examined.found)
    record(company, "item.taken_over", [Fact([("open_item", pk)]) for pk in ids], by=by)
    return list(OpenItem.objects.filter(pk__in=ids).order_by("pk"))


@action
def take_back_open_items(ids: Sequence[int], *, by: User) -> list[OpenItem]:
    """Takes wrong items that nothing settled out of the books; they may be taken over anew.

    The entry of each is reversed, on its own day or the first open one after it, and an item on
    the other side closes it. No document above has one of these, so that none has to follow.
    Raises Refused `take_over.used` or `take_over.taken_back`.
    """
    found = _locked(ids, by)
    company = found[0].company
    rights(by).require("ledger.take_over", company.pk)
    for item in found:
        if problem := reversal.why_not_taken_back(item):
            raise problem
    counters = dict(
        zip([i.pk for i in found], bulk.take_ids({OpenItem: len(found)})[OpenItem], strict=True)
    )
    _reverse(company, found, counters, by)
    now = clock.now()
    marked = sorted((pk, now) for pk in (*counters, *counters.values()))
    bulk.update(OpenItem, ("id", "taken_back_at"), marked)
    record(company, "item.taken_back", [Fact([("open_item", item.pk)]) for item in found], by=by)
    return found


def _locked(ids: Sequence[int], by: User) -> list[OpenItem]:
    """The items as they are under their locks; unknown are those of documents, and of others."""
    mine = OpenItem.objects.visible_to(by).filter(source_kind=take_over.ITEM, position=1)
    known = mine.filter(pk__in=ids).values_list("pk", "company")
    if not known or len(known) != len(set(ids)) or len({company for _pk, company in known}) > 1:
        raise Refused("take_over.unknown_item", _("This open item does not exist."))
    locked = settlement.lock_items(pk for pk, _company in known)
    return list(locked.values())


@inside_transaction
def _reverse(
    company: Company, found: Sequence[OpenItem], counters: Mapping[int, int], by: User
) -> None:
    entries = {
        entry.source_id: entry
        for entry in Entry.objects.filter(
            company=company,
            source_kind=take_over.ITEM,
            source_id__in=counters,
            event=take_over.EVENT,
        )
    }
    in_order = [entries[item.pk] for item in found]
    posted = posting.reverse(company, in_order, by=by, items=counters)
    against = [
        reversal.counter_item(item, entry.posting_date)
        for item, entry in zip(found, posted, strict=True)
    ]
    items.open_items(company, against, list(counters.values()))
    pairs = [_pair(item, counters[item.pk]) for item in found]
    settlement.allocate(company, pairs, on=date.min, by=by, action="taken_back")
    _lower_exposure(found)


def _pair(item: OpenItem, counter_id: int) -> Pair:
    debit, credit = (item.pk, counter_id) if item.side == Side.DEBIT else (counter_id, item.pk)
    return Pair(debit, credit, item.amount)


def _lower_exposure(found: Sequence[OpenItem]) -> None:
    customers = Customer.objects.filter(pk__in={item.customer_id for item in found})
    accounts = dict(customers.values_list("pk", "credit_account_id"))
    moves = Moves()
    for item in found:
        if item.customer_id:
            moves.add_item(accounts[item.customer_id], item.currency, item.side, -item.amount)
    moves.write()


def _one_at_a_time(company: Company) -> None:
    """Holds the account all of it stands against, so that nobody else takes over the same."""
    lock(Account.objects.filter(company=company, role=AccountRole.OPENING_BALANCE))


def _move_exposure(found: Sequence[take_over.FoundItem]) -> None:
    moves = Moves()
    for item in found:
        if item.credit_account_id:
            moves.add_item(item.credit_account_id, item.draft.currency, item.side, item.amount)
    moves.write()


def _refuse(problems: Mapping[int, Refused]) -> None:
    for place, problem in problems.items():
        raise Refused(
            problem.code,
            _("Row %(row)d: %(problem)s Nothing was taken over.")
            % {"row": place + 1, "problem": problem.message},
            **problem.numbers,
        )
