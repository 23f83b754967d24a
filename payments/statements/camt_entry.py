"""One `Ntry` of a camt message, as one line, or as one line per detail of a batch."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from core.money import ZERO, round_amount, split
from payments.statements.parsed import Line
from payments.statements.xml import refused

AMOUNT = re.compile(r"\d{1,15}(?:\.\d{0,5})?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
BOOKED = {"", "BOOK"}  # some banks leave the status out
NO_REFERENCE = {"NOTPROVIDED", "NOT PROVIDED", "NONREF"}
UNDATED = date.min
LONGEST_NAME, LONGEST_TEXT = 140, 4000


def entry_lines(entry: Element) -> list[Line]:
    """The lines of a booked entry; nothing for one that is pending or for information."""
    if (text(entry, "Sts/Cd") or text(entry, "Sts")) not in BOOKED:
        return []
    total, currency = signed(entry), amount(entry, "Amt")[1]
    details = entry.findall("NtryDtls/TxDtls")
    parts = _parts(entry, details, total, currency)
    if not parts:
        return [_line(entry, details, total, _kept(entry, total, currency))]
    charges = _charges(entry, details, parts, currency)
    return [
        _line(entry, [detail], part, kept)
        for detail, part, kept in zip(details, parts, charges, strict=True)
    ]


def _parts(
    entry: Element, details: Sequence[Element], total: Decimal, currency: str
) -> list[Decimal]:
    """The signed amounts of the details if they make up the entry exactly, else nothing."""
    if len(details) < 2:
        return [total] * len(details)
    amounts = [_detail_amount(detail, currency) for detail in details]
    signs = [_sign(detail) or _sign(entry) for detail in details]
    own = [a * sign for a, sign in zip(amounts, signs, strict=True)]
    same = [a * _sign(entry) for a in amounts]
    if not all(amounts):
        return []
    return next((parts for parts in (own, same) if sum(parts) == total), [])


def _detail_amount(detail: Element, currency: str) -> Decimal:
    """The amount of a detail in the currency of the entry; zero where it is not said."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if detail.find(path) is not None:
            value, of = amount(detail, path)
            if of == currency:
                return value
    return ZERO


def _line(entry: Element, details: Sequence[Element], total: Decimal, charges: Decimal) -> Line:
    one = details[0] if len(details) == 1 else None
    is_reversal = text(entry, "RvslInd") in {"true", "1"} or any(
        detail.find("RtrInf") is not None for detail in details
    )
    party = "Dbtr" if (total > 0) != is_reversal else "Cdtr"
    booked = day(entry, "BookgDt") or day(entry, "ValDt") or UNDATED
    return Line(
        booked_on=booked,
        value_on=day(entry, "ValDt") or booked,
        amount=total,
        currency=amount(entry, "Amt")[1],
        bank_reference=_bank_reference(entry, one),
        references=tuple(_all(details, "RmtInf/Strd/CdtrRefInf/Ref")),
        end_to_end_id=next(_usable(_all(details, "Refs/EndToEndId")), "")[:35],
        counterparty=_common(details, f"RltdPties/{party}/Pty/Nm", f"RltdPties/{party}/Nm")[
            :LONGEST_NAME
        ],
        counterparty_iban=account(one.find(f"RltdPties/{party}Acct") if one is not None else None),
        remittance=_remittance(entry, details),
        code=_code(entry)[:35],
        charges=charges,
        is_reversal=is_reversal,
    )


def _bank_reference(entry: Element, detail: Element | None) -> str:
    said = [text(entry, "AcctSvcrRef"), text(entry, "NtryRef")]
    if detail is not None:
        said.insert(0, text(detail, "Refs/AcctSvcrRef"))
    return next(_usable(said), "")


def _usable(references: Iterable[str]) -> Iterator[str]:
    return (ref for ref in references if ref and ref.upper() not in NO_REFERENCE)


def _remittance(entry: Element, details: Sequence[Element]) -> str:
    """Whatever the payer or the bank wrote, in the order in which it tells most."""
    said = [
        *_all(details, "RmtInf/Ustrd"),
        *_all(details, "RmtInf/Strd/RfrdDocInf/Nb"),
        *_all(details, "RmtInf/Strd/AddtlRmtInf"),
    ]
    told = said or [*_all(details, "AddtlTxInf"), text(entry, "AddtlNtryInf")]
    return " ".join(part for part in told if part)[:LONGEST_TEXT]


def _code(entry: Element) -> str:
    """The bank transaction code: domain/family/sub-family, else the bank's own."""
    domain = entry.find("BkTxCd/Domn")
    if domain is None:
        return text(entry, "BkTxCd/Prtry/Cd")
    return "/".join(text(domain, path) for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd"))


def _charges(
    entry: Element, details: Sequence[Element], parts: Sequence[Decimal], currency: str
) -> list[Decimal]:
    """The charges of each detail: its own, else its share of those of the entry."""
    own = [_kept(one, part, currency) for one, part in zip(details, parts, strict=True)]
    if any(own):
        return own
    weights = [max(part, ZERO) for part in parts]
    return split(_kept(entry, sum(parts, ZERO), currency), weights, currency)


def _kept(node: Element, came_in: Decimal, currency: str) -> Decimal:
    """What a bank kept of an incoming payment, where the file says that the amount is after it."""
    if came_in <= 0:
        return ZERO
    kept = [
        amount(record, "Amt")
        for record in node.findall("Chrgs/Rcrd")
        if text(record, "ChrgInclInd") in {"true", "1"} and text(record, "CdtDbtInd") != "CRDT"
    ]
    return sum((a for a, of in kept if of == currency), ZERO)


def _common(details: Sequence[Element], *paths: str) -> str:
    """A name that all details share; a batch of several payers has none."""
    found = {next((n for p in paths if (n := text(detail, p))), "") for detail in details}
    return found.pop() if len(found) == 1 else ""


def _all(details: Sequence[Element], path: str) -> list[str]:
    nodes = (node for detail in details for node in detail.findall(path))
    return [words for node in nodes if (words := _clean(node.text))]


def account(node: Element | None) -> str:
    """An IBAN or other account number, without blanks."""
    if node is None:
        return ""
    number = text(node, "Id/IBAN") or text(node, "Id/Othr/Id")
    return number.replace(" ", "").upper()[:34]


def text(node: Element, path: str) -> str:
    return _clean(node.findtext(path))


def _clean(raw: str | None) -> str:
    return " ".join(raw.split()) if raw else ""


def _sign(node: Element) -> int:
    return {"CRDT": 1, "DBIT": -1}.get(text(node, "CdtDbtInd"), 0)


def signed(node: Element) -> Decimal:
    """The amount of an entry or balance, credit above zero; a balance without a side is one."""
    return amount(node, "Amt")[0] * (_sign(node) or 1)


def amount(node: Element, path: str) -> tuple[Decimal, str]:
    """An amount and its currency, exact, in the digits the currency has."""
    found = node.find(path)
    raw = "" if found is None else _clean(found.text)
    currency = "" if found is None else found.get("Ccy", "")
    if not AMOUNT.fullmatch(raw) or not CURRENCY.fullmatch(currency):
        say = _("“%(amount)s %(currency)s” in the statement is no amount. Download the file again.")
        raise refused("bad_amount", say, amount=raw[:40], currency=currency[:10])
    value = Decimal(raw)
    rounded = round_amount(value, currency)
    if value != rounded:
        say = _("%(amount)s has more decimals than %(currency)s knows. Download the file again.")
        raise refused("too_fine", say, amount=raw, currency=currency)
    return rounded, currency


def day(node: Element, path: str) -> date | None:
    """A day as the bank wrote it, with or without a time of day, or None."""
    raw = text(node, f"{path}/Dt") or text(node, f"{path}/DtTm") or text(node, path)
    if not raw:
        return None
    try:
        return date.fromisoformat(raw[:10])
    except ValueError:
        say = _("“%(day)s” in the statement is no day. Download the file again.")
        raise refused("bad_day", say, day=raw[:40]) from None
