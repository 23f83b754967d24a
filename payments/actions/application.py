"""Applying receipts to invoices: without asking where the evidence allows, and by a person."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import bulk, clock, events
from core.actions import action
from core.formats import amount
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
from ledger import items
from ledger.models import OpenItem
from partners.exposure import Moves
from payments import candidates, settlement
from payments.findings import Finding, found_out, open_of
from payments.locking import company_of, lock_receipts, not_recorded
from payments.matching import Book, Part, decide_all
from payments.models import Receipt
from payments.settlement import THEIR_OWN_DAY, Application
from users.models import User

FOUND_OUT = ("id", "customer_id", "known_by", "finding", "evidence")


@action
def match_receipts(ids: Sequence[int], *, by: User) -> list[Receipt]:
    """Finds out what receipts pay; applies what is beyond doubt and notes the evidence on the rest.

    Returns the receipts that were applied. What a person took back is left to people.
    """
    if not ids:
        return []
    receipts = lock_receipts(ids, by, with_customer=False)
    company = company_of(receipts)
    rights(by).require("payments.apply", company.pk)
    todo = [r for r in receipts if not_recorded(r) is None and open_of(r)]
    if not todo:
        return []
    findings, credit_accounts = _find_out(company, todo)
    moves = Moves()
    _identify(findings, credit_accounts, moves)
    applications = [
        Application(f.receipt, f.verdict.parts, credit_accounts[f.receipt.customer_id or 0])
        for f in findings
        if f.verdict.automatic
    ]
    if applications:
        settlement.apply(company, applications, on=THEIR_OWN_DAY, by=by, moves=moves)
    else:
        moves.write()
    bulk.update(Receipt, FOUND_OUT, [f.row() for f in findings])
    return [application.receipt for application in applications]


def _find_out(
    company: Company, receipts: Sequence[Receipt]
) -> tuple[list[Finding], dict[int, int]]:
    """What speaks for an application of each, and the credit accounts of customers."""
    found = candidates.find(company, receipts)
    verdicts = decide_all(found.payments, Book(found.items))
    findings = [
        found_out(receipt, payment, verdicts[payment.id])
        for receipt, payment in zip(receipts, found.payments, strict=True)
    ]
    return findings, found.credit_accounts


def _identify(
    findings: Sequence[Finding], credit_accounts: Mapping[int, int], moves: Moves
) -> None:
    """Gives money of payers found out to them; their unapplied money counts from now on."""
    owners = {}
    for finding in findings:
        receipt = finding.receipt
        if finding.is_newly_known and receipt.customer_id:
            owners[receipt.open_item_id] = receipt.customer_id
            account = credit_accounts[receipt.customer_id]
            moves.add(account, receipt.currency, unapplied=open_of(receipt))
    if owners:
        items.identify(owners)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person applies a receipt to: parts of it, each for one open item."""

    receipt_id: int
    parts: Sequence[Part]


@action
def apply_receipts(choices: Sequence[Choice], *, by: User) -> list[Receipt]:
    """Applies receipts as a person chose. A payer not known yet is who owns what was chosen.

    Raises Refused when a receipt has less left than was chosen, an item less open, or the chosen
    items belong to somebody else.
    """
    if not choices:
        raise Refused("payments.nothing_chosen", _("Choose what the money is for."))
    receipts = lock_receipts([choice.receipt_id for choice in choices], by)
    if len(receipts) < len(choices):
        raise _chosen_twice(receipts, choices)
    company = company_of(receipts)
    rights(by).require("payments.apply", company.pk)
    owners = _owners(company, [item_id for choice in choices for item_id, _amount in choice.parts])
    moves, fresh, applications = Moves(), {}, []
    for receipt, choice in zip(receipts, choices, strict=True):
        customer_id, credit_account_id = _check(receipt, choice, owners)
        if receipt.customer_id is None:
            receipt.customer_id, receipt.known_by = customer_id, Receipt.KnownBy.APPLIED
            fresh[receipt.open_item_id] = customer_id
            moves.add(credit_account_id, receipt.currency, unapplied=open_of(receipt))
        applications.append(Application(receipt, choice.parts, credit_account_id))
    if fresh:
        items.identify(fresh)
    settlement.apply(company, applications, on=clock.today(company), by=by, moves=moves)
    known = Receipt.Finding.PAYER.value
    rows = [
        (r.pk, r.customer_id, r.known_by, known, False)
        for r in receipts
        if r.open_item_id in fresh or r.finding != known or r.on_account
    ]
    bulk.update(Receipt, ("id", "customer_id", "known_by", "finding", "on_account"), rows)
    return receipts


def _chosen_twice(receipts: Sequence[Receipt], choices: Sequence[Choice]) -> Refused:
    counts = Counter(choice.receipt_id for choice in choices)
    say = _("%(receipts)s is chosen more than once. Put all that one receipt pays in one choice.")
    names = ", ".join(str(receipt) for receipt in receipts if counts[receipt.pk] > 1)
    return Refused("payments.chosen_twice", say % {"receipts": names})


Owners = Mapping[int, tuple[int, int, str]]  # item → customer, credit account, document


def _owners(company: Company, item_ids: Collection[int]) -> Owners:
    rows = OpenItem.objects.filter(company=company, pk__in=item_ids, customer__isnull=False)
    return {
        pk: (customer_id, credit_account_id, document)
        for pk, customer_id, credit_account_id, document in rows.values_list(
            "pk", "customer", "customer__credit_account", "source_name"
        )
    }


def _check(receipt: Receipt, choice: Choice, owners: Owners) -> tuple[int, int]:
    """The one customer all chosen items belong to, and the credit account."""
    if why := not_recorded(receipt):
        raise why
    total = sum((part for _item, part in choice.parts), ZERO)
    if not choice.parts or any(part <= 0 for _item, part in choice.parts):
        raise Refused("payments.nothing_chosen", _("Choose what the money is for."))
    left = open_of(receipt)
    if total > left:
        raise _too_much(receipt, total, left)
    found = {owners[item_id] for item_id, _part in choice.parts if item_id in owners}
    customers = {(customer_id, account_id) for customer_id, account_id, _document in found}
    if len(customers) != 1:
        say = _(
            "Choose open items of one customer. For several, split the money by applying twice."
        )
        raise Refused("payments.several_customers", say)
    customer_id, credit_account_id = customers.pop()
    if receipt.customer_id not in (None, customer_id):
        say = _(
            "%(documents)s is not owed by %(customer)s, from whom %(receipt)s came. Change the "
            "payer of the receipt first."
        )
        documents = ", ".join(sorted({document for *_ids, document in found}))
        words = {"documents": documents, "customer": receipt.customer, "receipt": receipt}
        raise Refused("payments.other_customer", say % words)
    return customer_id, credit_account_id


def _too_much(receipt: Receipt, total: Decimal, left: Decimal) -> Refused:
    say = _("%(total)s is more than %(receipt)s has left: %(left)s. Take off %(over)s.")
    words = {
        "receipt": receipt,
        "total": amount(total, receipt.currency, code=True),
        "left": amount(left, receipt.currency, code=True),
        "over": amount(total - left, receipt.currency, code=True),
    }
    return Refused("payments.too_much", say % words, total=total, left=left, over=total - left)


@action
def unapply_receipts(
    ids: Sequence[int], *, by: User, allocation_ids: Collection[int] | None = None
) -> list[Receipt]:
    """Takes back what receipts were applied to, all of it or the given allocations.

    What they paid is open again as before. The money is back on the worklist with what matching
    finds out about it, as before it was applied, but waits for a person now.
    """
    if not ids:
        return []
    receipts = lock_receipts(ids, by)
    company = company_of(receipts)
    rights(by).require("payments.apply", company.pk)
    live = settlement.live_allocations(receipts)
    chosen = {
        pk: [row for row in rows if allocation_ids is None or row.pk in allocation_ids]
        for pk, rows in live.items()
    }
    for receipt in receipts:
        if why := not_recorded(receipt):
            raise why
        if not chosen.get(receipt.pk):
            say = _("%(receipt)s is not applied to anything, so there is nothing to take back.")
            raise Refused("payments.not_applied", say % {"receipt": receipt})
    moves, days = Moves(), dict.fromkeys(chosen, clock.today(company))
    settlement.take_back(company, receipts, chosen, days=days, by=by, moves=moves)
    for receipt in receipts:
        receipt.open_item.open_amount += sum((row.amount for row in chosen[receipt.pk]), ZERO)
        receipt.on_account, receipt.hands_off = False, True
    _forget_payers(receipts, moves)
    findings, credit_accounts = _find_out(company, receipts)
    _identify(findings, credit_accounts, moves)
    moves.write()
    rows = [(*f.row(), f.receipt.on_account, f.receipt.hands_off) for f in findings]
    bulk.update(Receipt, (*FOUND_OUT, "on_account", "hands_off"), rows)
    return receipts


def _forget_payers(receipts: Sequence[Receipt], moves: Moves) -> None:
    """Whom only an application spoke for is not known as the payer once all of it is taken back."""
    owners: dict[int, None] = {}
    for receipt in receipts:
        all_back = open_of(receipt) == receipt.amount
        if all_back and receipt.customer and receipt.known_by == Receipt.KnownBy.APPLIED:
            account = receipt.customer.credit_account_id
            moves.add(account, receipt.currency, unapplied=-open_of(receipt))
            owners[receipt.open_item_id] = None
            receipt.customer, receipt.known_by = None, ""
    if owners:
        items.identify(owners)


@action
def leave_on_account(ids: Sequence[int], *, by: User) -> list[Receipt]:
    """Leaves money unapplied on purpose: it belongs to the customer and off the worklist."""
    if not ids:
        return []
    receipts = lock_receipts(ids, by)
    company = company_of(receipts)
    rights(by).require("payments.apply", company.pk)
    for receipt in receipts:
        if why := not_recorded(receipt) or _no_account(receipt):
            raise why
    bulk.update(Receipt, ("id", "on_account"), [(r.pk, True) for r in receipts])
    facts = [
        events.Fact(
            [("receipt", r.pk), ("customer", r.customer_id or 0)],
            {"amount": open_of(r), "currency": r.currency},
        )
        for r in receipts
    ]
    events.record(company, "receipt.left_on_account", facts, by=by)
    return receipts


def _no_account(receipt: Receipt) -> Refused | None:
    if receipt.customer_id is None:
        say = _("Nobody knows yet whose account %(receipt)s belongs to. Name the payer first.")
        return Refused("receipt.no_payer", say % {"receipt": receipt})
    if not open_of(receipt):
        say = _("%(receipt)s is applied in full; nothing is left of it.")
        return Refused("receipt.nothing_left", say % {"receipt": receipt})
    return None
