"""Evidence in plain words, in the reader's language; `matching` finds it, receipts keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext

from core.formats import amount

WORDS: dict[str, Any] = {
    "reference": __("The reference is that of %(document)s."),
    "number": __("%(document)s is named in the text."),
    "sum_exact": __("The amount is exactly what is open."),
    "part_payment": __("It is a part payment: %(open)s stay open."),
    "over_payment": __("It is more than was open: %(rest)s stay on the customer's account."),
    "sum_differs": __("Of what is named, %(due)s are open, but %(amount)s came in."),
    "already_settled": __("%(document)s, which is named, is settled already."),
    "unknown_number": __("%(document)s is named, but there is no such invoice."),
    "other_currency": __("%(document)s is in %(currency)s, so this cannot pay it."),
    "several_customers": __("The documents named belong to several customers."),
    "unique_amount": __("Only one open item of the payer has this amount."),
    "only_sum": __("Only these open items of the payer add up to the amount."),
    "one_of_sums": __("These open items of the payer add up to the amount, and others do too."),
    "taken_back": __("A person took an application back, so it is not made again without asking."),
}
KNOWN_BY: dict[str, Any] = {
    "iban": __("The payer is known by the bank account."),
    "name": __("The payer is known by the name."),
    "person": __("The payer was named by a person."),
    "document": __("The payer is who owes the document named."),
    "applied": __("The payer is who owes what it was applied to."),
}
OTHER_PAYER: dict[str, Any] = {
    "iban": __("The bank account belongs to another customer than the documents named."),
    "name": __("The name is that of another customer than the documents named."),
}
# ISO 20022 external bank transaction codes: what the sub-family says, else the family, the domain.
KINDS: dict[str, Any] = {
    "CHRG": __("Charges"),
    "FEES": __("Charges"),
    "COMM": __("Charges"),
    "INTR": __("Interest"),
    "TAXE": __("Taxes"),
    "SALA": __("Wages"),
    "CDPT": __("Cash paid in"),
    "CWDL": __("Cash drawn"),
    "UPDD": __("Direct debit returned"),
    "PRDD": __("Direct debit returned"),
    "RRTN": __("Transfer returned"),
    "RPCR": __("Transfer recalled"),
    "RCDT": __("Transfer received"),
    "RRCT": __("Instant transfer received"),
    "ICDT": __("Transfer sent"),
    "IRCT": __("Instant transfer sent"),
    "IDDT": __("Direct debit collected"),
    "RDDT": __("Direct debit drawn by others"),
    "CCRD": __("Card payment"),
    "MCRD": __("Card payments of customers"),
    "RCHQ": __("Cheque received"),
    "ICHQ": __("Cheque issued"),
    "CNTR": __("At the counter"),
    "FORX": __("Foreign exchange"),
    "LDAS": __("Loan or deposit"),
    "SECU": __("Securities"),
}
AMOUNTS = ("open", "rest", "due", "amount")


@dataclass(frozen=True)
class Sentence:
    """One thing found, in words."""

    text: str
    against: bool


def kind_of(code: str) -> str:
    """What a bank transaction code such as PMNT/RCDT/ESCT means; the code where it is not common.

    https://www.iso20022.org/catalogue-messages/additional-content-messages/external-code-sets
    """
    known = (KINDS[part] for part in reversed(code.split("/")) if part in KINDS)
    return str(next(known, code))


def sentences(evidence: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """What speaks for an application first, then what speaks against it."""
    told = [Sentence(_said(one), bool(one["against"])) for one in evidence]
    return sorted(told, key=lambda sentence: sentence.against)


def _said(one: Mapping[str, Any]) -> str:
    code = one["code"]
    if code == "payer":
        return str(KNOWN_BY.get(one["known_by"], KNOWN_BY["person"]))
    if code == "other_payer":
        default = _("The payer is another customer than the one who owes the documents named.")
        return str(OTHER_PAYER.get(one["known_by"], default))
    if code == "payer_ambiguous":
        return ngettext(
            "%(n)d customer could be the payer.", "%(n)d customers could be the payer.",
            int(one["count"]),
        ) % {"n": int(one["count"])}  # fmt: skip
    if code == "equal_amounts":
        count = int(one["count"])
        say = ngettext(
            "%(n)d open item of the payer has this amount.",
            "%(n)d open items of the payer have this amount.",
            count,
        )
        return say % {"n": count}
    shown = {
        name: amount(Decimal(str(value)), one["currency"], code=True) if name in AMOUNTS else value
        for name, value in one.items()
    }
    return str(WORDS[code]) % shown
