"""What matching found out about a receipt, ready to be kept with it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import ZERO
from payments.matching import Evidence, Payment, Verdict
from payments.models import Receipt


@dataclass(frozen=True, slots=True)
class Finding:
    """A receipt with the verdict on it; the receipt names its payer by now, where there is one."""

    receipt: Receipt
    verdict: Verdict
    is_newly_known: bool

    def row(self) -> tuple[int, int | None, str, str, list[dict[str, Any]]]:
        """Id, customer, known by, finding, evidence."""
        receipt = self.receipt
        evidence = [kept(one) for one in self.verdict.evidence]
        return receipt.pk, receipt.customer_id, receipt.known_by, self.sum(), evidence

    def sum(self) -> str:
        total = sum((part for _item, part in self.verdict.parts), ZERO)
        if self.verdict.automatic and total == open_of(self.receipt):
            return Receipt.Finding.APPLIED.value
        if self.verdict.parts and not self.verdict.automatic:
            return Receipt.Finding.PROPOSED.value
        known = self.receipt.customer_id is not None
        return (Receipt.Finding.PAYER if known else Receipt.Finding.NOTHING).value


def found_out(receipt: Receipt, payment: Payment, verdict: Verdict) -> Finding:
    """Notes the payer on the receipt, unless something quoted speaks for somebody else."""
    if receipt.customer_id is not None:
        return Finding(receipt, verdict, False)
    contradicted = any(evidence.code == "other_payer" for evidence in verdict.evidence)
    if verdict.automatic:
        receipt.customer_id = verdict.customer_id
        receipt.known_by = payment.known_by or Receipt.KnownBy.DOCUMENT
    elif len(payment.customers) == 1 and not contradicted:
        receipt.customer_id = payment.customers[0]
        receipt.known_by = payment.known_by
    return Finding(receipt, verdict, receipt.customer_id is not None)


def open_of(receipt: Receipt) -> Decimal:
    """What is not applied yet, of a receipt read with its open item."""
    return receipt.open_item.open_amount


def kept(evidence: Evidence) -> dict[str, Any]:
    """Evidence as it is stored; `wording` reads it again."""
    return {"code": evidence.code, "against": evidence.against, **evidence.values}


def standing_of(receipt: Receipt) -> tuple[str, str]:
    """What became of a receipt: the word its badge is coloured by, and the word that is read."""
    left = open_of(receipt)
    if receipt.state == Receipt.State.REVERSED:
        return "reversed", _("Reversed")
    if not left:
        return "applied", _("Applied")
    if receipt.on_account:
        return "on_account", _("On account")
    if left < receipt.amount:
        return "waiting", _("Partly applied")
    return "unapplied", _("Unapplied")
