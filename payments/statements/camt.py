"""Reads camt.053 (bank to customer statement, ISO 20022), versions 02 to 08, as banks send it.

Pure: bytes in, statements out; every refusal says what is wrong and what to do about it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from payments.statements.camt_entry import UNDATED, account, amount, day, entry_lines, signed, text
from payments.statements.parsed import Line, Statement
from payments.statements.xml import elements, refused

MESSAGE = re.compile(r"camt\.(05[234])\.001\.(\d\d)")
VERSIONS = range(2, 9)
OPENINGS, CLOSING = ("OPBD", "PRCD"), "CLBD"
MOST_LINES = 100_000


def read(content: bytes) -> list[Statement]:
    """The statements of a file, in its order. Raises Refused when the file cannot be trusted."""
    statements: list[Statement] = []
    lines: list[Line] = []
    is_camt = False
    for event, element, namespace in elements(content):
        if event == "start":
            is_camt = is_camt or _is_statement_message(namespace)
        elif element.tag == "Ntry":
            lines += entry_lines(element)
            element.clear()
            _check_count(len(lines))
        elif element.tag == "Stmt":
            statements.append(_statement(element, lines))
            lines = []
            element.clear()
    if not is_camt:
        say = _("This is not a camt.053 statement. Export the account statement as camt.053.")
        raise refused("not_camt", say)
    if not statements:
        raise refused("no_statement", _("The file holds no statement. Download it again."))
    return statements


def _check_count(count: int) -> None:
    if count > MOST_LINES:
        say = _("The statement has more than %(most)d entries. Export fewer days at a time.")
        raise refused("too_many", say, most=MOST_LINES)


def _is_statement_message(namespace: str) -> bool:
    """Whether this is camt.053; its sisters and unknown versions are refused in words."""
    found = MESSAGE.search(namespace)
    if not found:
        return False
    message, version = found.groups()
    if message == "052":
        say = _(
            "This is an intraday report (camt.052): its entries are not final and come again in "
            "the statement. Upload the statement of the day (camt.053)."
        )
        raise refused("intraday", say)
    if message == "054":
        say = _(
            "This is a notification (camt.054): it has no balances, so nothing proves it complete. "
            "Upload the statement of the account (camt.053)."
        )
        raise refused("notification", say)
    if int(version) not in VERSIONS:
        say = _("This is camt.053 version %(version)s; 02 to 08 are read. Ask the bank for 08.")
        raise refused("version", say, version=version)
    return True


def _statement(node: Element, lines: Sequence[Line]) -> Statement:
    name = text(node, "Id")[:40] or "?"
    opening, closing = _balances(node, name)
    currency = text(node, "Acct/Ccy") or amount(opening, "Amt")[1]
    for found in (amount(opening, "Amt")[1], amount(closing, "Amt")[1], *_currencies(lines)):
        if found != currency:
            say = _(
                "Statement %(statement)s is in %(currency)s but holds an amount in %(other)s, so "
                "its balances prove nothing. Ask the bank for the file again."
            )
            raise refused("mixed", say, statement=name, currency=currency, other=found)
    last = day(closing, "Dt") or day(opening, "Dt")
    lines = [_dated(line, last, name) for line in lines]
    start, end = _span(node, opening, last, lines)
    return Statement(
        statement_id=name,
        account=account(node.find("Acct")),
        currency=currency,
        from_date=start,
        to_date=end,
        opening=signed(opening),
        closing=signed(closing),
        lines=lines,
    )


def _balances(node: Element, name: str) -> tuple[Element, Element]:
    """The opening and closing booked balances; the first of each kind counts."""
    found = {text(b, "Tp/CdOrPrtry/Cd"): b for b in reversed(node.findall("Bal"))}
    opening = next((found[code] for code in OPENINGS if code in found), None)
    closing = found.get(CLOSING)
    if opening is None or closing is None:
        say = _(
            "Statement %(statement)s lacks its opening or closing booked balance, so nothing "
            "proves it complete. Ask the bank for statements with balances."
        )
        raise refused("no_balance", say, statement=name)
    return opening, closing


def _currencies(lines: Sequence[Line]) -> set[str]:
    return {line.currency for line in lines}


def _dated(line: Line, last: date | None, name: str) -> Line:
    """A line whose bank gave no day is booked on the day of the closing balance."""
    if line.booked_on != UNDATED:
        return line
    if last is None:
        say = _("Statement %(statement)s has entries without a day. Ask the bank for it again.")
        raise refused("no_day", say, statement=name)
    return replace(
        line, booked_on=last, value_on=last if line.value_on == UNDATED else line.value_on
    )


def _span(
    node: Element, opening: Element, last: date | None, lines: Sequence[Line]
) -> tuple[date, date]:
    """The days covered: as the bank says, else from the balances, else from the entries."""
    booked = [line.booked_on for line in lines]
    made = day(node, "CreDtTm")
    start = day(node, "FrToDt/FrDtTm") or day(opening, "Dt") or min(booked, default=last or made)
    end = day(node, "FrToDt/ToDtTm") or last or max(booked, default=made)
    if start is None or end is None:
        raise refused("no_day", _("The statement has no day. Ask the bank for it again."))
    return min(start, end), max(start, end)
