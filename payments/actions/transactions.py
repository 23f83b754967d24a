"""What is no receipt: fees, transfers and the like, booked to an account or set aside."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock, events, states
from core.actions import action
from core.models import Company, rights
from core.refusals import Refused
from ledger import posting, rates
from ledger.models import Account, AccountRole, BankAccount, Entry, Journal
from ledger.models.accounts import CONTROL_ROLES
from ledger.posting import Draft, Line
from payments.locking import company_of, lock_transactions, not_to_decide
from payments.models import BankTransaction, Receipt
from users.models import User


@action
def book_transactions(
    ids: Sequence[int], *, by: User, account: Account | None = None, text: str = ""
) -> list[BankTransaction]:
    """Books transactions against an account, bank fees unless another one is chosen.

    Dated by the value date or the first open day after it. Refuses accounts that only a subledger
    posts to, accounts of banks, and transactions of no money, which are set aside.
    """
    transactions = lock_transactions(ids, by)
    if not transactions:
        return []
    company = company_of(transactions)
    rights(by).require("payments.apply", company.pk)
    _check_account(company, account)
    for transaction in transactions:
        if why := not_to_decide(transaction) or _not_to_book(transaction):
            raise why
    found = rates.find_rates(company, {(t.currency, t.value_on) for t in transactions})
    drafts = [_draft(company, t, found[t.currency, t.value_on], account) for t in transactions]
    drafts = [draft._replace(text=text[:200]) for draft in drafts]
    for transaction, entry in zip(transactions, posting.post(company, drafts, by=by), strict=True):
        transaction.entry_id = entry.id if entry else None
    states.apply(transactions, BankTransaction.record, ("entry_id", "times_booked"))
    _record(company, "transaction.booked", transactions, by)
    return transactions


def _draft(
    company: Company, transaction: BankTransaction, rate: Decimal, account: Account | None
) -> Draft:
    """The entry of a transaction; each time it is booked anew it has an event of its own."""
    transaction.times_booked += 1
    base = rates.to_base(transaction.amount, rate, company)
    bank = transaction.statement.bank_account.account_id
    line = Line(None, base, transaction.currency, transaction.amount, bank)
    return Draft(
        Journal.CASH,
        transaction.value_on,
        ("transaction", transaction.pk, transaction.name),
        f"booked_{transaction.times_booked}",
        [line, _against(account, line)],
        or_first_open_day=True,
    )


def _against(account: Account | None, line: Line) -> Line:
    role = None if account else AccountRole.BANK_FEES
    return Line(
        role, -line.base_amount, line.currency, -line.amount, account.pk if account else None
    )


def _check_account(company: Company, account: Account | None) -> None:
    if account is None:
        return
    if account.company_id != company.pk or account.archived_at:
        raise Refused("transaction.no_account", _("This account is not in the chart."))
    if account.role in CONTROL_ROLES:
        say = _(
            "%(account)s only takes what receivables, payables and stock post. Choose another "
            "account; money of a customer is recorded as a receipt."
        )
        raise Refused("transaction.control_account", say % {"account": account})
    if BankAccount.objects.filter(account=account).exists():
        raise _bank_account(account)


def _bank_account(account: Account) -> Refused:
    transit = Account.objects.filter(
        company=account.company_id, role=AccountRole.PAYMENT_CLEARING, archived_at=None
    ).first()
    say = _(
        "%(account)s is a bank account, which its own statement keeps: this would be booked "
        "twice. Book what left here and what arrives there to %(transit)s each."
    )
    words = {"account": account, "transit": transit or AccountRole.PAYMENT_CLEARING.label}
    return Refused("transaction.bank_account", say % words)


def _not_to_book(transaction: BankTransaction) -> Refused | None:
    if transaction.amount:
        return None
    say = _("By %(transaction)s no money moved, so there is nothing to book. Set it aside instead.")
    return Refused("transaction.no_money", say % {"transaction": transaction})


@action
def set_aside_transactions(ids: Sequence[int], *, by: User, reason: str) -> list[BankTransaction]:
    """Leaves transactions out of these books on purpose, with the reason."""
    if not reason.strip():
        raise Refused("transaction.no_reason", _("Say why: the reason stays with the transaction."))
    transactions = lock_transactions(ids, by)
    if not transactions:
        return []
    company = company_of(transactions)
    rights(by).require("payments.apply", company.pk)
    for transaction in transactions:
        if why := not_to_decide(transaction):
            raise why
    states.apply(transactions, BankTransaction.set_aside, ("reason",), reason.strip()[:200])
    _record(company, "transaction.set_aside", transactions, by, reason=reason.strip()[:200])
    return transactions


@action
def take_back_transactions(ids: Sequence[int], *, by: User) -> list[BankTransaction]:
    """Puts transactions back to be decided on; what was booked is reversed today.

    A booking of a later day is reversed on that day.
    """
    transactions = lock_transactions(ids, by)
    if not transactions:
        return []
    company = company_of(transactions)
    rights(by).require("payments.apply", company.pk)
    for transaction in transactions:
        if why := _not_to_take_back(transaction):
            raise why
    entry_ids = [t.entry_id for t in transactions if t.entry_id]
    if entry_ids:
        entries = list(Entry.objects.filter(pk__in=entry_ids).order_by("pk"))
        days = [clock.today(company)] * len(entries)
        posting.reverse(company, entries, by=by, days=days)
    states.apply(transactions, BankTransaction.take_back, ("reason", "entry_id"))
    _record(company, "transaction.taken_back", transactions, by)
    return transactions


def _not_to_take_back(transaction: BankTransaction) -> Refused | None:
    if transaction.state == BankTransaction.State.SET_ASIDE or transaction.entry_id:
        return None
    returned = (
        Receipt.objects.exclude(returned_by=None)
        .filter(Q(transaction=transaction) | Q(returned_by=transaction))
        .first()
    )
    if transaction.state == BankTransaction.State.NEW:
        say = _("%(transaction)s waits for a decision already.")
    elif transaction.state == BankTransaction.State.WITHDRAWN:
        say = _("The statement of %(transaction)s is withdrawn, so nothing of it is booked.")
    elif returned:
        say = _("%(transaction)s belongs to a returned payment. Undo the return of %(receipt)s.")
    else:
        say = _("%(transaction)s is recorded as a receipt. Reverse the receipt instead.")
    words = {"transaction": transaction, "receipt": returned}
    return Refused("transaction.not_booked", say % words)


def _record(
    company: Company,
    verb: str,
    transactions: Sequence[BankTransaction],
    by: User,
    **facts: str,
) -> None:
    events.record(
        company,
        verb,
        [
            events.Fact(
                [("transaction", t.pk)], {"amount": t.amount, "currency": t.currency, **facts}
            )
            for t in transactions
        ],
        by=by,
    )
