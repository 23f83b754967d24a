"""`manage.py found`: the first company of a server, and the one who gives its roles."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.models import Company, Event, Membership
from ledger.models import Period
from partners.models import PaymentTerms
from tests import cast
from users.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def found(slug="nordwind", **other):
    said = {
        "country": "de", "currency": "EUR", "time_zone": "Europe/Berlin", "year_starts": 4,
        "admin": "Ada@Nordwind.example", "admin_name": "Ada Novak", **other,
    }  # fmt: skip
    words = StringIO()
    call_command("found", slug, "Nordwind GmbH", stdout=words, **said)
    return words.getvalue()


def test_a_company_with_books_terms_and_an_administrator():
    found()
    company = Company.objects.get()
    assert (company.legal_name, company.country, company.currency) == ("Nordwind GmbH", "DE", "EUR")
    year = company.fiscal_year(clock.today(company))
    first = Period.objects.filter(company=company).earliest("starts_on")
    assert first.starts_on == date(year - 1, 4, 1)
    assert PaymentTerms.objects.filter(company=company, code="NET30").exists()
    assert [str(row) for row in Membership.objects.all()] == ["Ada Novak: User administrator"]
    verbs = ["company.founded", "books.set_up", "terms.added", "role.given"]
    assert list(dict.fromkeys(Event.objects.order_by("pk").values_list("verb", flat=True))) == verbs


def test_the_link_sets_the_password_and_that_lets_in(client):
    link = found().split()[-1]
    assert link.startswith("http://localhost:8000/accounts/password/reset/key/")
    path = link.removeprefix("http://localhost:8000")
    form = client.get(path, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/accounts/login/", {"login": "ada@nordwind.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get(name="Ada Novak").pk)
    assert client.get("/nordwind/people/").status_code == 200


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"slug": "admin"}, "company_slug_is_free"),
        ({"slug": "Nord Wind"}, "letters, numbers, underscores or hyphens"),
        ({"country": "Germany"}, "“Germany” is no country code."),
        ({"currency": "EURO"}, "“EURO” is no currency code."),
        ({"time_zone": "Berlin"}, "“Berlin” is no time zone."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_founded(other, words):
    with pytest.raises(CommandError, match=words):
        found(**other)
    assert not Company.objects.exists()


def test_a_company_that_has_people_is_not_founded_again():
    found()
    with pytest.raises(CommandError, match="Nordwind GmbH is founded already"):
        found(admin="eve@nordwind.example", admin_name="Eve")
    assert Membership.objects.count() == 1


def test_what_was_interrupted_is_completed():
    cast.member(cast.bare_company(), "controller", "Nina Berg")
    known = User.objects.get(name="Nina Berg")
    with pytest.raises(CommandError, match="belongs to Nina Berg"):
        found(admin=known.email)
    said = found(admin=known.email, admin_name="Nina Berg")
    company = Company.objects.get(slug="nordwind")
    assert said.split()[-1] == "http://localhost:8000/accounts/login/"
    assert [row.user for row in Membership.objects.filter(company=company)] == [known]
