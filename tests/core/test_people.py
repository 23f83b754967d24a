"""Giving and taking roles."""

import pytest

from core.models import Event, Membership
from core.people import give_role, reset_second_factors, take_roles
from core.refusals import Refused
from core.roles import Role
from tests import cast
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return cast.bare_company(language="de")


@pytest.fixture
def admin(company):
    return cast.member(company, Role.USER_ADMIN, "Uma Rao")


def give(company, by, **wanted):
    asked = {"email": "Nina@Example.com", "name": "Nina Holm", "role": Role.AR_CLERK, **wanted}
    return give_role(company, **asked, by=by)


def roles_of(person, company):
    rows = Membership.objects.filter(user=person, company=company)
    return set(rows.values_list("role", flat=True))


def test_a_new_person_is_let_in_without_a_password(company, admin):
    given = give(company, admin)
    person = User.objects.get(email="nina@example.com")
    assert given.user == person
    assert person.name == "Nina Holm"
    assert person.language == "en"
    assert not person.has_usable_password()
    assert roles_of(person, company) == {"ar_clerk"}


@pytest.mark.parametrize("typed", ["", "nina  berg"])
def test_somebody_known_keeps_the_name_and_gets_one_more_role(company, admin, typed):
    known = cast.member(company, Role.COLLECTOR, "Nina Berg")
    give(company, admin, email=known.email.upper(), name=typed)
    known.refresh_from_db()
    assert known.name == "Nina Berg"
    assert roles_of(known, company) == {"collector", "ar_clerk"}


def test_an_address_of_somebody_else_than_named_is_refused(company, admin):
    rep = cast.member(company, Role.SALES_REP, "Ravi Sharma")
    with pytest.raises(Refused) as refused:
        give(company, admin, email=rep.email, name="The new CFO", role=Role.CONTROLLER)
    assert refused.value.code == "people.other_name"
    assert refused.value.message == (
        f"{rep.email} belongs to Ravi Sharma. If that person is meant, enter no name."
    )
    assert roles_of(rep, company) == {"sales_rep"}


def test_giving_leaves_an_event_without_personal_data(company, admin):
    given = give(company, admin)
    event = Event.objects.get(verb="role.given")
    assert event.facts == {"role": "ar_clerk"}
    assert event.by == admin
    assert given.user_id in _subjects(event, "person")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [({"name": " "}, "people.name_missing"), ({"email": "own"}, "people.own_role")],
)
def test_what_cannot_be_given(company, admin, wanted, code):
    if wanted.get("email") == "own":
        wanted = {"email": admin.email}
    with pytest.raises(Refused) as refused:
        give(company, admin, **wanted)
    assert refused.value.code == code
    assert Membership.objects.count() == 1


def test_the_same_role_is_not_given_twice(company, admin):
    give(company, admin)
    with pytest.raises(Refused) as refused:
        give(company, admin)
    assert refused.value.code == "people.role_given"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPANY_ADMIN, Role.CONTROLLER])
def test_only_a_user_administrator_gives_and_takes(company, admin, role):
    someone = cast.member(company, role)
    with pytest.raises(Refused) as refused:
        give(company, someone)
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused):
        take_roles(company, [Membership.objects.get(user=admin).pk], by=someone)


def test_an_administrator_of_another_company_takes_nothing(company, admin):
    stranger = cast.member(cast.bare_company(), Role.USER_ADMIN)
    with pytest.raises(Refused) as refused:
        take_roles(company, [Membership.objects.get(user=admin).pk], by=stranger)
    assert refused.value.code == "not_allowed"


def test_taken_roles_are_gone_at_once(company, admin):
    person = give(company, admin).user
    other = give(company, admin, role=Role.COLLECTOR)
    take_roles(company, [other.pk], by=admin)
    assert roles_of(person, company) == {"ar_clerk"}
    assert Event.objects.get(verb="role.taken").facts == {"role": "collector"}


def test_nobody_takes_an_own_role(company, admin):
    cast.member(company, Role.USER_ADMIN)
    with pytest.raises(Refused) as refused:
        take_roles(company, [Membership.objects.get(user=admin).pk], by=admin)
    assert refused.value.code == "people.own_role"


def test_the_last_user_administrator_stays(company, admin):
    with pytest.raises(Refused) as refused:
        take_roles(company, [Membership.objects.get(user=admin).pk], by=cast.system())
    assert refused.value.code == "people.last_user_admin"
    assert roles_of(admin, company) == {"user_admin"}


def test_a_set_with_one_that_may_not_go_changes_nothing(company, admin):
    person = give(company, admin)
    own = Membership.objects.get(user=admin)
    with pytest.raises(Refused):
        take_roles(company, [person.pk, own.pk], by=admin)
    assert Membership.objects.filter(pk=person.pk).exists()


def test_nobody_resets_the_factor_of_who_works_elsewhere_too(company, admin):
    """Giving somebody a role here must not be the way to weaken the login there."""
    person = cast.member(cast.bare_company(name="Albion"), Role.CONTROLLER)
    give(company, admin, email=person.email, name="")
    with pytest.raises(Refused) as refused:
        reset_second_factors(company, [person.pk], by=admin)
    assert refused.value.code == "people.elsewhere"


def test_nobody_resets_their_own_factor(company, admin):
    with pytest.raises(Refused) as refused:
        reset_second_factors(company, [admin.pk], by=admin)
    assert refused.value.code == "people.own_factor"


def _subjects(event, kind):
    from core.models import EventSubject

    rows = EventSubject.objects.filter(event_id=event.pk, kind=kind)
    return list(rows.values_list("subject_id", flat=True))
