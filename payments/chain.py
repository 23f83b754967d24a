"""The chain of statements of an account: where a new one fits, and what of it is there already."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from core import formats
from core.actions import inside_transaction
from core.locks import lock
from core.models import Company
from core.money import ZERO
from core.refusals import Refused
from ledger.models import BankAccount
from payments.models import BankStatement
from payments.statements.order import in_order
from payments.statements.parsed import Line, Statement, import_groups

ENDS = """
SELECT DISTINCT ON (bank_account_id, at_end) bank_account_id, at_end, chain_position,
       statement_id, from_date, to_date, opening_balance, closing_balance
  FROM payments_bankstatement, (VALUES (TRUE), (FALSE)) AS e(at_end)
 WHERE bank_account_id = ANY(%s) AND chain_position IS NOT NULL
 ORDER BY bank_account_id, at_end, CASE WHEN at_end THEN -chain_position ELSE chain_position END
"""
# Keys are compared byte by byte, where `}` comes right after `|`.
ON_FILE = """
SELECT g.name, (SELECT count(*) FROM payments_banktransaction t
                 WHERE t.company_id = %s AND t.state <> 'withdrawn'
                   AND t.import_key > g.name || '|' AND t.import_key < g.name || '}')
  FROM unnest(%s::text[]) AS g(name)
"""

Accounts = dict[tuple[str, str], BankAccount]  # by IBAN and currency
Mark = tuple[object, ...]
Grouped = tuple[str, Line]  # a line and the group of its equals


@dataclass(frozen=True, slots=True)
class End:
    """The first or last statement of a chain."""

    position: int
    statement_id: str
    from_date: date
    to_date: date
    opening: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Attached:
    """The new part of a statement and its place; `lines` come with their import keys."""

    account: BankAccount
    statement: Statement
    position: int
    opening: Decimal
    closing: Decimal
    lines: Sequence[tuple[str, Line]]
    repeated: int

    @property
    def end(self) -> End:
        one = self.statement
        return End(
            self.position, one.statement_id, one.from_date, one.to_date, self.opening, self.closing
        )


@inside_transaction
def lock_accounts(company: Company, statements: Iterable[Statement]) -> Accounts:
    """The own accounts the statements are of, locked; refuses the whole file for a strange one."""
    wanted = {(s.account, s.currency): s for s in statements}
    rows = lock(
        BankAccount.objects.filter(
            company=company, iban__in={iban for iban, _currency in wanted}, archived_at=None
        )
    )
    found = {(row.iban, row.currency): row for row in rows}
    for (iban, currency), statement in wanted.items():
        if (iban, currency) not in found:
            raise _strange(company, statement, {c for i, c in found if i == iban})
    return found


def _strange(company: Company, statement: Statement, currencies: set[str]) -> Refused:
    words = {
        "statement": statement.statement_id,
        "iban": statement.account,
        "currency": statement.currency,
        "company": company,
        "own": ", ".join(sorted(currencies)),
    }
    if currencies:
        say = _(
            "Statement %(statement)s is in %(currency)s, but account %(iban)s is kept in %(own)s "
            "here. Add the account in %(currency)s, or ask the bank for the right statement."
        )
        return Refused("statement.wrong_currency", say % words, iban=statement.account)
    say = _(
        "Statement %(statement)s is of account %(iban)s (%(currency)s), which is no bank account "
        "of %(company)s. Add it to the bank accounts, or upload the file to its own company."
    )
    return Refused("statement.wrong_account", say % words, iban=statement.account)


@inside_transaction
def attach(
    company: Company,
    accounts: Accounts,
    statements: Sequence[Statement],
) -> list[Attached]:
    """Finds what is new in each statement and fits it to the chain of its account.

    Leaves out statements that are there already; raises Refused `statement.chain` for a gap.
    """
    grouped = {id(s): list(zip(import_groups(s), s.lines, strict=True)) for s in statements}
    on_file = _on_file(company, {group for lines in grouped.values() for group, _line in lines})
    first, last = _ends(accounts.values())
    seen = _seen(accounts.values(), statements)
    attached: list[Attached] = []
    for statement in _in_chain_order(accounts, statements, first):
        account, lines = accounts[statement.account, statement.currency], grouped[id(statement)]
        name, balances = _marks(
            account.pk, statement.from_date, statement.statement_id, statement.opening,
            statement.closing,
        )  # fmt: skip
        new, repeated = _parted(lines, on_file)
        if not seen & {name, balances} and _goes_on(
            statement, repeated, first.get(account.pk), last.get(account.pk)
        ):
            new = lines
        if not new and (name in seen or lines):
            continue
        if name in seen:
            raise _changed(statement)
        one = _placed(account, statement, _with_keys(new, on_file), first, last)
        seen |= {name, balances}
        attached.append(one)
        if account.pk not in first or one.position < first[account.pk].position:
            first[account.pk] = one.end
        if account.pk not in last or one.position > last[account.pk].position:
            last[account.pk] = one.end
    return attached


def _in_chain_order(
    accounts: Accounts, statements: Sequence[Statement], first: dict[int, End]
) -> list[Statement]:
    """Later ones in their order; then what leads to the first one on file, from the last back.

    Of the day of the first one on file, the balances tell which come before it.
    """
    later, older = list[Statement](), list[Statement]()
    opening = {pk: start.opening for pk, start in first.items()}
    for one in reversed(in_order(statements)):
        pk = accounts[one.account, one.currency].pk
        start = first.get(pk)
        leads = start and one.from_date == start.from_date and one.closing == opening[pk]
        if leads or (start and one.from_date < start.from_date):
            older.append(one)
            opening[pk] = one.opening
        else:
            later.append(one)
    return [*reversed(later), *older]


def _on_file(company: Company, groups: Collection[str]) -> Counter[str]:
    """How many lines of each group are on file."""
    with connection.cursor() as cursor:
        cursor.execute(ON_FILE, [company.pk, list(groups)])
        return Counter(dict(cursor.fetchall()))


def _parted(lines: Sequence[Grouped], on_file: Counter[str]) -> tuple[list[Grouped], list[Grouped]]:
    """The lines beyond those on file, and the ones that repeat these."""
    met: Counter[str] = Counter()
    new: list[Grouped] = []
    repeated: list[Grouped] = []
    for group, line in lines:
        met[group] += 1
        (new if met[group] > on_file[group] else repeated).append((group, line))
    return new, repeated


def _goes_on(
    statement: Statement, repeated: Sequence[Grouped], start: End | None, end: End | None
) -> bool:
    """Whether the balances prove that lines which seem repeated are other payments, equal to those.

    A statement that begins where the chain ends, no day earlier, would not if it repeated anything
    that moves the balance; likewise one that ends where the chain begins.
    """
    if start is None or end is None or not sum((line.amount for _group, line in repeated), ZERO):
        return False
    days = [line.booked_on for _group, line in repeated]
    return (statement.opening == end.closing and min(days) >= end.to_date) or (
        statement.closing == start.opening and max(days) <= start.from_date
    )


def _with_keys(new: Iterable[Grouped], on_file: Counter[str]) -> list[tuple[str, Line]]:
    """Counts new lines as on file and gives each its place within its group for a key."""
    keyed = []
    for group, line in new:
        on_file[group] += 1
        keyed.append((f"{group}|{on_file[group]}", line))
    return keyed


def _ends(accounts: Iterable[BankAccount]) -> tuple[dict[int, End], dict[int, End]]:
    first: dict[int, End] = {}
    last: dict[int, End] = {}
    with connection.cursor() as cursor:
        cursor.execute(ENDS, [[account.pk for account in accounts]])
        for account_id, at_end, *row in cursor.fetchall():
            (last if at_end else first)[account_id] = End(*row)
    return first, last


def _seen(accounts: Iterable[BankAccount], statements: Sequence[Statement]) -> set[Mark]:
    rows = BankStatement.objects.filter(
        bank_account__in=list(accounts),
        from_date__in={s.from_date for s in statements},
        chain_position__isnull=False,
    )
    columns = (
        "bank_account_id", "from_date", "statement_id", "opening_balance", "closing_balance",
    )  # fmt: skip
    return {mark for row in rows.values_list(*columns) for mark in _marks(*row)}


def _marks(
    account_id: int, day: date, statement_id: str, opening: Decimal, closing: Decimal
) -> tuple[Mark, Mark]:
    """By what a statement is known again: its name, or its balances under another name."""
    return (account_id, day, statement_id), (account_id, day, opening, closing)


def _placed(
    account: BankAccount,
    statement: Statement,
    new: Sequence[tuple[str, Line]],
    first: dict[int, End],
    last: dict[int, End],
) -> Attached:
    """After the last statement, or before the first one, where the balances meet."""
    total = sum((line.amount for _key, line in new), ZERO)
    repeated = len(statement.lines) - len(new)
    opening, closing = statement.closing - total, statement.closing
    if account.pk not in last:
        return Attached(account, statement, 0, opening, closing, new, repeated)
    end, start = last[account.pk], first[account.pk]
    if opening == end.closing:
        return Attached(account, statement, end.position + 1, opening, closing, new, repeated)
    if statement.opening + total == start.opening:
        opening, closing = statement.opening, start.opening
        return Attached(account, statement, start.position - 1, opening, closing, new, repeated)
    raise _gap(statement, opening, end, start)


def _gap(statement: Statement, opening: Decimal, end: End, start: End) -> Refused:
    """The chain is broken: says between which statements something is missing, and how much."""
    before = statement.from_date < start.from_date
    words = {
        "statement": statement.statement_id,
        "from": statement.from_date,
        "account": statement.account,
        "opening": formats.amount(opening, statement.currency, code=True),
        "closing": formats.amount(statement.closing, statement.currency, code=True),
        "other": start.statement_id if before else end.statement_id,
        "day": start.from_date if before else end.to_date,
        "other_opening": formats.amount(start.opening, statement.currency, code=True),
        "other_closing": formats.amount(end.closing, statement.currency, code=True),
    }
    if before:
        say = _(
            "Statement %(statement)s of account %(account)s closes with %(closing)s, but the first "
            "one on file, %(other)s of %(day)s, opens with %(other_opening)s. A statement between "
            "them is missing. Nothing was imported; import that one first."
        )
    else:
        say = _(
            "Statement %(statement)s of account %(account)s opens with %(opening)s, but the last "
            "one on file, %(other)s up to %(day)s, closed with %(other_closing)s. A statement "
            "between them is missing. Nothing was imported; import that one first."
        )
    return Refused("statement.chain", say % words, statement=statement.statement_id)


def _changed(statement: Statement) -> Refused:
    say = _(
        "Statement %(statement)s from %(day)s is on file with other entries. Nothing was imported; "
        "ask the bank which of the two holds."
    )
    words = {"statement": statement.statement_id, "day": statement.from_date}
    return Refused("statement.changed", say % words, statement=statement.statement_id)
