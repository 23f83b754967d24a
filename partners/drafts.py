"""What a person says about a partner before it is stored, and whether it can be true.

`checked(draft)` gives the draft in its stored form and every refusal found, each with the field it
is about, so that a form, a spreadsheet line and an API call show the same words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from babel import Locale
from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils.translation import gettext as _
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.util import get_cc_module

from core.money import ZERO, minor_digits
from core.refusals import Refused
from partners.models import Address, Contact, Customer, Partner, PartnerBankAccount

T = TypeVar("T")

NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()
) - frozenset(NO_COUNTRIES)
CURRENCIES = frozenset(list_currencies())
EU_PREFIXES = frozenset(code.upper() for code in eu_vat.MEMBER_STATES) | {"EL", "XI"}


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


def checked_partner(draft: PartnerDraft, path: str = "") -> tuple[PartnerDraft, Findings]:
    """The draft as it would be stored, and what speaks against it."""
    found = Findings()
    name = found.value("name", text, Partner, "name", draft.name, True, otherwise="")
    legal = found.value(
        "legal_name", text, Partner, "legal_name", draft.legal_name or name, otherwise=""
    )
    code = found.value("country", country, draft.country, otherwise="")
    tax_id = found.value("vat_id", vat_number, draft.vat_id, code, otherwise="")
    registration = found.value(
        "registration_id",
        text,
        Partner,
        "registration_id",
        draft.registration_id,
        otherwise="",
    )
    addresses = tuple(_each(found, "addresses", _address, draft.addresses, code))
    contacts = tuple(_each(found, "contacts", _contact, draft.contacts))
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
    number = found.value("number", account_number, draft.number, otherwise="")
    money = found.value("currency", currency, draft.currency or base, otherwise=base)
    limit = found.value("credit_limit", credit_limit, draft.credit_limit, money, otherwise=ZERO)
    return replace(draft, partner=partner, number=number, currency=money, credit_limit=limit), found


def checked_supplier(draft: SupplierDraft, base: str) -> tuple[SupplierDraft, Findings]:
    """The same for a supplier."""
    partner, found = checked_partner(draft.partner)
    number = found.value("number", account_number, draft.number, otherwise="")
    money = found.value("currency", currency, draft.currency or base, otherwise=base)
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


def text(model: type[Model], field: str, value: str, needed: bool = False) -> str:
    """Text that fits its column: trimmed, without control characters, not too long."""
    column = model._meta.get_field(field)
    label = getattr(column, "verbose_name", field)
    bare = " ".join(value.split())
    if needed and not bare:
        raise Refused("partners.missing", _("The %(field)s is missing.") % {"field": label})
    if any(not sign.isprintable() for sign in bare):
        rule = _("The %(field)s holds damaged characters. Type it again.")
        raise Refused("partners.damaged", rule % {"field": label})
    most = getattr(column, "max_length", None)
    if most and len(bare) > most:
        rule = _("The %(field)s has %(long)d characters; there is room for %(most)d.")
        said = {"field": label, "long": len(bare), "most": most}
        raise Refused("partners.too_long", rule % said, long=len(bare), most=most)
    return bare


def country(code: str) -> str:
    """An ISO 3166 country code."""
    bare = code.strip().upper()
    if bare not in COUNTRIES:
        rule = _("“%(code)s” is no country code. Write two letters, such as DE or US.")
        raise Refused("partners.country", rule % {"code": code[:20]})
    return bare


def currency(code: str) -> str:
    """An ISO 4217 currency code."""
    bare = code.strip().upper()
    if bare not in CURRENCIES:
        rule = _("“%(code)s” is no currency code. Write three letters, such as EUR or USD.")
        raise Refused("partners.currency", rule % {"code": code[:20]})
    return bare


def account_number(number: str) -> str:
    """A customer's or supplier's number: part of addresses, so letters, digits, dot and dash."""
    bare = text(Customer, "number", number)
    if bare and not all(part.isalnum() for part in bare.replace(".", "-").split("-")):
        rule = _("“%(number)s” is no number for an account: use letters, digits, dots and dashes.")
        raise Refused("partners.number", rule % {"number": bare})
    return bare


def credit_limit(limit: Decimal, money: str) -> Decimal:
    """A limit from zero on, in whole units of its currency's smallest coin."""
    digits = minor_digits(money)
    if not limit.is_finite() or limit < 0 or limit >= 10**15:
        raise Refused(
            "partners.limit", _("A credit limit is an amount from 0 to 999,999,999,999,999.")
        )
    if limit != round(limit, digits):
        rule = _("%(currency)s has %(digits)d decimals; the credit limit has more.")
        raise Refused("partners.limit_digits", rule % {"currency": money, "digits": digits})
    return limit


def vat_number(number: str, land: str) -> str:
    """A tax number in its full form, with the country's letters where it is a VAT number."""
    bare = "".join(sign for sign in number.upper() if sign not in " .-/")
    if not bare:
        return ""
    wrong = Refused(
        "partners.vat_id",
        _("“%(number)s” is no valid VAT number for %(country)s. Compare it with the VAT register.")
        % {"number": number[:30], "country": bare[:2] if bare[:2] in EU_PREFIXES else land},
    )
    try:
        if bare[:2] in EU_PREFIXES:
            return str(eu_vat.validate(bare))
        if land in EU_PREFIXES or land == "GR":
            return str(eu_vat.validate(("EL" if land == "GR" else land) + bare))
        return _foreign_number(bare, land)
    except BadNumber:
        raise wrong from None


def _foreign_number(bare: str, land: str) -> str:
    module = get_cc_module(land, "vat") if land else None
    if module:
        compact = str(module.validate(bare))
        return compact if compact.startswith(land) else land + compact
    if len(bare) > 20 or not bare.isascii() or not bare.isalnum():
        raise BadNumber
    return bare


def bank_account(draft: BankAccountDraft) -> BankAccountDraft:
    """An account whose IBAN has the right length and check digits for its country."""
    try:
        iban = IBAN(draft.iban)
    except (SchwiftyException, ValueError):
        rule = _("“%(iban)s” is no valid IBAN: its length or check digits are wrong.")
        raise Refused("partners.iban", rule % {"iban": draft.iban[:40]}) from None
    try:
        bic = str(BIC(draft.bic)) if draft.bic.strip() else str(iban.bic or "")
    except (SchwiftyException, ValueError):
        rule = _("“%(bic)s” is no valid BIC. It has 8 or 11 letters and digits.")
        raise Refused("partners.bic", rule % {"bic": draft.bic[:20]}) from None
    return BankAccountDraft(str(iban), bic, text(PartnerBankAccount, "holder", draft.holder))


def _address(draft: AddressDraft, land: str) -> AddressDraft:
    return AddressDraft(
        street=text(Address, "street", draft.street, True),
        city=text(Address, "city", draft.city, True),
        country=country(draft.country or land),
        postcode=text(Address, "postcode", draft.postcode),
        street2=text(Address, "street2", draft.street2),
        addressee=text(Address, "addressee", draft.addressee),
        purpose=_one_of(Address.Purpose.values, draft.purpose),
    )


def _contact(draft: ContactDraft) -> ContactDraft:
    return ContactDraft(
        email=email(draft.email),
        name=text(Contact, "name", draft.name),
        phone=text(Contact, "phone", draft.phone),
        purpose=_one_of(Contact.Purpose.values, draft.purpose),
    )


def email(address: str) -> str:
    """A mail address that could exist."""
    bare = address.strip()
    try:
        validate_email(bare)
    except ValidationError:
        rule = _("“%(address)s” is no e-mail address.")
        raise Refused("partners.email", rule % {"address": address[:60]}) from None
    return text(Contact, "email", bare)


def _one_of(known: Sequence[str], value: str) -> str:
    bare = value.strip().lower()
    if bare not in known:
        rule = _("“%(value)s” is not known here. Use one of: %(known)s.")
        said = {"value": value[:30], "known": ", ".join(known)}
        raise Refused("partners.unknown_word", rule % said)
    return bare
