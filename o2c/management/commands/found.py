"""The first company of a server, or a further one: `manage.py found nordwind "Nordwind GmbH" …`."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urljoin
from zoneinfo import available_timezones

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from core import checks, clock
from core.checks import country
from core.companies import found_company
from core.models import Company, Membership
from core.people import give_role
from core.refusals import Refused
from core.roles import Role
from ledger.actions import set_up_books
from ledger.models import Account
from partners.actions import add_terms
from partners.models import PaymentTerms
from partners.terms import standard
from users.models import User


class Command(BaseCommand):
    """Founds a company with its books, and lets in its first user administrator."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name, the first word of its addresses")
        parser.add_argument("legal_name", help="registered name")
        parser.add_argument("--country", required=True, help="two letters, such as DE")
        parser.add_argument("--currency", required=True, help="of its books, such as EUR")
        parser.add_argument("--time-zone", required=True, help="such as Europe/Berlin")
        parser.add_argument(
            "--year-starts",
            type=int,
            choices=range(1, 13),
            default=1,
            metavar="MONTH",
            help="first month of its fiscal year, 1 unless said otherwise",
        )
        parser.add_argument("--admin", required=True, help="e-mail address of the administrator")
        parser.add_argument("--admin-name", required=True, help="the administrator's name")

    def handle(self, *_args: Any, **said: Any) -> None:
        by = User.objects.system()
        try:
            company = Company.objects.filter(slug=said["slug"]).first()
            if company and Membership.objects.filter(company=company).exists():
                raise Refused("found.already", f"{company} is founded already.")
            company = company or found_company(fields_of(said), by=by)
            furnish(company, by=by)
            admin = give_role(
                company, email=said["admin"], name=said["admin_name"], role=Role.USER_ADMIN, by=by
            ).user
        except Refused as problem:
            raise CommandError(problem.message) from None
        self.stdout.write(f"{company} is founded. {admin} gives the roles, and logs in first with:")
        self.stdout.write(first_login(admin))


def fields_of(said: dict[str, Any]) -> dict[str, str | int]:
    """What a new company begins with; the rest of its data its administrator fills in."""
    return {
        "slug": said["slug"],
        "name": said["legal_name"],
        "legal_name": said["legal_name"],
        "country": country(said["country"]),
        "currency": checks.currency(said["currency"]),
        "time_zone": time_zone(said["time_zone"]),
        "fiscal_year_start": said["year_starts"],
    }


def time_zone(name: str) -> str:
    if name not in available_timezones():
        raise Refused("found.time_zone", f"“{name}” is no time zone. Write one like Europe/Berlin.")
    return name


def furnish(company: Company, *, by: User) -> None:
    """Books from this fiscal year on, and the usual terms; what an interrupted start left out."""
    year = company.fiscal_year(clock.today(company))
    if not Account.objects.filter(company=company).exists():
        set_up_books(company, by=by, first_year=year)
    if not PaymentTerms.objects.filter(company=company).exists():
        add_terms(company, standard(company.language), by=by)


def first_login(person: User) -> str:
    """Where somebody sets a password, or how one who has one logs in. Good for three days."""
    if person.has_usable_password():
        return urljoin(settings.PUBLIC_URL, reverse("account_login"))
    key = [user_pk_to_url_str(person), default_token_generator.make_token(person)]
    return urljoin(settings.PUBLIC_URL, reverse("account_reset_password_from_key", args=key))
