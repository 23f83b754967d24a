"""Customers from a spreadsheet: each line becomes a draft and what speaks against it."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from core import clock
from core.models import Company, Membership
from core.money import ZERO
from core.refusals import Refused
from core.spreadsheets import Cells, Line, parse_amount, parse_yes
from core.spreadsheets.imports import Checked
from partners.drafts import (
    AddressDraft,
    BankAccountDraft,
    ContactDraft,
    CustomerDraft,
    PartnerDraft,
)
from partners.models import Contact, Customer, PaymentTerms
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


def check_customers(company: Company, lines: Sequence[Line], by: User) -> Checked[CustomerDraft]:
    """What the lines would open, and every mistake in them; a handful of statements."""
    people = _people(company, lines)
    cells = [Cells(line) for line in lines]
    drafts = [_read(each, company, people) for each in cells]
    checked, _known, wrong = examine_customers(company, drafts, by)
    alike = _alike(company, checked)
    for place, each in enumerate(cells):
        each.tell(wrong.get(place, ()), COLUMNS, "name")
        if place in alike and not each.problems:
            each.tell([alike[place]], COLUMNS, "name")
    return Checked(
        drafts,
        [problem for each in cells for problem in each.problems],
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


def _read(cells: Cells, company: Company, people: Mapping[str, int]) -> CustomerDraft:
    """One line as a draft; what could not be read takes its usual value meanwhile."""
    line = cells.line
    money = line["currency"].upper() or company.currency
    limit = cells.read_if_any("credit_limit", lambda text: parse_amount(text, money), ZERO)
    reps = {
        f"{name}_id": cells.read_if_any(name, lambda email: _person(email, people), None)
        for name in ("sales_rep", "collector")
    }
    wanted = cells.read_if_any("po_number_required", parse_yes, False)
    return CustomerDraft(
        _partner(cells, company),
        number=line["number"],
        currency=line["currency"],
        terms=line["terms"].upper() or "NET30",
        credit_limit=limit,
        credit_with=line["credit_with"],
        po_number_required=wanted,
        **reps,
    )


def _partner(cells: Cells, company: Company) -> PartnerDraft:
    line, business = cells.line, cells.read_if_any("is_business", parse_yes, True)
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


def _people(company: Company, lines: Iterable[Line]) -> dict[str, int]:
    """People of the company by mail address, those that the lines name."""
    wanted = {line[name].lower() for line in lines for name in ("sales_rep", "collector")} - {""}
    rows = Membership.objects.filter(company=company, user__email__in=wanted)
    return dict(rows.values_list("user__email", "user_id")) if wanted else {}


def _person(email: str, people: Mapping[str, int]) -> int:
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


def example_customers(company: Company) -> list[dict[str, str]]:
    """Two customers that nobody has, with terms the company knows."""
    terms = PaymentTerms.objects.filter(company=company, archived_at=None).order_by("code").first()
    code = terms.code if terms else "NET30"
    stamp = f"{clock.now():%y%m%d%H%M%S}"
    return [
        {"name": f"{name} {stamp}", "country": company.country, "currency": company.currency,
         "terms": code, "street": "Market Street 1",
         "postcode": "10115", "city": "Berlin", "email": f"invoices-{n}-{stamp}@customer.example"}
        for n, name in enumerate(("Example Joinery", "Example Metalworks"), 1)
    ]  # fmt: skip
