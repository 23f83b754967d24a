"""Who has which role in a company: giving roles, taking them, letting a new person in."""

from collections.abc import Sequence
from smtplib import SMTPException

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import clock
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.locks import lock
from core.models import Company, Event, EventSubject, Membership, rights
from core.refusals import Refused
from core.roles import Role
from users.models import User


def memberships(user: User) -> "QuerySet[Membership]":
    """The roles of people in the companies where `user` may see them."""
    rows = Membership.objects.select_related("user", "company")
    granted = rights(user)
    return rows if granted.everything else rows.filter(company__in=granted.companies("core.people"))


def members(user: User, company: Company) -> "QuerySet[User]":
    """People who have or had a role in the company: their `roles`, and `since` when.

    Who has none any more stays findable, so that a role can be given back.
    """
    theirs = memberships(user).filter(company=company, user=OuterRef("pk")).order_by("created_at")
    roles, since = ArraySubquery(theirs.values("role")), Subquery(theirs.values("created_at")[:1])
    taken = Event.objects.filter(company=company, verb="role.taken").values("pk")
    left = EventSubject.objects.filter(
        kind="person", subject_id=OuterRef("pk"), event_id__in=taken
    ).values("pk")
    known = User.objects.filter(Exists(theirs) | Exists(left))
    return known.annotate(roles=roles, since=since)


def sets_password_first(person: User) -> bool:
    """Whether the person was let in and has never set a password."""
    return person.is_active and not person.has_usable_password()


def invite(person: User, request: HttpRequest) -> bool:
    """Mails the link that sets the password, as "Forgot your password?" does; whether it went."""
    form = ResetPasswordForm({"email": person.email})
    if not form.is_valid():
        return False
    try:
        form.save(request)
    except (SMTPException, OSError):
        return False
    return True


@action
def give_role(company: Company, *, email: str, name: str, role: Role, by: User) -> Membership:
    """Gives a role to the person with this address, whose login is made when there is none yet.

    A new person has no password; the link that `invite` mails sets one.
    """
    rights(by).require("core.give_roles", company.pk)
    lock(Company.objects.filter(pk=company.pk))
    address = email.strip().lower()
    person = User.objects.filter(email=address).first()
    if person is None:
        if not name.strip():
            raise Refused("people.name_missing", _("Nobody has this address yet. Add the name."))
        person = User.objects.create_user(address, name=name.strip())
    _refuse_own(person, by)
    _refuse_other_name(person, name)
    if Membership.objects.filter(user=person, company=company, role=role).exists():
        words = _("%(person)s has the role %(role)s already.")
        raise Refused("people.role_given", words % {"person": person, "role": role.label})
    given = Membership.objects.create(
        user=person, company=company, role=role, created_at=clock.now()
    )
    _record(company, "role.given", [given], by)
    return given


@action
def take_roles(company: Company, ids: list[int], *, by: User) -> list[Membership]:
    """Takes roles away; the company keeps at least one user administrator."""
    rights(by).require("core.give_roles", company.pk)
    lock(Company.objects.filter(pk=company.pk))
    taken = list(memberships(by).filter(company=company, pk__in=ids).order_by("pk"))
    if len(taken) != len(set(ids)):
        raise Refused("people.gone", _("One of these roles is gone already. Reload the list."))
    for membership in taken:
        _refuse_own(membership.user, by)
    _refuse_without_user_admin(company, ids)
    _record(company, "role.taken", taken, by)
    Membership.objects.filter(pk__in=ids).delete()
    return []


@action
def reset_second_factors(company: Company, ids: list[int], *, by: User) -> list[User]:
    """Forgets the second factors of people who lost theirs; each sets up a new one.

    A login is one for all companies, so it takes the right in each in which the person has a role.
    """
    rights(by).require("core.give_roles", company.pk)
    people = list(lock(members(by, company).filter(pk__in=ids)))
    for refusal in not_to_reset(people, by).values():
        raise refusal
    Authenticator.objects.filter(user__in=people).delete()
    happened = [Fact([("company", company.pk), ("person", person.pk)]) for person in people]
    record(company, "person.second_factor_reset", happened, by=by)
    return people


def not_to_reset(people: Sequence[User], by: User) -> dict[int, Refused]:
    """Why `by` may not reset the second factors of people, by id; in one statement."""
    here = rights(by).companies("core.give_roles")
    others = Membership.objects.filter(user__in=people).exclude(company__in=here)
    elsewhere = set(others.values_list("user", flat=True))
    words = _("%(person)s works in another company too. A user administrator of both resets it.")
    refused = {}
    for person in people:
        if person == by:
            text = _("Nobody resets their own second factor.")
            refused[person.pk] = Refused("people.own_factor", text)
        elif not rights(by).everything and (person.is_superuser or person.pk in elsewhere):
            refused[person.pk] = Refused("people.elsewhere", words % {"person": person})
    return refused


def _refuse_other_name(person: User, name: str) -> None:
    """An address that somebody else has is a slip, or a trap."""
    typed, known = " ".join(name.split()), " ".join(person.name.split())
    if typed and typed.casefold() != known.casefold():
        words = _("%(address)s belongs to %(person)s. If that person is meant, enter no name.")
        raise Refused("people.other_name", words % {"address": person.email, "person": person})


def _refuse_own(person: User, by: User) -> None:
    if person == by:
        words = _("Nobody changes their own roles. Another user administrator can do this.")
        raise Refused("people.own_role", words)


def _refuse_without_user_admin(company: Company, leaving: list[int]) -> None:
    admins = Membership.objects.filter(company=company, role=Role.USER_ADMIN, user__is_active=True)
    if admins.filter(pk__in=leaving).exists() and not admins.exclude(pk__in=leaving).exists():
        words = _(
            "A company keeps at least one user administrator. Give the role to another first."
        )
        raise Refused("people.last_user_admin", words)


@inside_transaction
def _record(company: Company, verb: str, changed: list[Membership], by: User) -> None:
    happened = [
        Fact([("company", company.pk), ("person", row.user_id)], {"role": row.role})
        for row in changed
    ]
    record(company, verb, happened, by=by)
