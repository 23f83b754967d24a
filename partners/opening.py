"""Opening accounts: what must be known, what speaks against it, and the writing of a whole set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from core import bulk
from core.actions import inside_transaction
from core.models import Company, Membership, rights
from core.refusals import Refused
from partners.drafts import (
    CustomerDraft,
    Findings,
    PartnerDraft,
    SupplierDraft,
    checked_customer,
    checked_supplier,
)
from partners.models import (
    Address,
    Contact,
    Customer,
    Partner,
    PartnerBankAccount,
    PaymentTerms,
    Supplier,
)
from users.models import User


@dataclass
class Known:
    """What the books say already about the accounts to be opened."""

    terms: dict[str, int] = field(default_factory=dict)
    partners: dict[int, str] = field(default_factory=dict)  # id → name
    by_vat_id: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int | None] = field(default_factory=dict)  # number → credit account
    of_partner: dict[int, str] = field(default_factory=dict)  # partner → number
    members: set[int] = field(default_factory=set)

    def partner_id(self, draft: PartnerDraft) -> int | None:
        return draft.partner_id or self.by_vat_id.get(draft.vat_id)


def examine_customers(
    company: Company, drafts: Sequence[CustomerDraft], by: User
) -> tuple[list[CustomerDraft], Known, dict[int, Findings]]:
    """The drafts as they would be stored, what is known, and by place what speaks against."""
    pairs = [checked_customer(draft, company.currency) for draft in drafts]
    checked = [draft for draft, _found in pairs]
    known = look_up(company, checked, Customer)
    _look_up_people(company, checked, known)
    found = dict(enumerate(found for _draft, found in pairs))
    _check_accounts(checked, known, found)
    may_grant = rights(by).may("partners.credit", company.pk)
    for place, draft in enumerate(checked):
        _check_credit(draft, known, found[place], may_grant)
        _check_people(draft, known, found[place])
    return checked, known, {place: wrong for place, wrong in found.items() if wrong}


def examine_suppliers(
    company: Company, drafts: Sequence[SupplierDraft]
) -> tuple[list[SupplierDraft], Known, dict[int, Findings]]:
    """The same for suppliers."""
    pairs = [checked_supplier(draft, company.currency) for draft in drafts]
    checked = [draft for draft, _found in pairs]
    known = look_up(company, checked, Supplier)
    found = dict(enumerate(found for _draft, found in pairs))
    _check_accounts(checked, known, found)
    return checked, known, {place: wrong for place, wrong in found.items() if wrong}


def look_up(
    company: Company,
    drafts: Sequence[CustomerDraft | SupplierDraft],
    model: type[Customer] | type[Supplier],
) -> Known:
    """Three statements, however many drafts."""
    known = Known()
    rows: Any = PaymentTerms.objects.filter(company=company, archived_at=None)
    known.terms = dict(rows.values_list("code", "pk"))
    wanted = Q(pk__in=[d.partner.partner_id for d in drafts if d.partner.partner_id]) | Q(
        vat_id__in=[d.partner.vat_id for d in drafts if d.partner.vat_id]
    )
    for pk, name, vat_id in Partner.objects.filter(wanted).values_list("pk", "name", "vat_id"):
        known.partners[pk] = name
        known.by_vat_id[vat_id] = pk
    known.by_vat_id.pop("", None)
    numbers = {d.number for d in drafts} | {getattr(d, "credit_with", "") for d in drafts}
    accounts: Any = model._default_manager.filter(
        Q(number__in=numbers - {""}) | Q(partner__in=known.partners), company=company
    )
    credit = "credit_account_id" if model is Customer else "pk"
    for number, partner_id, account_id in accounts.values_list("number", "partner_id", credit):
        known.numbers[number] = account_id
        known.of_partner[partner_id] = number
    return known


def _look_up_people(company: Company, drafts: Iterable[CustomerDraft], known: Known) -> None:
    people = {pk for d in drafts for pk in (d.sales_rep_id, d.collector_id) if pk}
    if people:
        known.members = _members(company, people)


def _check_accounts(
    drafts: Sequence[CustomerDraft | SupplierDraft],
    known: Known,
    found: Mapping[int, Findings],
) -> None:
    """Numbers and partners that are there already, or twice in the set; unknown terms."""
    numbers: dict[str, int] = {}
    partners: dict[object, int] = {}
    for place, draft in enumerate(drafts):
        wrong = found[place]
        partner_id = known.partner_id(draft.partner)
        identity = partner_id or draft.partner.vat_id
        if draft.number in known.numbers:
            wrong.add("number", _taken(draft.number))
        elif draft.number and numbers.setdefault(draft.number, place) != place:
            wrong.add("number", _twice(draft.number))
        if draft.partner.partner_id and draft.partner.partner_id not in known.partners:
            wrong.add("partner", Refused("partners.unknown", _("There is no such partner.")))
        elif partner_id in known.of_partner:
            wrong.add("vat_id", _has_account(draft.partner, known, partner_id))
        elif identity and partners.setdefault(identity, place) != place:
            wrong.add("vat_id", _twice(draft.partner.vat_id or draft.partner.name))
        if draft.terms not in known.terms:
            wrong.add("terms", _no_terms(draft.terms, known))


def _taken(number: str) -> Refused:
    rule = _("The number %(number)s is taken. Leave it empty to get the next free one.")
    return Refused("partners.number_taken", rule % {"number": number}, number=number)


def _twice(name: str) -> Refused:
    rule = _("%(name)s stands in this list twice. Remove one of them.")
    return Refused("partners.twice", rule % {"name": name})


def _has_account(draft: PartnerDraft, known: Known, partner_id: int | None) -> Refused:
    number = known.of_partner[partner_id or 0]
    said = {"name": known.partners.get(partner_id or 0, draft.name), "number": number}
    rule = _("%(name)s has an account already: %(number)s. Change that one instead.")
    return Refused("partners.has_account", rule % said, number=number)


def _no_terms(code: str, known: Known) -> Refused:
    rule = _("There are no payment terms “%(code)s”. Use one of: %(known)s.")
    said = {"code": code[:20], "known": ", ".join(sorted(known.terms)) or "—"}
    return Refused("partners.no_terms", rule % said)


def _check_credit(draft: CustomerDraft, known: Known, wrong: Findings, may_grant: bool) -> None:
    if draft.credit_limit and not may_grant:
        text = _("Only a credit controller sets credit limits. Leave it at 0 and ask for one.")
        wrong.add("credit_limit", Refused("partners.limit_right", text))
    if draft.credit_with and not may_grant:
        text = _("Only a credit controller lets a customer share a limit. Leave it empty and ask.")
        wrong.add("credit_with", Refused("partners.limit_right", text))
    elif draft.credit_with and not known.numbers.get(draft.credit_with):
        rule = _("There is no customer %(number)s whose limit could be shared.")
        said = {"number": draft.credit_with[:20]}
        wrong.add("credit_with", Refused("partners.no_credit_account", rule % said))
    elif draft.credit_with and draft.credit_limit:
        text = _("A customer that shares a limit has none of its own. Leave the limit at 0.")
        wrong.add("credit_limit", Refused("partners.two_limits", text))


def _check_people(draft: CustomerDraft, known: Known, wrong: Findings) -> None:
    for name in ("sales_rep", "collector"):
        pk = getattr(draft, f"{name}_id")
        if pk and pk not in known.members:
            wrong.add(name, _no_member())


def _no_member() -> Refused:
    text = _("This person has no role in the company. Choose someone who has.")
    return Refused("partners.no_member", text)


def agreed_terms(company: Company, code: str, now: int) -> int:
    """The id of terms by code: ones in use, or those an account has already."""
    rows: Any = PaymentTerms.objects.filter(Q(archived_at=None) | Q(pk=now), company=company)
    known = Known(terms=dict(rows.values_list("code", "pk")))
    if code not in known.terms:
        refusal = _no_terms(code, known)
        refusal.numbers["field"] = "terms"
        raise refusal
    return known.terms[code]


def refuse_outsiders(company: Company, people: Iterable[int | None]) -> None:
    """Refuses people who have no role in the company."""
    wanted = {pk for pk in people if pk}
    if wanted - _members(company, wanted):
        raise _no_member()


def _members(company: Company, people: set[int]) -> set[int]:
    rows = Membership.objects.filter(company=company, user__in=people, user__is_active=True)
    return set(rows.values_list("user_id", flat=True))


@inside_transaction
def write_partners(
    drafts: Sequence[PartnerDraft], known: Known, new_ids: Mapping[type[Model], list[int]]
) -> list[int]:
    """Writes the partners not yet known, and what each draft adds to its partner; their ids."""
    fresh = iter(new_ids[Partner])
    ids = [known.partner_id(draft) or next(fresh) for draft in drafts]
    rows = [(pk, draft) for pk, draft in zip(ids, drafts, strict=True) if pk not in known.partners]
    columns = (
        "name", "legal_name", "country", "language", "is_business", "vat_id", "registration_id",
    )  # fmt: skip
    bulk.insert(
        Partner,
        ("id", *columns),
        [(pk, *(getattr(draft, column) for column in columns)) for pk, draft in rows],
    )
    _write_parts(Address, ADDRESS, [(pk, d.addresses) for pk, d in zip(ids, drafts, strict=True)])
    _write_parts(Contact, CONTACT, [(pk, d.contacts) for pk, d in zip(ids, drafts, strict=True)])
    _write_parts(
        PartnerBankAccount,
        ACCOUNT,
        [(pk, d.bank_accounts) for pk, d in zip(ids, drafts, strict=True)],
        known.partners,
    )
    return ids


ADDRESS = ("purpose", "addressee", "street", "street2", "postcode", "city", "country")
CONTACT = ("purpose", "name", "email", "phone")
ACCOUNT = ("iban", "bic", "holder")


def _write_parts(
    model: type[Model],
    columns: Sequence[str],
    of_partners: Sequence[tuple[int, Sequence[object]]],
    known: Mapping[int, str] | None = None,
) -> None:
    """Writes the parts of partners; an account that a known partner has is not written again."""
    rows = [
        (pk, *(getattr(part, column) for column in columns))
        for pk, parts in of_partners
        for part in parts
    ]
    if known and any(row[0] in known for row in rows):
        there = set(
            PartnerBankAccount.objects.filter(partner__in=known).values_list("partner_id", "iban")
        )
        rows = [row for row in rows if row[:2] not in there]
    bulk.insert(model, ("partner_id", *columns), rows)
