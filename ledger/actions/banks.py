"""Own bank accounts: each has an account of the chart that mirrors it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from string import digits

from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from core import clock
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger.drafts import BankAccountDraft
from ledger.models import Account, AccountRole, BankAccount
from ledger.models.accounts import NUMBER_LENGTH
from partners.history import recorded
from users.models import User


@action
def add_bank_accounts(
    company: Company, drafts: Sequence[BankAccountDraft], *, by: User
) -> list[BankAccount]:
    """Adds own bank accounts; the first takes the chart's bank account, others get one each.

    Raises Refused `bank.bad_iban` or `bank.twice`.
    """
    rights(by).require("ledger.setup", company.pk)
    checked = [checked_bank_account(draft) for draft in drafts]
    with recorded(by):
        added = [_add(company, draft) for draft in checked]
    record(company, "bank_account.added", [Fact([("bank_account", b.pk)]) for b in added], by=by)
    return added


@action
def change_bank_account(pk: int, draft: BankAccountDraft, *, by: User) -> BankAccount:
    """Changes name, BIC and whether invoices print it; number and currency stay."""
    bank = _locked(pk, by)
    with recorded(by):
        bank.title, bank.bic = draft.title.strip(), draft.bic.strip().upper() or bank.bic
        if draft.is_default and not bank.is_default:
            _print_no_other(bank.company, bank.currency)
        bank.is_default = draft.is_default
        bank.save(update_fields=["title", "bic", "is_default"])
    record(bank.company, "bank_account.changed", [Fact([("bank_account", bank.pk)])], by=by)
    return bank


@action
def archive_bank_account(pk: int, *, by: User) -> BankAccount:
    """Takes a bank account out of use; what was booked on it stays."""
    bank = _locked(pk, by)
    with recorded(by):
        bank.archived_at, bank.is_default = clock.now(), False
        bank.save(update_fields=["archived_at", "is_default"])
    record(bank.company, "bank_account.archived", [Fact([("bank_account", bank.pk)])], by=by)
    return bank


def checked_bank_account(draft: BankAccountDraft) -> BankAccountDraft:
    """The draft with a valid IBAN, and the BIC that belongs to it where that is known."""
    try:
        iban = IBAN(draft.iban)
        known = iban.bic
    except SchwiftyException:
        raise Refused(
            "bank.bad_iban",
            _("“%(iban)s” is no valid IBAN. Compare it digit by digit.")
            % {"iban": draft.iban[:40]},
            field="iban",
        ) from None
    bic = draft.bic.strip().upper() or (str(known) if known else "")
    return replace(
        draft,
        title=draft.title.strip(),
        iban=str(iban),
        bic=bic,
        currency=draft.currency.strip().upper(),
    )


def _locked(pk: int, by: User) -> BankAccount:
    rows = lock(BankAccount.objects.visible_to(by).select_related("company").filter(pk=pk))
    if not rows:
        raise Refused("bank.unknown", _("This bank account does not exist."))
    rights(by).require("ledger.setup", rows[0].company_id)
    return rows[0]


@inside_transaction
def _add(company: Company, draft: BankAccountDraft) -> BankAccount:
    own = BankAccount.objects.filter(company=company)
    if own.filter(iban=draft.iban, currency=draft.currency).exists():
        raise Refused(
            "bank.twice",
            _("The account %(iban)s in %(currency)s is there already.")
            % {"iban": draft.iban, "currency": draft.currency},
            field="iban",
        )
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
