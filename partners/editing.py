"""Steps of changing an account: lock it with its partner, refuse a form that is out of date."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple, TypeVar

from django.db.models import F, Model
from django.utils.translation import gettext as _

from core import bulk, clock, events
from core.actions import inside_transaction
from core.history import Change, changed_meanwhile, changed_since, recorded
from core.locks import lock
from core.refusals import Refused
from partners.drafts import BankAccountDraft
from partners.models import Customer, Partner, PartnerBankAccount, Supplier
from users.models import User

Account = TypeVar("Account", Customer, Supplier)


class Versions(NamedTuple):
    """What a form saw: the version of the account and that of the partner it belongs to."""

    account: int
    partner: int

    def __str__(self) -> str:
        return f"{self.account}-{self.partner}"

    @classmethod
    def of(cls, account: Customer | Supplier) -> "Versions":
        return cls(account.version, account.partner.version)

    @classmethod
    def read(cls, text: str) -> "Versions":
        """The versions in a form's hidden field; a damaged one counts as long out of date."""
        first, _dash, second = text.partition("-")
        return cls(
            *(int(part) if part.isdecimal() and len(part) < 9 else 0 for part in (first, second))
        )


@inside_transaction
def locked_accounts(
    model: type[Account], company_id: int, ids: Sequence[int], by: User
) -> list[Account]:
    """Accounts of one company that `by` may see, locked; refused when one is not there."""
    rows: Any = model._default_manager
    rows = rows.visible_to(by).filter(company=company_id, pk__in=ids)
    locked: list[Account] = lock(rows.select_related("partner", "company"))
    if len(locked) < len(set(ids)):
        raise Refused("partners.not_there", _("One of the accounts is not there for you."))
    return locked


@inside_transaction
def locked_account(account: Account, by: User, seen: Versions) -> Account:
    """One account with its partner, both locked; refused when either changed since it was seen."""
    model = type(account)
    (row,) = locked_accounts(model, account.company_id, [account.pk], by)
    (row.partner,) = lock(Partner.objects.filter(pk=row.partner_id))
    stale: list[Change] = []
    if row.version != seen.account:
        stale += changed_since(model, row.pk, seen.account)
    if row.partner.version != seen.partner:
        stale += changed_since(Partner, row.partner_id, seen.partner)
    if (row.version, row.partner.version) != seen:
        raise changed_meanwhile(stale)
    return row


@inside_transaction
def tell(account: Customer | Supplier, what: str, facts: Mapping[str, Any], by: User) -> None:
    """Records `customer.<what>` or `supplier.<what>`."""
    kind = kind_of(account)
    happened = [events.Fact([(kind, account.pk)], facts)]
    events.record(account.company, f"{kind}.{what}", happened, by=by)


def kind_of(account: Customer | Supplier) -> str:
    """The kind of an account, as events and addresses call it."""
    return "customer" if isinstance(account, Customer) else "supplier"


# What it takes to change a part of an account; the rest takes the first of its kind.
TO_CHANGE = {
    "customer": {
        "": "partners.edit",
        "contacts": "partners.contacts",
        "bank_accounts": "partners.bank",
        "credit": "partners.credit",
    },
    "supplier": {"": "partners.suppliers", "bank_accounts": "partners.supplier_bank"},
}


def permission_for(account: Customer | Supplier, part: str = "") -> str:
    """The permission that changing the account, or this part of it, takes."""
    permissions = TO_CHANGE[kind_of(account)]
    return permissions.get(part, permissions[""])


@inside_transaction
def replace_parts(
    partner: Partner,
    model: type[Model],
    wanted: Sequence[tuple[int | None, Any]],
    frozen: Sequence[str],
) -> int:
    """Makes the parts of a partner those wanted (row id or None, draft); returns how many changed.

    A row whose `frozen` columns change is archived and another takes its place, since documents
    point at it; other columns change in place; a row not wanted any more is archived.
    """
    rows: Any = model._default_manager.filter(partner=partner)
    there = {row.pk: row for row in rows.filter(archived_at=None)}
    gone = set(there)
    fresh: list[Any] = []
    changed: list[tuple[Any, dict[str, Any]]] = []
    for pk, draft in wanted:
        row, columns = there.get(pk), asdict(draft)
        if row is None or any(getattr(row, name) != columns[name] for name in frozen):
            fresh.append(columns)
            continue
        gone.discard(row.pk)
        if any(getattr(row, name) != value for name, value in columns.items()):
            changed.append((row, columns))
    rows.filter(pk__in=gone).update(archived_at=clock.now())
    for row, columns in changed:  # a handful: the parts of one partner
        rows.filter(pk=row.pk).update(**columns)
    fresh = _revived(rows, fresh) if model is PartnerBankAccount else fresh
    _insert(model, partner, fresh)
    count = len(gone) + len(changed) + len(fresh)
    if count:
        Partner.objects.filter(pk=partner.pk).update(version=F("version") + 1)
        partner.version += 1
    return count


@inside_transaction
def note_bank_accounts(
    account: Customer | Supplier, drafts: Sequence[BankAccountDraft], by: User, reason: str
) -> None:
    """Adds bank accounts to those of a partner, as the form of them does; known ones stay."""
    (partner,) = lock(Partner.objects.filter(pk=account.partner_id))
    there = PartnerBankAccount.objects.filter(partner=partner, archived_at=None)
    known = {row.iban: (row.pk, BankAccountDraft(row.iban, row.bic, row.holder)) for row in there}
    fresh = {d.iban: (None, d) for d in drafts if d.iban not in known}
    if fresh:
        wanted = [*known.values(), *fresh.values()]
        with recorded(by, reason):
            count = replace_parts(partner, PartnerBankAccount, wanted, ("iban",))
            tell(account, "bank_accounts_changed", {"count": count, "reason": reason}, by)


def _revived(rows: Any, fresh: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Opens archived bank accounts again that are wanted once more; returns the truly new."""
    archived = dict(rows.exclude(archived_at=None).values_list("iban", "pk"))
    for columns in fresh:
        if columns["iban"] in archived:
            rows.filter(pk=archived[columns["iban"]]).update(archived_at=None, **columns)
    return [columns for columns in fresh if columns["iban"] not in archived]


def _insert(model: type[Model], partner: Partner, fresh: Sequence[dict[str, Any]]) -> None:
    if fresh:
        names = list(fresh[0])
        rows = [(partner.pk, *(columns[name] for name in names)) for columns in fresh]
        bulk.insert(model, ("partner_id", *names), rows)
