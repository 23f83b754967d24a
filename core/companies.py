"""Founding a company; what it says of itself on its documents, and changing that.

Its country and its VAT number are checked as those of its partners are.
"""

from collections.abc import Mapping

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.util import get_cc_module

from core.actions import action
from core.events import Fact, record
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from users.models import User

CHANGEABLE = (
    "name", "legal_name", "street", "postcode", "city", "country", "vat_id", "registration_id",
    "email", "phone", "language", "time_zone",
)  # fmt: skip
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()
) - frozenset(NO_COUNTRIES)
EU_PREFIXES = frozenset(code.upper() for code in eu_vat.MEMBER_STATES) | {"EL", "XI"}


@action
def found_company(fields: Mapping[str, str | int], *, by: User) -> Company:
    """A new company without books. Only the program itself founds one: nobody has a role yet.

    Raises Refused `company.wrong`.
    """
    rights(by).require("core.found", 0)
    company = Company(**fields)
    try:
        company.full_clean()
    except ValidationError as problem:
        raise Refused("company.wrong", " ".join(problem.messages)) from None
    company.save()
    record(company, "company.founded", [Fact([("company", company.pk)])], by=by)
    return company


@action
def change_company(
    company: Company, changes: Mapping[str, str], *, version: int, by: User
) -> Company:
    """Changes master data of the company; issued documents keep what they said.

    Raises Refused `company.changed_meanwhile` when the form showed an older version.
    """
    rights(by).require("core.company", company.pk)
    (row,) = lock(Company.objects.filter(pk=company.pk))
    if row.version != version:
        words = _("Someone else changed the company since you opened this page. Nothing was saved.")
        raise Refused("company.changed_meanwhile", words)
    changed = [
        name for name in CHANGEABLE if changes.get(name, getattr(row, name)) != getattr(row, name)
    ]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, changes[name])
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    record(company, "company.changed", [Fact([("company", row.pk)], {"fields": changed})], by=by)
    return row


def checked_country(code: str) -> str:
    """An ISO 3166 country code."""
    bare = code.strip().upper()
    if bare not in COUNTRIES:
        rule = _("“%(code)s” is no country code. Write two letters, such as DE or US.")
        raise Refused("country.unknown", rule % {"code": code[:20]})
    return bare


def checked_vat_number(number: str, land: str) -> str:
    """A tax number in its full form, with the country's letters where it is a VAT number."""
    bare = "".join(sign for sign in number.upper() if sign not in " .-/")
    if not bare:
        return ""
    wrong = Refused(
        "vat_id.wrong",
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
