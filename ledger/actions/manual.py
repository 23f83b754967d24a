"""Entries that a person posts from a voucher, and their reversal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import bulk, formats
from core.actions import action
from core.events import Fact, record
from core.models import Company, rights
from core.money import ZERO, round_amount
from core.refusals import Refused
from ledger import posting, rates
from ledger.drafts import ManualDraft
from ledger.models import Account, Entry, Journal
from ledger.models.accounts import CONTROL_ROLES
from ledger.posting import Draft, Line
from users.models import User

MANUAL = "manual"


@action
def post_manual_entries(
    company: Company, drafts: Sequence[ManualDraft], *, by: User
) -> list[Entry]:
    """Posts entries to accounts that no subledger keeps.

    Raises Refused `entry.control_account`, `entry.unknown_account`, `entry.unbalanced`,
    `entry.too_few_lines`, `entry.no_reference`, and what posting refuses.
    """
    rights(by).require("ledger.post", company.pk)
    for draft in drafts:
        check_manual(draft)
    accounts = free_accounts(company, {line.account_number for d in drafts for line in d.lines})
    found = rates.find_rates(company, {(draft.currency, draft.on) for draft in drafts})
    sources = bulk.take_ids({Entry: len(drafts)})[Entry]
    posted = posting.post(
        company,
        [
            Draft(
                Journal.GENERAL,
                draft.on,
                (MANUAL, source, draft.reference),
                "posted",
                _lines(company, draft, accounts, found[draft.currency, draft.on]),
                draft.text,
            )
            for source, draft in zip(sources, drafts, strict=True)
        ],
        by=by,
    )
    entries = Entry.objects.in_bulk([entry.id for entry in posted if entry])
    record(company, "entry.posted", [Fact([("entry", pk)]) for pk in entries], by=by)
    return list(entries.values())


def check_manual(draft: ManualDraft) -> None:
    """Raises Refused for what is wrong with a draft by itself."""
    if not draft.reference.strip():
        raise Refused("entry.no_reference", _("Name the voucher the entry is posted from."))
    lines = [line for line in draft.lines if line.amount]
    if len(lines) < 2:
        raise Refused("entry.too_few_lines", _("An entry has at least two lines with an amount."))
    if any(line.amount != round_amount(line.amount, draft.currency) for line in lines):
        raise Refused(
            "entry.digits",
            _("An amount has more decimals than %(currency)s has.") % {"currency": draft.currency},
        )
    difference = sum((line.amount for line in lines), ZERO)
    if difference:
        raise Refused(
            "entry.unbalanced",
            _("Debit and credit differ by %(amount)s.")
            % {"amount": formats.amount(abs(difference), draft.currency, code=True)},
            difference=difference,
        )


def free_accounts(company: Company, numbers: set[str]) -> dict[str, int]:
    """Ids of accounts by number; refuses those unknown, archived or kept by a subledger."""
    rows = {row.number: row for row in Account.objects.filter(company=company, number__in=numbers)}
    for number in sorted(numbers):
        row = rows.get(number)
        if row is None or row.archived_at:
            raise Refused(
                "entry.unknown_account",
                _("There is no account %(number)s in use.") % {"number": number[:20]},
                account=number,
            )
        if row.role in CONTROL_ROLES:
            raise Refused(
                "entry.control_account",
                _("%(account)s is kept by its documents. Post there by a document.")
                % {"account": row},
                account=number,
            )
    return {number: row.pk for number, row in rows.items()}


def _lines(
    company: Company, draft: ManualDraft, accounts: dict[str, int], rate: Decimal
) -> list[Line]:
    """The lines with their base amounts; the largest takes what rounding leaves."""
    lines = [line for line in draft.lines if line.amount]
    bases = [rates.to_base(line.amount, rate, company) for line in lines]
    largest = max(range(len(lines)), key=lambda i: abs(lines[i].amount))
    bases[largest] -= sum(bases, ZERO)
    return [
        Line(None, base, draft.currency, line.amount, accounts[line.account_number])
        for line, base in zip(lines, bases, strict=True)
    ]


@action
def reverse_entries(
    ids: Sequence[int], *, by: User, on: date | None = None, reason: str = ""
) -> list[Entry]:
    """Reverses manual entries, on `on` or their own day. Raises Refused `entry.of_document`,
    `entry.reversed_before`.

    What a document posted is corrected at the document, so that both stay equal.
    """
    rows = list(
        Entry.objects.visible_to(by).select_related("company").filter(pk__in=ids).order_by("pk")
    )
    if len(rows) != len(set(ids)) or len({row.company_id for row in rows}) != 1:
        raise Refused("entry.unknown", _("This entry does not exist."))
    company = rows[0].company
    rights(by).require("ledger.post", company.pk)
    for row in rows:
        if refusal := why_not_reversible(row):
            raise refusal
        if on and on < row.posting_date:
            raise Refused(
                "entry.reversed_before",
                _("%(entry)s is of %(day)s. It cannot be reversed on a day before that.")
                % {"entry": row.number, "day": row.posting_date},
            )
    posted = posting.reverse(company, rows, by=by, days=[on] * len(rows) if on else None)
    counters = Entry.objects.in_bulk([entry.id for entry in posted])
    facts = [
        Fact([("entry", row.pk), ("entry", entry.id, "reversal")], {"reason": reason[:200]})
        for row, entry in zip(rows, posted, strict=True)
    ]
    record(company, "entry.reversed", facts, by=by)
    return [counters[entry.id] for entry in posted]


def why_not_reversible(entry: Entry) -> Refused | None:
    """Why a person may not reverse this entry here, if so."""
    if entry.reverses_id:
        return Refused("entry.is_reversal", _("A reversal is not reversed; post the entry anew."))
    if entry.source_kind != MANUAL:
        return Refused(
            "entry.of_document",
            _("This entry belongs to %(document)s. Correct it there.")
            % {"document": entry.source_name},
        )
    return None
