"""Importing bank statements: the whole file or, refused, nothing of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core import bulk, clock, events
from core.actions import action, inside_transaction
from core.models import Company, rights
from core.refusals import Refused
from documents.files import NewFile, store
from payments import chain
from payments.chain import Attached
from payments.models import BankStatement, BankTransaction
from payments.statements import camt, checks
from payments.statements.parsed import Line, Statement
from users.models import User

STATEMENT_COLUMNS = (
    "id", "company_id", "bank_account_id", "statement_id", "from_date", "to_date",
    "opening_balance", "closing_balance", "currency", "chain_position", "repeated", "file_id",
    "imported_at", "imported_by_id",
)  # fmt: skip
TRANSACTION_COLUMNS = (
    "id", "company_id", "statement_id", "import_key", "position", "booked_on", "value_on",
    "currency", "amount", "charges", "is_reversal", "code", "counterparty", "counterparty_iban",
    "reference", "end_to_end_id", "bank_reference", "remittance",
)  # fmt: skip


@action
def import_statement(
    company: Company, content: bytes, *, by: User, title: str = "statement.xml"
) -> list[BankStatement]:
    """Imports the statements of a camt.053 file that are not there yet, with their entries.

    Raises Refused: `statement.already_there` when nothing is new, `statement.in_future`,
    `statement.sum` and `statement.chain` when balances do not fit, `statement.wrong_account`, and
    what the reader finds. Each payment that came in is recorded by a follow-up.
    """
    return _import(company, [(title, content)], by)


@action
def import_statements(
    company: Company, files: Sequence[tuple[str, bytes]], *, by: User
) -> list[BankStatement]:
    """Imports several files, each with its title, as one: all of them or, refused, none."""
    return _import(company, files, by)


@inside_transaction
def _import(company: Company, files: Sequence[tuple[str, bytes]], by: User) -> list[BankStatement]:
    rights(by).require("payments.import", company.pk)
    today = clock.today(company)
    read = [(n, s) for n, file in enumerate(files) for s in _read(*file, today, len(files))]
    statements = [statement for _place, statement in read]
    accounts = chain.lock_accounts(company, statements)
    attached = chain.attach(company, accounts, statements)
    if not attached:
        raise _already_there(company, statements)
    ids = bulk.take_ids(
        {BankStatement: len(attached), BankTransaction: sum(len(a.lines) for a in attached)}
    )
    numbered = list(zip(ids[BankStatement], attached, strict=True))
    file_ids = _store(company, files, {id(s): place for place, s in read}, numbered, by)
    _write_statements(company, numbered, file_ids, by)
    received = _write_transactions(company, numbered, ids[BankTransaction])
    _record(company, numbered, received, by)
    rows = BankStatement.objects.in_bulk(ids[BankStatement])
    return [rows[pk] for pk in ids[BankStatement]]


def _read(title: str, content: bytes, today: date, files: int) -> list[Statement]:
    """The statements of one file, each with a sum that holds; of several files, says which."""
    try:
        statements = camt.read(content)
        for statement in statements:
            checks.check_day(statement, today)
            checks.check_sum(statement)
    except Refused as refusal:
        if files > 1:
            raise Refused(refusal.code, f"{title}: {refusal}", **refusal.numbers) from None
        raise
    return statements


def _store(
    company: Company,
    files: Sequence[tuple[str, bytes]],
    places: Mapping[int, int],
    numbered: Sequence[tuple[int, Attached]],
    by: User,
) -> list[int]:
    """Keeps the files of which something is new; returns the file of each statement."""
    used = [places[id(attached.statement)] for _pk, attached in numbered]
    first = {place: pk for place, (pk, _a) in reversed(list(zip(used, numbered, strict=True)))}
    kept = [
        NewFile(files[place][0], "application/xml", files[place][1], ("statement", pk))
        for place, pk in first.items()
    ]
    file_ids = dict(zip(first, store(company, kept, by=by), strict=True))
    return [file_ids[place] for place in used]


def _already_there(company: Company, statements: Sequence[Statement]) -> Refused:
    """Names the statement on file, so that it can be looked at."""
    on_file = (
        BankStatement.objects.filter(
            company=company,
            statement_id__in=[s.statement_id for s in statements],
            chain_position__isnull=False,
        )
        .select_related("imported_by")
        .order_by("-imported_at")
        .first()
    )
    if on_file is None:
        say = _("Every entry of this file is already there. Nothing was imported again.")
        return Refused("statement.already_there", say)
    say = _(
        "This is already there: statement %(statement)s was imported on %(day)s by %(who)s. "
        "Nothing was imported again."
    )
    day = on_file.imported_at.astimezone(ZoneInfo(company.time_zone)).date()
    words = {"statement": on_file.statement_id, "day": day, "who": on_file.imported_by}
    return Refused("statement.already_there", say % words, statement=on_file.name)


def _write_statements(
    company: Company,
    numbered: Sequence[tuple[int, Attached]],
    file_ids: Sequence[int],
    by: User,
) -> None:
    now = clock.now()
    bulk.insert(
        BankStatement,
        STATEMENT_COLUMNS,
        [
            (
                pk, company.pk, a.account.pk, a.statement.statement_id, a.statement.from_date,
                a.statement.to_date, a.opening, a.closing, a.statement.currency, a.position,
                a.repeated, file_id, now, by.pk,
            )
            for (pk, a), file_id in zip(numbered, file_ids, strict=True)
        ],
    )  # fmt: skip


def _write_transactions(
    company: Company, numbered: Sequence[tuple[int, Attached]], ids: Sequence[int]
) -> list[int]:
    """Writes the entries; returns the ids of those by which somebody paid us."""
    entries = [
        (statement_pk, position, key, line)
        for statement_pk, a in numbered
        for position, (key, line) in enumerate(a.lines, start=1)
    ]
    bulk.insert(
        BankTransaction,
        TRANSACTION_COLUMNS,
        [
            (
                pk, company.pk, statement_pk, key, position, line.booked_on, line.value_on,
                line.currency, line.amount, line.charges, line.is_reversal, line.code,
                line.counterparty, line.counterparty_iban, _references(line), line.end_to_end_id,
                line.bank_reference[:60], line.remittance,
            )
            for pk, (statement_pk, position, key, line) in zip(ids, entries, strict=True)
        ],
    )  # fmt: skip
    return [
        pk
        for pk, (*_about, line) in zip(ids, entries, strict=True)
        if line.amount > 0 and not line.is_reversal
    ]


def _references(line: Line) -> str:
    """Structured references, parted by blanks, as many as there is room for."""
    kept = ""
    for reference in line.references:
        longer = f"{kept} {reference.replace(' ', '')}".strip()
        if len(longer) > 140:
            break
        kept = longer
    return kept


def _record(
    company: Company, numbered: Sequence[tuple[int, Attached]], received: Sequence[int], by: User
) -> None:
    events.record(
        company,
        "statement.imported",
        [
            events.Fact([("statement", pk)], {"entries": len(a.lines), "repeated": a.repeated})
            for pk, a in numbered
        ],
        by=by,
    )
    facts = [events.Fact([("transaction", pk)]) for pk in received]
    events.record(company, "transaction.received", facts, by=by)
