"""Changing accounts: what the partner is called, what is agreed, who is asked and paid where."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from core.actions import action, inside_transaction
from core.history import recorded, write_changes
from core.models import rights
from core.money import ZERO
from core.refusals import Refused
from partners import drafts as said
from partners.drafts import (
    AddressDraft,
    BankAccountDraft,
    CustomerDraft,
    SupplierDraft,
)
from partners.editing import Versions, locked_account, permission_for, replace_parts, tell
from partners.models import Address, Contact, Customer, Partner, PartnerBankAccount, Supplier
from partners.opening import agreed_terms, refuse_outsiders
from users.models import User

Account = TypeVar("Account", Customer, Supplier)
PARTNER = (
    "name", "legal_name", "country", "language", "is_business", "vat_id", "registration_id",
)  # fmt: skip


@action
def change_customer(
    customer: Customer, wanted: CustomerDraft, *, seen: Versions, by: User, reason: str = ""
) -> Customer:
    """Changes what is said of a buyer; number, addresses and credit have deeds of their own."""
    rights(by).require("partners.edit", customer.company_id)
    row = locked_account(customer, by, seen)
    fit, found = said.checked_customer(
        replace(wanted, number=row.number, credit_limit=ZERO), row.currency
    )
    if found:
        raise found[0]
    agreed = {
        "currency": fit.currency,
        "payment_terms_id": agreed_terms(row.company, fit.terms, row.payment_terms_id),
        "sales_rep_id": fit.sales_rep_id,
        "collector_id": fit.collector_id,
        "po_number_required": fit.po_number_required,
    }
    newcomers = {fit.sales_rep_id, fit.collector_id} - {row.sales_rep_id, row.collector_id}
    refuse_outsiders(row.company, newcomers)
    return _change(row, agreed, fit.partner, by, reason)


@action
def change_supplier(
    supplier: Supplier, wanted: SupplierDraft, *, seen: Versions, by: User, reason: str = ""
) -> Supplier:
    """Changes what is said of a seller."""
    rights(by).require("partners.suppliers", supplier.company_id)
    row = locked_account(supplier, by, seen)
    fit, found = said.checked_supplier(replace(wanted, number=row.number), row.currency)
    if found:
        raise found[0]
    agreed = {
        "currency": fit.currency,
        "payment_terms_id": agreed_terms(row.company, fit.terms, row.payment_terms_id),
    }
    return _change(row, agreed, fit.partner, by, reason)


@inside_transaction
def _change(
    row: Account, agreed: dict[str, Any], partner: said.PartnerDraft, by: User, reason: str
) -> Account:
    _refuse_second_identity(row.partner, partner.vat_id)
    with recorded(by, reason):
        changed = write_changes(row, agreed)
        changed += write_changes(row.partner, {name: getattr(partner, name) for name in PARTNER})
        if changed:
            tell(row, "changed", {"fields": sorted(changed), "reason": reason}, by)
    return row


def _refuse_second_identity(partner: Partner, vat_id: str) -> None:
    if not vat_id or vat_id == partner.vat_id:
        return
    other = Partner.objects.filter(vat_id=vat_id).exclude(pk=partner.pk).first()
    if other:
        rule = _("%(vat_id)s is the VAT number of %(name)s already.")
        words = {"vat_id": vat_id, "name": other.name}
        raise Refused("partners.vat_id_taken", rule % words, field="vat_id")


Wanted = Sequence[tuple[int | None, Any]]  # id of the row, or None for a new one, and its draft


@action
def change_addresses(
    account: Account, wanted: Wanted, *, seen: Versions, by: User, reason: str = ""
) -> Account:
    """Makes the addresses those wanted; one that changes is replaced, documents keep the old."""
    return _change_parts(account, "addresses", wanted, seen, (by, reason))


@action
def change_contacts(
    account: Account, wanted: Wanted, *, seen: Versions, by: User, reason: str = ""
) -> Account:
    """Makes the contacts those wanted."""
    return _change_parts(account, "contacts", wanted, seen, (by, reason))


@action
def change_bank_accounts(
    account: Account, wanted: Wanted, *, seen: Versions, by: User, reason: str
) -> Account:
    """Makes the bank accounts those wanted. A reason is asked for: money follows these numbers."""
    if not reason.strip():
        text = _("Say why the bank accounts change, such as the letter that told you.")
        raise Refused("partners.reason", text, field="reason")
    return _change_parts(account, "bank_accounts", wanted, seen, (by, reason))


# The rows, how a draft is checked, and the columns that documents rely on.
PARTS: dict[str, tuple[type[Any], Any, tuple[str, ...]]] = {
    "addresses": (Address, said.address, tuple(AddressDraft.__dataclass_fields__)),
    "contacts": (Contact, said.contact, ()),
    "bank_accounts": (PartnerBankAccount, said.bank_account, ("iban",)),
}


@inside_transaction
def _change_parts(
    account: Account, what: str, wanted: Wanted, seen: Versions, why: tuple[User, str]
) -> Account:
    by, reason = why
    model, check, frozen = PARTS[what]
    rights(by).require(permission_for(account, what), account.company_id)
    row = locked_account(account, by, seen)
    more = (row.partner.country,) if what == "addresses" else ()
    fit = [(pk, _checked(check, place, draft, more)) for place, (pk, draft) in enumerate(wanted)]
    if what == "bank_accounts":
        _refuse_twice(fit)
    with recorded(by, reason):
        count = replace_parts(row.partner, model, fit, frozen)
        if count:
            tell(row, f"{what}_changed", {"count": count, "reason": reason}, by)
    return row


def _checked(check: Any, place: int, draft: Any, more: tuple[str, ...]) -> Any:
    try:
        return check(draft, *more)
    except Refused as refusal:
        refusal.numbers.setdefault("place", place)
        raise


def _refuse_twice(wanted: Sequence[tuple[int | None, BankAccountDraft]]) -> None:
    ibans = [draft.iban for _pk, draft in wanted]
    for place, iban in enumerate(ibans):
        if iban in ibans[:place]:
            rule = _("The IBAN %(iban)s stands there twice. Remove one line.")
            raise Refused("partners.iban_twice", rule % {"iban": iban}, place=place)
