"""The three companies of the demo and the people who work there."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from core import clock
from core.actions import action
from core.companies import found_company
from core.models import Company, Membership
from core.roles import Role
from users.models import User

PASSWORD = "demo"
DOMAIN = "demo.example"

COMPANIES: tuple[dict[str, str], ...] = (
    {
        "slug": "nordwind",
        "name": "Nordwind",
        "legal_name": "Nordwind Werkzeuge GmbH",
        "street": "Am Sandtorkai 12",
        "postcode": "20457",
        "city": "Hamburg",
        "country": "DE",
        "vat_id": "DE136695976",
        "registration_id": "HRB 104512",
        "phone": "+49 40 555 0112",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
    },
    {
        "slug": "rive",
        "name": "Rive",
        "legal_name": "Rive Outillage SAS",
        "street": "18 quai Perrache",
        "postcode": "69002",
        "city": "Lyon",
        "country": "FR",
        "vat_id": "FR40303265045",
        "registration_id": "RCS Lyon 303 265 045",
        "phone": "+33 4 55 50 01 18",
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/Paris",
    },
    {
        "slug": "harbour",
        "name": "Harbour",
        "legal_name": "Harbour Tools Ltd",
        "street": "7 Redcliff Backs",
        "postcode": "BS1 6LY",
        "city": "Bristol",
        "country": "GB",
        "vat_id": "GB980780684",
        "registration_id": "Company no. 04512867",
        "phone": "+44 117 555 0170",
        "currency": "GBP",
        "language": "en",
        "time_zone": "Europe/London",
    },
)


# Own accounts: company → currency → IBAN.
BANKS = {
    "nordwind": {"EUR": "DE89370400440532013000", "GBP": "DE75512108001245126199"},
    "rive": {"EUR": "FR1420041010050500013M02606"},
    "harbour": {"GBP": "GB29NWBK60161331926819"},
}


@dataclass(frozen=True)
class Person:
    """Somebody of the demo: one login, one role in every company unless said otherwise."""

    role: Role
    name: str
    companies: tuple[str, ...] = tuple(company["slug"] for company in COMPANIES)

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"


PEOPLE = (
    Person(Role.SALES_REP, "Ravi Sharma"),
    Person(Role.SALES_REP, "Greta Lund"),
    Person(Role.SALES_MANAGER, "Sofia Lindgren"),
    Person(Role.WAREHOUSE, "Walter Haas"),
    Person(Role.AR_CLERK, "Anna Berg"),
    Person(Role.CREDIT_CONTROLLER, "Carlos Mendes"),
    Person(Role.COLLECTOR, "Chiara Conti"),
    Person(Role.AP_CLERK, "Pavel Dvorak"),
    Person(Role.BUYER, "Beatriz Costa"),
    Person(Role.TREASURER, "Tomas Varga"),
    Person(Role.CONTROLLER, "Clara Okafor"),
    Person(Role.AUDITOR, "Aude Martin"),
    Person(Role.EXECUTIVE, "Elena Petrova"),
    Person(Role.COMPANY_ADMIN, "Ada Novak"),
    Person(Role.USER_ADMIN, "Ulf Jansen"),
)


def logins() -> list[tuple[str, str, str]]:
    """Role, address and password of one login per role."""
    first = {person.role: person for person in reversed(PEOPLE)}
    return [(str(role.label), first[role].email, PASSWORD) for role in Role]


def found_companies(*, by: User) -> list[Company]:
    """The companies; their books are set up by the ledger."""
    return [
        found_company({**fields, "email": f"invoices@{fields['slug']}.example"}, by=by)
        for fields in COMPANIES
    ]


@action
def hire_people(companies: list[Company], *, by: User) -> list[User]:
    """Writes the people and their roles."""
    by_slug = {company.slug: company for company in companies}
    hashed = make_password(PASSWORD)  # once: a hash is slow on purpose
    hired = []
    for person in PEOPLE:
        user = User.objects.create(email=person.email, name=person.name, password=hashed)
        Membership.objects.bulk_create(
            Membership(user=user, company=by_slug[slug], role=person.role, created_at=clock.now())
            for slug in person.companies
        )
        hired.append(user)
    return hired


def first_day(today: date) -> date:
    """The Monday two years before the last working week that is over."""
    over = today - timedelta(days=5)
    return over - timedelta(days=over.weekday(), weeks=103)
