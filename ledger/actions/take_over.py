"""Taking over the books of the system before: balances of accounts, and open items.

All of it stands in the opening journal against the account of opening balances, which is at zero
once both are complete. A dry run is the examination alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from core import bulk
from core.actions import action
from core.events import Fact, record
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger import items, posting, take_over
from ledger.drafts import BalanceDraft, ItemDraft
from ledger.models import Account, AccountRole, Entry, OpenItem
from partners.exposure import Moves
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
