"""What a person says about a partner before it is stored, and whether it can be true.

`checked(draft)` gives the draft in its stored form and every refusal found, each with the field it
is about, so that a form, a spreadsheet line and an API call show the same words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from core import checks
from core.checks import country, vat_number
from core.money import ZERO
from core.refusals import Refused
from partners.checks import account_number, credit_limit, email
from partners.models import Address, Contact, Partner, PartnerBankAccount

T = TypeVar("T")


@dataclass(frozen=True)
class AddressDraft:
    street: str
    city: str
    country: str = ""
    postcode: str = ""
    street2: str = ""
    addressee: str = ""
    purpose: str = Address.Purpose.BILLING


@dataclass(frozen=True)
class ContactDraft:
    email: str
    name: str = ""
    phone: str = ""
    purpose: str = Contact.Purpose.INVOICES


@dataclass(frozen=True)
class BankAccountDraft:
    iban: str
    bic: str = ""
    holder: str = ""


@dataclass(frozen=True)
class PartnerDraft:
    """A firm or person. With `partner_id`, or the VAT number of one we know, it is that one."""

    name: str
    country: str
    legal_name: str = ""
    language: str = ""
    is_business: bool = True
    vat_id: str = ""
    registration_id: str = ""
    addresses: Sequence[AddressDraft] = ()
    contacts: Sequence[ContactDraft] = ()
    bank_accounts: Sequence[BankAccountDraft] = ()
    partner_id: int | None = None


@dataclass(frozen=True)
class CustomerDraft:
    """An account to open. `terms` is a code; `credit_with` is the number of a customer whose
    credit account, and so whose limit, this one shares."""

    partner: PartnerDraft
    number: str = ""
    currency: str = ""
    terms: str = "NET30"
    credit_limit: Decimal = ZERO
    credit_with: str = ""
    sales_rep_id: int | None = None
    collector_id: int | None = None
    po_number_required: bool = False


@dataclass(frozen=True)
class SupplierDraft:
    """A supplier's account to open."""

    partner: PartnerDraft
    number: str = ""
    currency: str = ""
    terms: str = "NET30"


class Findings(list[Refused]):
    """Refusals gathered while a draft is checked, instead of stopping at the first."""

    def value(self, field: str, check: Callable[..., T], *given: Any, otherwise: T) -> T:
        """What `check` makes of the given, or `otherwise` and one more finding."""
        try:
            return check(*given)
        except Refused as refusal:
            self.add(field, refusal)
            return otherwise

    def add(self, field: str, refusal: Refused) -> None:
        refusal.numbers.setdefault("field", field)
        self.append(refusal)


def checked_partner(draft: PartnerDraft) -> tuple[PartnerDraft, Findings]:
    """The draft as it would be stored, and what speaks against it."""
    found = Findings()
    name = found.value("name", checks.text, Partner, "name", draft.name, True, otherwise="")
    legal = found.value(
        "legal_name", checks.text, Partner, "legal_name", draft.legal_name or name, otherwise=""
    )
    code = found.value("country", country, draft.country, otherwise="")
    tax_id = found.value("vat_id", vat_number, draft.vat_id, code, otherwise="")
    registration = found.value(
        "registration_id",
        checks.text,
        Partner,
        "registration_id",
        draft.registration_id,
        otherwise="",
    )
    addresses = tuple(_each(found, "addresses", address, draft.addresses, code))
    contacts = tuple(_each(found, "contacts", contact, draft.contacts))
    accounts = tuple(_each(found, "bank_accounts", bank_account, draft.bank_accounts))
    return replace(
        draft,
        name=name,
        legal_name=legal,
        country=code,
        vat_id=tax_id,
        registration_id=registration,
        language=draft.language or "en",
        addresses=addresses,
        contacts=contacts,
        bank_accounts=tuple({account.iban: account for account in accounts}.values()),
    ), found


def checked_customer(draft: CustomerDraft, base: str) -> tuple[CustomerDraft, Findings]:
    """The same for a customer; `base` is the currency where none is said."""
    partner, found = checked_partner(draft.partner)
    number = found.value("number", account_number, "customer", draft.number, otherwise="")
    money = found.value("currency", checks.currency, draft.currency or base, otherwise=base)
    limit = found.value("credit_limit", credit_limit, draft.credit_limit, money, otherwise=ZERO)
    return replace(draft, partner=partner, number=number, currency=money, credit_limit=limit), found


def checked_supplier(draft: SupplierDraft, base: str) -> tuple[SupplierDraft, Findings]:
    """The same for a supplier."""
    partner, found = checked_partner(draft.partner)
    number = found.value("number", account_number, "supplier", draft.number, otherwise="")
    money = found.value("currency", checks.currency, draft.currency or base, otherwise=base)
    return replace(draft, partner=partner, number=number, currency=money), found


def _each(
    found: Findings, field: str, check: Callable[..., T], drafts: Sequence[T], *more: object
) -> list[T]:
    """The drafts that pass, and a finding with its place for each that does not."""
    passed = []
    for place, draft in enumerate(drafts):
        try:
            passed.append(check(draft, *more))
        except Refused as refusal:
            refusal.numbers.setdefault("place", place)
            found.add(field, refusal)
    return passed


def bank_account(draft: BankAccountDraft) -> BankAccountDraft:
    """An account by its IBAN; the bank's code follows from it where the register knows it."""
    number = checks.iban(draft.iban)
    code = checks.bic(draft.bic) if draft.bic.strip() else str(number.bic or "")
    return BankAccountDraft(
        str(number), code, checks.text(PartnerBankAccount, "holder", draft.holder)
    )


def address(draft: AddressDraft, land: str) -> AddressDraft:
    """An address with what the post needs; in the partner's country unless it says another."""
    return AddressDraft(
        street=checks.text(Address, "street", draft.street, True),
        city=checks.text(Address, "city", draft.city, True),
        country=country(draft.country or land),
        postcode=checks.text(Address, "postcode", draft.postcode),
        street2=checks.text(Address, "street2", draft.street2),
        addressee=checks.text(Address, "addressee", draft.addressee),
        purpose=checks.one_of(Address.Purpose.values, draft.purpose),
    )


def contact(draft: ContactDraft) -> ContactDraft:
    """A contact that mail can reach."""
    return ContactDraft(
        email=email(draft.email),
        name=checks.text(Contact, "name", draft.name),
        phone=checks.text(Contact, "phone", draft.phone),
        purpose=checks.one_of(Contact.Purpose.values, draft.purpose),
    )
