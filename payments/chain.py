"""The chain of statements of an account: where a new one fits, and what of it is there already."""

from collections.abc import Iterable, Iterator, Sequence
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
from payments.statements.parsed import Line, Statement, import_keys

ENDS = """
SELECT DISTINCT ON (bank_account_id, at_end) bank_account_id, at_end, chain_position,
       statement_id, from_date, to_date, opening_balance, closing_balance
  FROM payments_bankstatement, (VALUES (TRUE), (FALSE)) AS e(at_end)
 WHERE bank_account_id = ANY(%s)
 ORDER BY bank_account_id, at_end, CASE WHEN at_end THEN -chain_position ELSE chain_position END
"""
KNOWN = "SELECT import_key FROM payments_banktransaction WHERE company_id=%s AND import_key=ANY(%s)"

Accounts = dict[tuple[str, str], BankAccount]  # by IBAN and currency
Keyed = tuple[Statement, list[str]]


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
    keyed = [(s, list(import_keys(s.account, s.currency, s.lines))) for s in statements]
    known = _known(company, (key for _s, keys in keyed for key in keys))
    first, last = _ends(accounts.values())
    seen = _seen(accounts.values(), statements)
    attached: list[Attached] = []
    for statement, keys in _in_chain_order(accounts, keyed, first):
        account = accounts[statement.account, statement.currency]
        new = [(k, line) for k, line in zip(keys, statement.lines, strict=True) if k not in known]
        is_named = (account.pk, statement.statement_id, statement.from_date) in seen
        if not new and (is_named or statement.lines):
            continue
        if is_named:
            raise _changed(statement)
        one = _placed(account, statement, new, first, last)
        known.update(key for key, _line in new)
        attached.append(one)
        if account.pk not in first or one.position < first[account.pk].position:
            first[account.pk] = one.end
        if account.pk not in last or one.position > last[account.pk].position:
            last[account.pk] = one.end
    return attached


def _in_chain_order(
    accounts: Accounts, keyed: Sequence[Keyed], first: dict[int, End]
) -> Iterator[Keyed]:
    """Later days in their order; days before the first statement on file from the last back."""

    def is_older(pair: Keyed) -> bool:
        start = first.get(accounts[pair[0].account, pair[0].currency].pk)
        return start is not None and pair[0].from_date < start.from_date

    by_day = sorted(keyed, key=lambda pair: (pair[0].from_date, pair[0].to_date))
    yield from (pair for pair in by_day if not is_older(pair))
    yield from reversed([pair for pair in by_day if is_older(pair)])


def _known(company: Company, keys: Iterable[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [company.pk, list(keys)])
        return {key for (key,) in cursor.fetchall()}


def _ends(accounts: Iterable[BankAccount]) -> tuple[dict[int, End], dict[int, End]]:
    first: dict[int, End] = {}
    last: dict[int, End] = {}
    with connection.cursor() as cursor:
        cursor.execute(ENDS, [[account.pk for account in accounts]])
        for account_id, at_end, *row in cursor.fetchall():
            (last if at_end else first)[account_id] = End(*row)
    return first, last


def _seen(
    accounts: Iterable[BankAccount], statements: Sequence[Statement]
) -> set[tuple[int, str, date]]:
    rows = BankStatement.objects.filter(
        bank_account__in=list(accounts), statement_id__in={s.statement_id for s in statements}
    )
    return set(rows.values_list("bank_account_id", "statement_id", "from_date"))


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
