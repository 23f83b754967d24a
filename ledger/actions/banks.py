"""Own bank accounts: each has an account of the chart that mirrors it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from string import digits

from django.utils.translation import gettext as _

from core import checks, clock
from core.actions import action, inside_transaction
from core.checks import beside
from core.events import Fact, record
from core.history import recorded
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger.actions.accounts import locked, mark
from ledger.drafts import BankAccountDraft
from ledger.models import Account, AccountRole, BankAccount
from ledger.models.accounts import NUMBER_LENGTH
from users.models import User


@action
def add_bank_accounts(
    company: Company, drafts: Sequence[BankAccountDraft], *, by: User
) -> list[BankAccount]:
    """Adds own bank accounts; the first takes the chart's bank account, others get one each.

    Raises Refused `bank.twice`, and what speaks against an IBAN, a BIC or a currency.
    """
    rights(by).require("ledger.setup", company.pk)
    checked = [_checked(draft) for draft in drafts]
    with recorded(by):
        added = [_add(company, draft) for draft in checked]
    record(company, "bank_account.added", [Fact([("bank_account", b.pk)]) for b in added], by=by)
    return added


@action
def change_bank_account(pk: int, draft: BankAccountDraft, *, by: User) -> BankAccount:
    """Changes name, BIC and whether invoices print it; number and currency stay."""
    (bank,) = locked(BankAccount, [pk], by)
    bic = beside("bic", _bic, draft.bic)
    with recorded(by):
        bank.title, bank.bic = draft.title.strip(), bic or bank.bic
        if draft.is_default and not bank.is_default:
            _print_no_other(bank.company, bank.currency)
        bank.is_default = draft.is_default
        bank.save(update_fields=["title", "bic", "is_default"])
    record(bank.company, "bank_account.changed", [Fact([("bank_account", bank.pk)])], by=by)
    return bank


@action
def archive_bank_accounts(company: Company, ids: Sequence[int], *, by: User) -> list[BankAccount]:
    """Takes bank accounts out of use: not printed any more; what was booked on them stays."""
    rows = locked(BankAccount, ids, by, company)
    with recorded(by):
        BankAccount.objects.filter(pk__in=[row.pk for row in rows]).update(is_default=False)
    return mark("bank_account", rows, clock.now(), by)


@action
def restore_bank_accounts(company: Company, ids: Sequence[int], *, by: User) -> list[BankAccount]:
    """Takes bank accounts into use again. Raises Refused `bank.no_account`."""
    rows = locked(BankAccount, ids, by, company)
    for row in BankAccount.objects.filter(pk__in=ids).exclude(account__archived_at=None):
        raise Refused(
            "bank.no_account",
            _("%(bank)s is mirrored by %(account)s, which is out of use. Restore that first.")
            % {"bank": row, "account": row.account},
        )
    return mark("bank_account", rows, None, by)


def _checked(draft: BankAccountDraft) -> BankAccountDraft:
    """The draft with a valid IBAN and currency, and the BIC that belongs to it if known."""
    iban = beside("iban", checks.iban, draft.iban)
    bic = beside("bic", _bic, draft.bic) or str(iban.bic or "")
    currency = beside("currency", checks.currency, draft.currency)
    return replace(draft, title=draft.title.strip(), iban=str(iban), bic=bic, currency=currency)


def _bic(code: str) -> str:
    return checks.bic(code) if code.strip() else ""


@inside_transaction
def _add(company: Company, draft: BankAccountDraft) -> BankAccount:
    own = BankAccount.objects.filter(company=company)
    if there := own.filter(iban=draft.iban, currency=draft.currency).first():
        text = _("The account %(iban)s in %(currency)s is there already.")
        if there.archived_at:
            text = _("The account %(iban)s in %(currency)s is there, out of use. Restore it.")
        words = {"iban": draft.iban, "currency": draft.currency}
        raise Refused("bank.twice", text % words, field="iban")
    if draft.is_default:
        _print_no_other(company, draft.currency)
    return BankAccount.objects.create(
        company=company,
        title=draft.title,
        iban=draft.iban,
        bic=draft.bic,
        currency=draft.currency,
        is_default=draft.is_default,
        account=_mirror(company, draft),
    )


def _print_no_other(company: Company, currency: str) -> None:
    BankAccount.objects.filter(company=company, currency=currency, is_default=True).update(
        is_default=False
    )


def _mirror(company: Company, draft: BankAccountDraft) -> Account:
    """The chart's bank account if no bank uses it yet, else a new one behind it."""
    (first,) = lock(Account.objects.filter(company=company, role=AccountRole.BANK))
    if not BankAccount.objects.filter(account=first).exists():
        return first
    return Account.objects.create(
        company=company,
        number=_free_number(company, first.number),
        title=_named(draft)[:100],
        kind=Account.Kind.ASSET,
    )


def _free_number(company: Company, first: str) -> str:
    """The next number behind `first`, whose last figures are counted up: 1801, B101."""
    taken = set(Account.objects.filter(company=company).values_list("number", flat=True))
    stem = first.rstrip(digits)
    counted = first.removeprefix(stem)
    for number in count(int(counted or 0) + 1):
        behind = f"{stem}{number:0{len(counted)}d}"
        if len(behind) > NUMBER_LENGTH:
            break
        if behind not in taken:
            return behind
    raise Refused(
        "bank.no_number",
        _(
            "No number of up to ten characters is free behind account %(number)s. Use another "
            "account as “Bank” in the chart of accounts."
        )
        % {"number": first},
    )


def _named(draft: BankAccountDraft) -> str:
    """The title with its currency, which many a title says itself."""
    said = draft.currency in draft.title.split()
    return draft.title if said else f"{draft.title} {draft.currency}"
