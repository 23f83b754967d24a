"""Granting credit: the limit, how late a payment may be, and the block."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from core import events
from core.actions import action, inside_transaction
from core.history import changed_meanwhile, changed_since, recorded, write_changes
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from partners import checks
from partners.editing import locked_accounts
from partners.models import CreditAccount, Customer
from users.models import User

MOST_DAYS = 3650


@dataclass(frozen=True)
class CreditTerms:
    """What a credit account may do."""

    limit: Decimal
    max_overdue_days: int
    blocked: bool = False


@action
def set_credit_limit(
    customer: Customer, wanted: CreditTerms, *, seen: int, by: User, reason: str
) -> CreditAccount:
    """Sets limit, days overdue allowed and block of a customer's credit account, with a reason.

    Who shares the account shares the change. `seen` is the version of the credit account.
    """
    rights(by).require("partners.credit", customer.company_id)
    (row,) = locked_accounts(Customer, customer.company_id, [customer.pk], by)
    (account,) = lock(CreditAccount.objects.filter(pk=row.credit_account_id))
    if account.version != seen:
        raise changed_meanwhile(changed_since(CreditAccount, account.pk, seen))
    _refuse_without(reason)
    limit = checks.credit_limit(wanted.limit, account.currency)
    if not 0 <= wanted.max_overdue_days <= MOST_DAYS:
        text = _("The days overdue allowed are from 0 to 3650.")
        raise Refused("partners.overdue_days", text, field="max_overdue_days")
    before = account.limit
    with recorded(by, reason):
        changed = write_changes(
            account,
            {
                "limit": limit,
                "max_overdue_days": wanted.max_overdue_days,
                "blocked": wanted.blocked,
            },
        )
        if changed:
            _tell_limit(row.company, account, before, (by, reason))
    return account


@inside_transaction
def _tell_limit(
    company: Company, account: CreditAccount, before: Decimal, why: tuple[User, str]
) -> None:
    """One event on the timeline of every customer who uses the account."""
    by, reason = why
    customers = Customer.objects.filter(credit_account=account).order_by("pk")
    facts = {
        "before": str(before),
        "limit": str(account.limit),
        "currency": account.currency,
        "max_overdue_days": account.max_overdue_days,
        "blocked": account.blocked,
        "reason": reason,
    }
    subjects = [("customer", pk) for pk in customers.values_list("pk", flat=True)]
    events.record(company, "customer.limit_set", [events.Fact(subjects, facts)], by=by)


@action
def block_customers(
    company: Company, ids: Sequence[int], *, by: User, reason: str
) -> list[Customer]:
    """Stops credit for customers: their orders are held until someone lifts the block."""
    return _set_block(company, ids, True, (by, reason))


@action
def unblock_customers(
    company: Company, ids: Sequence[int], *, by: User, reason: str
) -> list[Customer]:
    """Lifts the block again."""
    return _set_block(company, ids, False, (by, reason))


@inside_transaction
def _set_block(
    company: Company, ids: Sequence[int], blocked: bool, why: tuple[User, str]
) -> list[Customer]:
    by, reason = why
    rights(by).require("partners.credit", company.pk)
    _refuse_without(reason)
    customers = locked_accounts(Customer, company.pk, ids, by)
    accounts = lock(CreditAccount.objects.filter(pk__in=[c.credit_account_id for c in customers]))
    moved = {account.pk for account in accounts if account.blocked != blocked}
    with recorded(by, reason):
        CreditAccount.objects.filter(pk__in=moved).update(blocked=blocked, version=F("version") + 1)
        verb = "customer.blocked" if blocked else "customer.unblocked"
        facts = [
            events.Fact([("customer", customer.pk)], {"reason": reason})
            for customer in customers
            if customer.credit_account_id in moved
        ]
        events.record(company, verb, facts, by=by)
    return customers


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        text = _("Say why, so that the next credit controller understands it.")
        raise Refused("partners.reason", text, field="reason")
    if len(reason) > 500 or not reason.replace("\n", " ").replace("\r", " ").isprintable():
        text = _("The reason is too long or holds damaged characters. Use up to 500 characters.")
        raise Refused("partners.reason", text, field="reason")
