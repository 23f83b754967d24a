"""The people and companies of the tests. Everyone is known by name and duty.

`make_company()` founds a company with books, periods and taxes, whose years are open from
`FIRST_YEAR` to the one after this: the tests pass on any day. Each person of the cast belongs
to the company that is passed in, `stranger()` to none.
"""

from itertools import count

from core import clock, jobs
from core.actions import action
from core.models import Company, Job, Membership
from core.roles import Role
from users.models import User

_numbers = count(1)
PASSWORD = "correct horse battery staple"
FIRST_YEAR = 2025  # in which the tests that name a day begin


def system() -> User:
    """The program itself."""
    return User.objects.system()


def make_company(slug: str = "", **fields: object) -> Company:
    """A German company with books set up, unless `country` and `currency` say otherwise."""
    from ledger.actions import set_up_books

    company = bare_company(slug, **fields)
    years = clock.today(company).year - FIRST_YEAR + 2  # next year too, in whatever year this is
    set_up_books(company, by=system(), first_year=FIRST_YEAR, years=years)
    return company


def bare_company(slug: str = "", **fields: object) -> Company:
    """A company that keeps no books yet."""
    slug = slug or f"c{next(_numbers)}"
    defaults = {
        "name": "Nordwind",
        "legal_name": "Nordwind GmbH",
        "street": "Hafenstr. 1",
        "postcode": "20457",
        "city": "Hamburg",
        "country": "DE",
        "vat_id": "DE136695976",
        "email": "invoices@nordwind.example",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    }
    return Company.objects.create(slug=slug, **{**defaults, **fields})


def member(company: Company, role: Role, name: str = "") -> User:
    """Somebody with one role in one company."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"{role}{number}@example.com", PASSWORD, name=name or str(role.label)
    )
    give(user, company, role)
    return user


def give(user: User, company: Company, role: Role) -> None:
    """One more role for somebody who is there."""
    Membership.objects.create(user=user, company=company, role=role, created_at=clock.now())


def stranger() -> User:
    """Someone with a login and no business here."""
    return User.objects.create_user(f"stranger{next(_numbers)}@example.com", PASSWORD, name="Eve")


def sales_rep(company: Company) -> User:
    return member(company, Role.SALES_REP, "Ravi Sharma")


def sales_manager(company: Company) -> User:
    return member(company, Role.SALES_MANAGER, "Sofia Lindgren")


def warehouse_hand(company: Company) -> User:
    return member(company, Role.WAREHOUSE, "Walter Haas")


def accountant(company: Company) -> User:
    """The accounts receivable clerk."""
    return member(company, Role.AR_CLERK, "Anna Berg")


def credit_controller(company: Company) -> User:
    return member(company, Role.CREDIT_CONTROLLER, "Carlos Mendes")


def treasurer(company: Company) -> User:
    return member(company, Role.TREASURER, "Tamar Levi")


def controller(company: Company) -> User:
    return member(company, Role.CONTROLLER, "Clara Okafor")


def auditor(company: Company) -> User:
    return member(company, Role.AUDITOR, "Aude Martin")


def company_admin(company: Company) -> User:
    return member(company, Role.COMPANY_ADMIN, "Ada Novak")


def start_job(company: Company, title: str, total: int, *, by: User) -> Job:
    """A run over so many rows that nobody follows."""
    return action(jobs.start_job)(company, title, range(total), verb="job.started", by=by)
