"""Founding a company; what it says of itself on its documents, and changing that."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

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
