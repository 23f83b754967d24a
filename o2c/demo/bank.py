"""What the demo's banks report: camt.053.001.08 statements, as real banks write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Booking:
    """One booked entry; `amount` is signed, money that came in above zero."""

    on: date
    amount: Decimal
    name: str
    iban: str
    text: str = ""
    reference: str = ""
    end_to_end: str = "NOTPROVIDED"


@dataclass(frozen=True)
class Statement:
    """One statement of one account."""

    number: str
    iban: str
    currency: str
    on: date
    opening: Decimal
    bookings: Sequence[Booking]

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((b.amount for b in self.bookings), Decimal(0))


def camt053(statement: Statement) -> bytes:
    """The statement as a file."""
    entries = "".join(
        _entry(statement, number, booking)
        for number, booking in enumerate(statement.bookings, start=1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
 <BkToCstmrStmt>
  <GrpHdr>
   <MsgId>{statement.number}</MsgId><CreDtTm>{statement.on}T18:00:00Z</CreDtTm>
  </GrpHdr>
  <Stmt>
   <Id>{statement.number}</Id>
   <CreDtTm>{statement.on}T18:00:00Z</CreDtTm>
   <Acct><Id><IBAN>{statement.iban}</IBAN></Id><Ccy>{statement.currency}</Ccy></Acct>
{_balance("OPBD", statement.opening, statement)}
{_balance("CLBD", statement.closing, statement)}
{entries}  </Stmt>
 </BkToCstmrStmt>
</Document>
""".encode()


def _sign(amount: Decimal) -> str:
    return "CRDT" if amount >= 0 else "DBIT"


def _balance(code: str, amount: Decimal, statement: Statement) -> str:
    return (
        f"   <Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{statement.currency}">{abs(amount):.2f}</Amt>'
        f"<CdtDbtInd>{_sign(amount)}</CdtDbtInd><Dt><Dt>{statement.on}</Dt></Dt></Bal>"
    )


def _entry(statement: Statement, number: int, booking: Booking) -> str:
    party = "Dbtr" if booking.amount >= 0 else "Cdtr"
    structured = (
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
        f"<Ref>{booking.reference}</Ref></CdtrRefInf></Strd>"
        if booking.reference
        else ""
    )
    text = f"<Ustrd>{escape(booking.text)}</Ustrd>" if booking.text else ""
    account = (
        f"<{party}Acct><Id><IBAN>{booking.iban}</IBAN></Id></{party}Acct>" if booking.iban else ""
    )
    return f"""   <Ntry>
    <Amt Ccy="{statement.currency}">{abs(booking.amount):.2f}</Amt>
    <CdtDbtInd>{_sign(booking.amount)}</CdtDbtInd>
    <Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>{booking.on}</Dt></BookgDt><ValDt><Dt>{booking.on}</Dt></ValDt>
    <AcctSvcrRef>{statement.number}-{number:04d}</AcctSvcrRef>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
    <NtryDtls><TxDtls>
     <Refs><EndToEndId>{booking.end_to_end}</EndToEndId></Refs>
     <RltdPties><{party}><Pty><Nm>{escape(booking.name)}</Nm></Pty></{party}>{account}</RltdPties>
     <RmtInf>{text}{structured}</RmtInf>
    </TxDtls></NtryDtls>
   </Ntry>
"""
