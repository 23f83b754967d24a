"""Bank accounts, statements, receipts and what they may pay, made by the real deeds.

`make_camt` writes a camt.053 file as banks do; give it what was paid:

    make_camt([Paid("1190.00", "INV-2026-00001", name="Acme GmbH", iban="DE…")], opening="500.00")
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count
from xml.sax.saxutils import escape

from core import follow_ups
from core.models import Company
from core.money import ZERO, minor_digits
from ledger.actions import add_bank_accounts, set_fx_rates, take_over_open_items
from ledger.drafts import BankAccountDraft, ItemDraft
from ledger.models import BankAccount, OpenItem
from partners.models import Customer
from payments import actions
from payments.booking import Incoming
from payments.models import BankStatement, BankTransaction, Receipt
from tests.cast import system
from users.models import User

OWN_IBAN = "DE02120300000000202051"
_numbers = count(1)


@dataclass(frozen=True)
class Paid:
    """One entry of a statement; below zero it went out. `parts` make it a batch."""

    amount: Decimal | str
    text: str = ""
    name: str = ""
    iban: str = ""
    reference: str = ""
    end_to_end_id: str = "NOTPROVIDED"
    bank_reference: str = ""
    booked_on: date | None = None
    value_on: date | None = None
    is_reversal: bool = False
    charges: Decimal | str = ZERO
    parts: Sequence["Paid"] = ()

    @property
    def value(self) -> Decimal:
        return Decimal(self.amount)


def make_camt(
    paid: Sequence[Paid],
    *,
    iban: str = OWN_IBAN,
    currency: str = "EUR",
    opening: Decimal | str = "0.00",
    closing: Decimal | str | None = None,
    on: date = date(2026, 3, 2),
    statement_id: str = "",
    version: str = "08",
) -> bytes:
    """A camt.053 file with one statement of one day; `closing` is the right sum unless given."""
    return camt_file(
        [
            camt_statement(
                paid, iban=iban, currency=currency, opening=opening, closing=closing, on=on,
                statement_id=statement_id, version=version,
            )
        ],
        version=version,
    )  # fmt: skip


def camt_file(statements: Sequence[str], *, version: str = "08") -> bytes:
    """A file of several statements, each from `camt_statement`."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">\n'
        "<BkToCstmrStmt>\n<GrpHdr><MsgId>MSG-1</MsgId>"
        "<CreDtTm>2026-03-02T20:00:00+01:00</CreDtTm></GrpHdr>\n"
        + "\n".join(statements)
        + "\n</BkToCstmrStmt>\n</Document>\n"
    ).encode()


def camt_statement(
    paid: Sequence[Paid],
    *,
    iban: str = OWN_IBAN,
    currency: str = "EUR",
    opening: Decimal | str = "0.00",
    closing: Decimal | str | None = None,
    on: date = date(2026, 3, 2),
    statement_id: str = "",
    version: str = "08",
) -> str:
    start = Decimal(opening)
    end = start + sum((p.value for p in paid), ZERO) if closing is None else Decimal(closing)
    name = statement_id or f"{on:%Y%j}-{next(_numbers)}"
    entries = "\n".join(
        _entry(replace(p, booked_on=p.booked_on or on), number, currency, version)
        for number, p in enumerate(paid, start=1)
    )
    return f"""<Stmt>
<Id>{escape(name)}</Id><ElctrncSeqNb>1</ElctrncSeqNb>
<CreDtTm>{on}T20:00:00+01:00</CreDtTm>
<FrToDt><FrDtTm>{on}T00:00:00+01:00</FrDtTm><ToDtTm>{on}T23:59:59+01:00</ToDtTm></FrToDt>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>
{_balance("OPBD", start, currency, on)}
{_balance("CLBD", end, currency, on)}
{entries}
</Stmt>"""


def _balance(code: str, amount: Decimal, currency: str, on: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount, currency)}"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _amount(amount: Decimal, currency: str) -> str:
    digits = minor_digits(currency)
    side = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="{currency}">{abs(amount):.{digits}f}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _entry(paid: Paid, number: int, currency: str, version: str) -> str:
    status = "<Sts>BOOK</Sts>" if version < "07" else "<Sts><Cd>BOOK</Cd></Sts>"
    reference = paid.bank_reference or f"{paid.booked_on:%y%m%d}{number:06d}"
    reversal = "<RvslInd>true</RvslInd>" if paid.is_reversal else ""
    details = "".join(_details(part, currency, version) for part in paid.parts or [paid])
    return f"""<Ntry>{_amount(paid.value, currency)}{reversal}{status}
<BookgDt><Dt>{paid.booked_on}</Dt></BookgDt>
<ValDt><Dt>{paid.value_on or paid.booked_on}</Dt></ValDt>
<AcctSvcrRef>{escape(reference)}</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
{_charges(paid, currency)}<NtryDtls>{details}</NtryDtls></Ntry>"""


def _charges(paid: Paid, currency: str) -> str:
    if not Decimal(paid.charges):
        return ""
    kept = _amount(-Decimal(paid.charges), currency)
    return f"<Chrgs><Rcrd>{kept}<ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>\n"


def _details(paid: Paid, currency: str, version: str) -> str:
    party = "Dbtr" if (paid.value > 0) != paid.is_reversal else "Cdtr"
    name = f"<Nm>{escape(paid.name)}</Nm>"
    name = f"<Pty>{name}</Pty>" if version >= "08" else name
    account = f"<{party}Acct><Id><IBAN>{paid.iban}</IBAN></Id></{party}Acct>" if paid.iban else ""
    parties = f"<{party}>{name}</{party}>" if paid.name else ""
    structured = (
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
        f"<Ref>{escape(paid.reference)}</Ref></CdtrRefInf></Strd>"
        if paid.reference
        else ""
    )
    text = f"<Ustrd>{escape(paid.text)}</Ustrd>" if paid.text else ""
    amount = _amount(paid.value, currency)
    if version < "03":  # the amount of a detail has its own place since then
        amount = f"<AmtDtls><TxAmt>{amount.split('<CdtDbtInd>')[0]}</TxAmt></AmtDtls>"
    return (
        f"<TxDtls><Refs><EndToEndId>{escape(paid.end_to_end_id)}</EndToEndId></Refs>{amount}"
        f"<RltdPties>{parties}{account}</RltdPties>"
        f"<RmtInf>{text}{structured}</RmtInf></TxDtls>"
    )


def make_bank_account(
    company: Company, iban: str = OWN_IBAN, currency: str = "", title: str = "Hausbank"
) -> BankAccount:
    """An own account at a bank, found when it is there already."""
    currency = currency or company.currency
    found = BankAccount.objects.filter(company=company, iban=iban, currency=currency).first()
    draft = BankAccountDraft(title, iban, currency)
    return found or add_bank_accounts(company, [draft], by=system())[0]


def make_rate(company: Company, currency: str, rate: Decimal | str, on: date) -> None:
    """On a day, one unit of the company's currency is worth `rate` of the other."""
    row = (company.currency, currency, on, Decimal(rate), "test")
    set_fx_rates([row], company=company, by=system())


def make_statement(
    company: Company, paid: Sequence[Paid], *, by: User | None = None, **camt: object
) -> BankStatement:
    """An imported statement; its incoming payments are recorded and matched by follow-ups."""
    make_bank_account(company, str(camt.get("iban", OWN_IBAN)), str(camt.get("currency", "")))
    content = make_camt(paid, **camt)  # type: ignore[arg-type]
    return actions.import_statement(company, content, by=by or system())[0]


def make_receipts(company: Company, paid: Sequence[Paid], **camt: object) -> list[Receipt]:
    """Receipts of a statement, recorded but not matched."""
    statement = make_statement(company, paid, **camt)
    incoming = BankTransaction.objects.filter(statement=statement, amount__gt=0)
    return actions.record_receipts(
        list(incoming.order_by("position").values_list("pk", flat=True)), by=system()
    )


def enter_receipt(
    company: Company,
    amount: Decimal | str,
    customer: Customer | None = None,
    *,
    on: date = date(2026, 3, 2),
    account: BankAccount | None = None,
    **fields: object,
) -> Receipt:
    """Money that came by no statement."""
    account = account or make_bank_account(company)
    incoming = Incoming(account, on, Decimal(amount), customer=customer, **fields)  # type: ignore[arg-type]
    return actions.enter_receipts(company, [incoming], by=system())[0]


def owe(
    customer: Customer,
    amount: Decimal | str,
    document: str = "",
    *,
    on: date = date(2026, 2, 1),
    due: date = date(2026, 3, 1),
    currency: str = "",
    base_amount: Decimal | str | None = None,
    reference: str = "",
) -> OpenItem:
    """An invoice taken over from the system before."""
    draft = ItemDraft(
        document or f"OLD-{next(_numbers):04d}",
        due,
        currency or customer.company.currency,
        Decimal(amount),
        customer=customer.number,
        base_amount=None if base_amount is None else Decimal(base_amount),
        reference=reference,
    )
    return take_over_open_items(customer.company, [draft], on=on, by=system())[0]


def owe_all(
    customer: Customer, owed: Sequence[tuple[Decimal | str, str]], on: date = date(2026, 2, 1)
) -> list[OpenItem]:
    """Several invoices of the system before, amount and number, taken over at once."""
    drafts = [
        ItemDraft(
            document, on, customer.company.currency, Decimal(amount), customer=customer.number
        )
        for amount, document in owed
    ]
    return take_over_open_items(customer.company, drafts, on=on, by=system())


def work_off() -> None:
    """What the worker would do by now."""
    follow_ups.work_off()
