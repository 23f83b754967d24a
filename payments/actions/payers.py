"""Naming the payer of money nobody recognised, and remembering the bank account."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, events
from core.actions import action
from core.models import rights
from core.refusals import Refused
from ledger import items
from partners.drafts import BankAccountDraft, bank_account
from partners.editing import note_bank_accounts
from partners.exposure import Moves
from partners.models import Customer
from payments.findings import open_of
from payments.locking import company_of, lock_receipts, not_recorded
from payments.models import Receipt
from users.models import User


@action
def identify_payer(
    ids: Sequence[int], customer: Customer, *, by: User, remember: bool = False
) -> list[Receipt]:
    """Says that receipts came from a customer; matching looks again with that in mind.

    With `remember`, the bank accounts they came from are noted on the partner, so that the next
    payment is recognised. Refuses receipts of which something is applied already.
    """
    if not ids:
        return []
    receipts = lock_receipts(ids, by)
    company = company_of(receipts)
    rights(by).require("payments.apply", company.pk)
    if customer.company_id != company.pk:
        raise Refused("payments.not_found", _("This customer was not found here."))
    moves = Moves()
    for receipt in receipts:
        if why := not_recorded(receipt):
            raise why
        if receipt.customer:
            account = receipt.customer.credit_account_id
            moves.add(account, receipt.currency, unapplied=-open_of(receipt))
        moves.add(customer.credit_account_id, receipt.currency, unapplied=open_of(receipt))
    items.identify({receipt.open_item_id: customer.pk for receipt in receipts})
    moves.write()
    person, payer = Receipt.KnownBy.PERSON.value, Receipt.Finding.PAYER.value
    rows = [(r.pk, customer.pk, person, payer, False) for r in receipts]
    bulk.update(Receipt, ("id", "customer_id", "known_by", "finding", "on_account"), rows)
    if remember:
        _remember(receipts, customer, by)
    names = {"names": customer.number}
    facts = [events.Fact([("receipt", r.pk), ("customer", customer.pk)], names) for r in receipts]
    events.record(company, "receipt.identified", facts, by=by)
    return receipts


def _remember(receipts: Sequence[Receipt], customer: Customer, by: User) -> None:
    """Notes the accounts the money came from, each once; what is no IBAN is left out."""
    drafts = {
        r.transaction.counterparty_iban: BankAccountDraft(
            r.transaction.counterparty_iban, holder=r.payer[:120]
        )
        for r in receipts
        if r.transaction and r.transaction.counterparty_iban
    }
    checked = [bank_account(draft) for draft in drafts.values() if _is_iban(draft)]
    note_bank_accounts(customer, checked, by, _("Recognised from a payment"))


def _is_iban(draft: BankAccountDraft) -> bool:
    try:
        bank_account(draft)
    except Refused:
        return False
    return True
