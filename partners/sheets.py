"""Customers from a spreadsheet: each line becomes a draft and what speaks against it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from core.models import Company, Membership
from core.money import ZERO
from core.refusals import Refused
from core.spreadsheets import Line, parse_amount
from core.spreadsheets.imports import Checked, Problem
from partners.drafts import (
    AddressDraft,
    BankAccountDraft,
    ContactDraft,
    CustomerDraft,
    Findings,
    PartnerDraft,
)
from partners.models import Contact, Customer
from partners.opening import examine_customers
from users.models import User

REQUIRED = ("name", "country")
OPTIONAL = (
    "number", "legal_name", "vat_id", "registration_id", "language", "is_business",
    "currency", "terms", "credit_limit", "credit_with", "street", "street2", "postcode", "city",
    "shipping_street", "shipping_postcode", "shipping_city", "contact", "email", "orders_email",
    "reminders_email", "phone", "iban", "bic", "sales_rep", "collector", "po_number_required",
)  # fmt: skip
# Findings about parts of a customer, by the column they came from.
COLUMNS = {"addresses": "street", "contacts": "email", "bank_accounts": "iban", "partner": "name"}
YES, NO = {"yes", "y", "true", "1", "x", "ja"}, {"no", "n", "false", "0", "", "nein"}


def check_customers(company: Company, lines: Sequence[Line], by: User) -> Checked[CustomerDraft]:
    """What the lines would open, and every mistake in them; a handful of statements."""
    people = _people(company, lines)
    read = [_read(line, company, people) for line in lines]
    checked, _known, wrong = examine_customers(company, [draft for draft, _found in read], by)
    alike = _alike(company, checked)
    problems = []
    for place, line in enumerate(lines):
        found = [*read[place][1], *wrong.get(place, [])]
        if place in alike and not found:
            found.append(alike[place])
        problems += [_problem(line, refusal) for refusal in found]
    return Checked(
        [draft for draft, _found in read],
        problems,
        (_("Line"), _("Name"), _("Number"), _("VAT number"), _("City"), _("Terms"), _("Limit")),
        [
            (
                line.number, d.partner.name, d.number or _("next free"), d.partner.vat_id,
                ", ".join(address.city for address in d.partner.addresses), d.terms,
                f"{d.credit_limit:f} {d.currency}",
            )
            for line, d in zip(lines, checked, strict=True)
        ],
    )  # fmt: skip


def _problem(line: Line, refusal: Refused) -> Problem:
    field = str(refusal.numbers.get("field", "name"))
    column = COLUMNS.get(field, field)
    return Problem(line.number, column, line[column][:60], refusal.message)


def _read(
    line: Line, company: Company, people: Mapping[str, int]
) -> tuple[CustomerDraft, Findings]:
    """One line as a draft, with what could not be read; that takes its usual value meanwhile."""
    found = Findings()
    money = line["currency"].upper() or company.currency
    limit = ZERO
    if line["credit_limit"]:
        limit = found.value("credit_limit", _limit, line["credit_limit"], money, otherwise=ZERO)
    reps = {
        f"{name}_id": found.value(name, _person, line[name], people, otherwise=None)
        for name in ("sales_rep", "collector")
    }
    wanted = found.value("po_number_required", yes_or_no, line["po_number_required"], False,
                         otherwise=False)  # fmt: skip
    draft = CustomerDraft(
        _partner(line, company, found),
        number=line["number"],
        currency=line["currency"],
        terms=line["terms"].upper() or "NET30",
        credit_limit=limit,
        credit_with=line["credit_with"],
        po_number_required=wanted,
        **reps,
    )
    return draft, found


def _partner(line: Line, company: Company, found: Findings) -> PartnerDraft:
    business = found.value("is_business", yes_or_no, line["is_business"], True, otherwise=True)
    return PartnerDraft(
        name=line["name"],
        country=line["country"],
        legal_name=line["legal_name"],
        vat_id=line["vat_id"],
        registration_id=line["registration_id"],
        language=line["language"].lower() or company.language,
        is_business=business,
        addresses=_addresses(line),
        contacts=_contacts(line),
        bank_accounts=[BankAccountDraft(line["iban"], line["bic"])] if line["iban"] else [],
    )


def _addresses(line: Line) -> list[AddressDraft]:
    found = []
    if line["street"] or line["city"] or line["postcode"]:
        found.append(
            AddressDraft(
                line["street"], line["city"], postcode=line["postcode"], street2=line["street2"]
            )
        )
    if line["shipping_street"] or line["shipping_city"]:
        street, city = line["shipping_street"], line["shipping_city"]
        found.append(
            AddressDraft(street, city, postcode=line["shipping_postcode"], purpose="shipping")
        )
    return found


def _contacts(line: Line) -> list[ContactDraft]:
    purposes = {
        "email": Contact.Purpose.INVOICES,
        "orders_email": Contact.Purpose.ORDERS,
        "reminders_email": Contact.Purpose.DUNNING,
    }
    return [
        ContactDraft(line[column], line["contact"], line["phone"], purpose)
        for column, purpose in purposes.items()
        if line[column]
    ]


def _limit(text: str, money: str) -> Decimal:
    return parse_amount(text, money)


def yes_or_no(text: str, usual: bool) -> bool:
    """What people write for yes and no; nothing means the usual."""
    bare = text.strip().lower()
    if not bare:
        return usual
    if bare in YES | NO:
        return bare in YES
    raise Refused(
        "partners.yes_or_no", _("“%(text)s” is neither yes nor no.") % {"text": text[:20]}
    )


def _people(company: Company, lines: Iterable[Line]) -> dict[str, int]:
    """People of the company by mail address, those that the lines name."""
    wanted = {line[name].lower() for line in lines for name in ("sales_rep", "collector")} - {""}
    rows = Membership.objects.filter(company=company, user__email__in=wanted)
    return dict(rows.values_list("user__email", "user_id")) if wanted else {}


def _person(email: str, people: Mapping[str, int]) -> int | None:
    if not email:
        return None
    if email.lower() not in people:
        rule = _("“%(email)s” is nobody's login in this company. Write a mail address of one.")
        raise Refused("partners.no_member", rule % {"email": email[:60]})
    return people[email.lower()]


def _alike(company: Company, drafts: Sequence[CustomerDraft]) -> dict[int, Refused]:
    """Lines that say only a name, and one that is there already or stands above in the file."""
    bare = {
        place: draft.partner.name.upper()
        for place, draft in enumerate(drafts)
        if not draft.number and not draft.partner.vat_id and draft.partner.name
    }
    rows = Customer.objects.filter(company=company).annotate(upper=Upper("partner__name"))
    known = dict(rows.filter(upper__in=bare.values()).values_list("upper", "number"))
    found: dict[int, Refused] = {}
    above: set[str] = set()
    for place, name in bare.items():
        if name in known or name in above:
            rule = _(
                "There is a customer of that name already (%(number)s). If this is another one, "
                "give it a number or its VAT number; else remove the line."
            )
            number = known.get(name, _("in a line above"))
            found[place] = Refused("partners.alike", rule % {"number": number}, field="name")
        above.add(name)
    return found
