"""The chart of accounts: adding, renaming, archiving, and saying what an account is used for."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import action, inside_transaction
from core.checks import own_address
from core.events import Fact, record
from core.history import recorded
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger.drafts import AccountDraft
from ledger.models import Account, AccountRole, BankAccount, EntryLine
from ledger.models.accounts import CONTROL_ROLES, NUMBER_LENGTH
from users.models import User

Row = TypeVar("Row", Account, BankAccount)


@action
def add_accounts(company: Company, drafts: Sequence[AccountDraft], *, by: User) -> list[Account]:
    """Adds accounts. Raises Refused `account.twice` or `account.bad_number`."""
    rights(by).require("ledger.setup", company.pk)
    numbers = [draft.number.strip() for draft in drafts]
    for draft in drafts:
        _check(draft)
    taken = Account.objects.filter(company=company, number__in=numbers)
    twice = {number for number in numbers if numbers.count(number) > 1}
    for number in sorted(twice.union(taken.values_list("number", flat=True))):
        raise Refused(
            "account.twice",
            _("There is an account %(number)s already.") % {"number": number},
            field="number",
        )
    ids = bulk.take_ids({Account: len(drafts)})[Account]
    with recorded(by):
        bulk.insert(
            Account,
            ("id", "company_id", "number", "title", "kind"),
            [
                (pk, company.pk, draft.number.strip(), draft.title.strip(), draft.kind)
                for pk, draft in zip(ids, drafts, strict=True)
            ],
        )
    record(company, "account.added", [Fact([("account", pk)]) for pk in ids], by=by)
    return list(Account.objects.filter(pk__in=ids))


def _check(draft: AccountDraft) -> None:
    number = draft.number.strip()
    if not (number.isascii() and number.isalnum() and len(number) <= NUMBER_LENGTH):
        raise Refused(
            "account.bad_number",
            _("The number of an account has up to ten letters and digits."),
            field="number",
        )
    own_address("account", number)
    if not draft.title.strip():
        raise Refused("account.no_name", _("Give the account a name."), field="title")
    if draft.kind not in Account.Kind.values:
        raise Refused("account.bad_kind", _("Say what kind of account it is."), field="kind")


@action
def change_account(pk: int, *, title: str, role: str, by: User) -> Account:
    """Renames an account and says what postings use it for; that takes the role from another.

    Raises Refused `account.role_needed` where the role of a subledger would leave its postings,
    and `account.other_kind` where one of income and expenses would go to the balance sheet.
    """
    (account,) = locked(Account, [pk], by)
    _check(AccountDraft(account.number, title, account.kind))
    changed = [Fact([("account", account.pk)], {"role": role})]
    with recorded(by):
        if role != account.role:
            changed += [Fact([("account", pk)], {"role": ""}) for pk in _move_role(account, role)]
        account.title, account.role = title.strip(), role
        account.save(update_fields=["title", "role"])
    record(account.company, "account.changed", changed, by=by)
    return account


def _move_role(account: Account, role: str) -> list[int]:
    """Takes the role from the account that has it, whose id this returns."""
    if account.role:
        raise Refused(
            "account.role_needed",
            _("%(account)s is used for “%(role)s”. Give that use to another account first.")
            % {"account": account, "role": account.get_role_display()},
        )
    others = lock(Account.objects.filter(company=account.company_id, role=role))
    for other in others:
        _check_kind(account, other)
        if role in CONTROL_ROLES and EntryLine.objects.filter(account=other).exists():
            raise Refused(
                "account.role_needed",
                _("%(account)s has postings of “%(role)s”, which must stay together.")
                % {"account": other, "role": AccountRole(role).label},
            )
        other.role = ""
        other.save(update_fields=["role"])
    return [other.pk for other in others]


def _check_kind(account: Account, other: Account) -> None:
    """Revenue stays income and VAT a debt, by which the proof of documents tells them apart."""
    if account.is_result == other.is_result:
        return
    words = {
        "use": other.get_role_display(),
        "kinds": _("income or expense") if other.is_result else _("asset, liability or equity"),
        "account": account,
        "kind": account.get_kind_display(),
    }
    raise Refused(
        "account.other_kind",
        _("“%(use)s” needs an account of the kind %(kinds)s; %(account)s is of the kind %(kind)s.")
        % words,
        field="role",
    )


@action
def archive_accounts(company: Company, ids: Sequence[int], *, by: User) -> list[Account]:
    """Takes accounts out of use; they stay in the reports of their days."""
    rows = locked(Account, ids, by, company)
    banks = {b.account_id: b for b in BankAccount.objects.filter(account__in=ids, archived_at=None)}
    for row in rows:
        if row.role or row.pk in banks:
            raise Refused(
                "account.in_use",
                _("%(account)s is used for “%(use)s”. Give that use to another account first.")
                % {"account": row, "use": row.get_role_display() or banks[row.pk]},
            )
    return mark("account", rows, clock.now(), by)


@action
def restore_accounts(company: Company, ids: Sequence[int], *, by: User) -> list[Account]:
    """Takes accounts into use again."""
    return mark("account", locked(Account, ids, by, company), None, by)


@inside_transaction
def locked(
    model: type[Row], ids: Sequence[int], by: User, company: Company | None = None
) -> list[Row]:
    """Accounts, locked, for somebody who may set up the books of their one company."""
    found = lock(model.objects.visible_to(by).select_related("company").filter(pk__in=ids))
    rows = [row for row in found if company in (None, row.company)]
    if len(rows) < len(set(ids)):
        raise Refused("account.unknown", _("This account does not exist."))
    for owner in {row.company_id for row in rows}:
        rights(by).require("ledger.setup", owner)
    return rows


@inside_transaction
def mark(kind: str, rows: Sequence[Row], at: datetime | None, by: User) -> list[Row]:
    """Puts rows out of use or, without a moment, into use again; returns those it was not so of."""
    moved = [row for row in rows if (row.archived_at is None) != (at is None)]
    with recorded(by):
        for row in moved:
            row.archived_at = at
            row.save(update_fields=["archived_at"])
    facts = [Fact([(kind, row.pk)]) for row in moved]
    if moved:
        record(moved[0].company, f"{kind}.{'archived' if at else 'restored'}", facts, by=by)
    return moved
