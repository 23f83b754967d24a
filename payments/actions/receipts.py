"""Recording money that came in; reversing receipts that were none or that the bank took back."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Min
from django.utils.translation import gettext as _

from core import bulk, clock, events, in_hand, states
from core.actions import action
from core.formats import amount
from core.models import Company, rights
from core.money import minor_digits, round_amount
from core.refusals import Refused
from ledger.models import BankAccount
from payments import booking, reversal
from payments.booking import Incoming
from payments.locking import (
    company_of,
    lock_receipts,
    lock_transactions,
    not_recorded,
    not_to_decide,
)
from payments.models import BankStatement, BankTransaction, Receipt
from users.models import User


@action
def record_receipts(transaction_ids: Sequence[int], *, by: User) -> list[Receipt]:
    """Records incoming payments of bank statements as receipts of their payers.

    Refuses what went out, what the bank gave back, and what is recorded already; matching follows.
    """
    if not transaction_ids:
        return []
    transactions = lock_transactions(transaction_ids, by)
    company = company_of(transactions)
    rights(by).require("payments.apply", company.pk)
    if in_hand.following_up():
        transactions = [t for t in transactions if t.state == BankTransaction.State.NEW]
    refused = {t.pk: why for t in transactions if (why := not_to_decide(t) or _no_payment(t))}
    in_hand.turn_away(refused)
    good = [t for t in transactions if t.pk not in refused]
    receipts = booking.record(company, [_incoming(t) for t in good], by=by)
    states.apply(good, BankTransaction.record)
    return receipts


def _no_payment(transaction: BankTransaction) -> Refused | None:
    if transaction.amount > 0 and not transaction.is_reversal:
        return None
    if transaction.amount > 0:
        say = _(
            "By %(transaction)s the bank gives back a payment of ours; nobody paid an invoice. "
            "Book it to the account of that payment, or set it aside."
        )
    else:
        say = _("%(transaction)s went out of the account. Book it, or set it aside.")
    return Refused("receipt.no_payment", say % {"transaction": transaction})


def _incoming(transaction: BankTransaction) -> Incoming:
    return Incoming(
        account=transaction.statement.bank_account,
        received_on=transaction.value_on,
        amount=transaction.amount + transaction.charges,
        charges=transaction.charges,
        payer=transaction.counterparty,
        text=transaction.remittance,
        transaction_id=transaction.pk,
    )


@action
def enter_receipts(company: Company, drafts: Sequence[Incoming], *, by: User) -> list[Receipt]:
    """Records money that comes by no statement: cash, cheques, accounts kept by hand."""
    rights(by).require("payments.apply", company.pk)
    for draft in drafts:
        _check(company, draft)
    by_account = BankStatement.objects.filter(
        bank_account__in={d.account for d in drafts}, chain_position__isnull=False
    )
    since = dict(by_account.values_list("bank_account").annotate(Min("from_date")))
    for draft in drafts:
        if draft.account.pk in since and draft.received_on >= since[draft.account.pk]:
            raise _by_statement(draft.account, since[draft.account.pk])
    return booking.record(company, drafts, by=by)


def _by_statement(account: BankAccount, since: date) -> Refused:
    say = _(
        "%(account)s is kept by bank statements since %(day)s. Import the statement; the payment "
        "is in it."
    )
    return Refused("receipt.by_statement", say % {"account": account, "day": since})


def _check(company: Company, draft: Incoming) -> None:
    currency = draft.account.currency
    if draft.account.company_id != company.pk or (
        draft.customer and draft.customer.company_id != company.pk
    ):
        raise Refused("receipt.other_company", _("The account or customer is not found here."))
    if draft.amount <= 0 or not 0 <= draft.charges < draft.amount:
        raise Refused("receipt.no_amount", _("The amount received must be above zero."))
    if draft.amount != round_amount(draft.amount, currency):
        say = _("%(currency)s has %(digits)d decimals; %(amount)s has more.")
        words = {"currency": currency, "digits": minor_digits(currency), "amount": draft.amount}
        raise Refused("receipt.too_fine", say % words)
    if draft.received_on > clock.today(company):
        raise Refused("receipt.in_future", _("The day received lies in the future."))


@action
def reverse_receipts(ids: Sequence[int], *, by: User, reason: str) -> list[Receipt]:
    """Takes receipts out of the books that were recorded in error.

    What they paid is open again, and their bank transactions wait for another decision.
    """
    receipts = _lock_for_reversal(ids, by, reason)
    company = company_of(receipts)
    transactions = lock_transactions([r.transaction_id for r in receipts if r.transaction_id], by)
    days = [clock.today(company)] * len(receipts)
    reversal.reverse(company, receipts, days, reason=reason, by=by)
    states.apply(transactions, BankTransaction.take_back, ("reason", "entry_id"))
    return receipts


@action
def return_receipts(returned: Mapping[int, int], *, by: User, reason: str) -> list[Receipt]:
    """Reverses receipts that the bank took back by transactions of their own (receipt → that).

    A bounced direct debit or a recalled transfer: the entry of the reversal books the transaction.
    """
    receipts = _lock_for_reversal(list(returned), by, reason)
    company = company_of(receipts)
    if len(set(returned.values())) < len(returned):
        raise Refused("receipt.returned_twice", _("One bank entry takes back one receipt."))
    transactions = lock_transactions([returned[r.pk] for r in receipts], by)
    for receipt, transaction in zip(receipts, transactions, strict=True):
        if why := not_to_decide(transaction) or _other_money(receipt, transaction):
            raise why
        receipt.returned_by = transaction
    days = [t.value_on for t in transactions]
    reversal.reverse(company, receipts, days, reason=reason, by=by)
    states.apply(transactions, BankTransaction.record)
    return receipts


@action
def undo_returns(ids: Sequence[int], *, by: User) -> list[Receipt]:
    """Takes the returns off receipts where the bank took back another payment than was chosen.

    The receipts stay reversed; the bank transactions by which they came and went wait for another
    decision.
    """
    receipts = lock_receipts(ids, by)
    if not receipts:
        return []
    company = company_of(receipts)
    rights(by).require("payments.reverse", company.pk)
    for receipt in receipts:
        if receipt.returned_by_id is None:
            say = _("%(receipt)s was not taken back by the bank, so there is nothing to undo.")
            raise Refused("receipt.not_returned", say % {"receipt": receipt})
    pairs = {r.pk: [pk for pk in (r.transaction_id, r.returned_by_id) if pk] for r in receipts}
    transactions = lock_transactions([pk for pair in pairs.values() for pk in pair], by)
    bulk.update(Receipt, ("id", "returned_by_id"), [(receipt.pk, None) for receipt in receipts])
    states.apply(transactions, BankTransaction.take_back, ("reason", "entry_id"))
    facts = [
        events.Fact([("receipt", receipt_id), *(("transaction", pk) for pk in pair)])
        for receipt_id, pair in pairs.items()
    ]
    events.record(company, "receipt.return_undone", facts, by=by)
    return receipts


def _lock_for_reversal(ids: Sequence[int], by: User, reason: str) -> list[Receipt]:
    if not reason.strip():
        raise Refused("receipt.no_reason", _("Say why: the reason stays with the receipt."))
    if not ids:
        raise Refused("payments.not_found", _("Choose at least one receipt."))
    receipts = lock_receipts(ids, by)
    rights(by).require("payments.reverse", receipts[0].company_id)
    for receipt in receipts:
        if why := not_recorded(receipt):
            raise why
    return receipts


def _other_money(receipt: Receipt, transaction: BankTransaction) -> Refused | None:
    """A return takes exactly the received money from the same account."""
    taken = -transaction.amount
    same_account = transaction.statement.bank_account_id == receipt.bank_account_id
    if same_account and taken == receipt.amount - receipt.charges:
        return None
    say = _(
        "%(receipt)s of %(amount)s is not what %(transaction)s took back. Choose the receipt with "
        "this amount on this account."
    )
    words = {
        "receipt": receipt,
        "amount": amount(receipt.amount, receipt.currency, code=True),
        "transaction": transaction,
    }
    return Refused("receipt.other_money", say % words)
