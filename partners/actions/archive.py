"""Putting accounts away, and taking them out again. Nothing of an account is ever deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import F
from django.utils.translation import gettext as _

from core import clock, events
from core.actions import action, inside_transaction
from core.history import recorded
from core.models import Company, rights
from core.money import Money
from core.refusals import Refused
from partners.editing import kind_of, locked_accounts
from partners.exposure import lock_exposure
from partners.models import Customer, Supplier
from users.models import User

Account = TypeVar("Account", Customer, Supplier)


@action
def archive_customers(company: Company, ids: Sequence[int], *, by: User) -> list[Customer]:
    """Puts customers away: no new orders. Refused while one still owes or has orders open."""
    rights(by).require("partners.edit", company.pk)
    customers = locked_accounts(Customer, company.pk, ids, by)
    _refuse_exposed(customers)
    return _move(company, customers, clock.now(), by)


@action
def restore_customers(company: Company, ids: Sequence[int], *, by: User) -> list[Customer]:
    """Takes customers out again."""
    rights(by).require("partners.edit", company.pk)
    return _move(company, locked_accounts(Customer, company.pk, ids, by), None, by)


@action
def archive_suppliers(company: Company, ids: Sequence[int], *, by: User) -> list[Supplier]:
    """Puts suppliers away."""
    rights(by).require("partners.suppliers", company.pk)
    return _move(company, locked_accounts(Supplier, company.pk, ids, by), clock.now(), by)


@action
def restore_suppliers(company: Company, ids: Sequence[int], *, by: User) -> list[Supplier]:
    """Takes suppliers out again."""
    rights(by).require("partners.suppliers", company.pk)
    return _move(company, locked_accounts(Supplier, company.pk, ids, by), None, by)


@inside_transaction
def _refuse_exposed(customers: Collection[Customer]) -> None:
    found = lock_exposure({customer.credit_account_id for customer in customers})
    for customer in customers:
        for currency, totals in found[customer.credit_account_id].totals.items():
            if any(totals.parts()):
                rule = _(
                    "%(name)s has open business of %(amount)s (orders, deliveries, invoices or "
                    "unapplied cash). Settle it first."
                )
                amount = Money(sum(map(abs, totals.parts()), start=totals.sum * 0), currency)
                words = {"name": customer, "amount": amount}
                raise Refused("partners.open_business", rule % words, customer=customer.number)


@inside_transaction
def _move(
    company: Company, accounts: list[Account], at: datetime | None, by: User
) -> list[Account]:
    """Sets or clears the mark on those that need it, in one statement."""
    moved = [account for account in accounts if (account.archived_at is None) != (at is None)]
    if not moved:
        return accounts
    with recorded(by):
        rows = type(moved[0])._default_manager.filter(pk__in=[account.pk for account in moved])
        rows.update(archived_at=at, version=F("version") + 1)
        verb = f"{kind_of(moved[0])}.{'archived' if at else 'restored'}"
        facts = [events.Fact([(kind_of(account), account.pk)]) for account in moved]
        events.record(company, verb, facts, by=by)
    for account in moved:
        account.archived_at = at
        account.version += 1
    return accounts
