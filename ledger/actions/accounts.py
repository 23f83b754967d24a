"""The chart of accounts: adding, renaming, archiving, and saying what an account is used for."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import action
from core.events import Fact, record
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger.drafts import AccountDraft
from ledger.models import Account, AccountRole, BankAccount, EntryLine
from ledger.models.accounts import CONTROL_ROLES, NUMBER_LENGTH
from partners.checks import own_address
from partners.history import recorded
from users.models import User


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
    account = _locked(pk, by)
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
def archive_account(pk: int, *, by: User) -> Account:
    """Takes an account out of use; it stays in the reports of its days."""
    account = _locked(pk, by)
    bank = BankAccount.objects.filter(account=account, archived_at=None).first()
    if account.role or bank:
        raise Refused(
            "account.in_use",
            _("%(account)s is used for “%(use)s”. Give that use to another account first.")
            % {"account": account, "use": account.get_role_display() or bank},
        )
    with recorded(by):
        account.archived_at = clock.now()
        account.save(update_fields=["archived_at"])
    record(account.company, "account.archived", [Fact([("account", account.pk)])], by=by)
    return account


def _locked(pk: int, by: User) -> Account:
    rows = lock(Account.objects.visible_to(by).select_related("company").filter(pk=pk))
    if not rows:
        raise Refused("account.unknown", _("This account does not exist."))
    rights(by).require("ledger.setup", rows[0].company_id)
    return rows[0]
